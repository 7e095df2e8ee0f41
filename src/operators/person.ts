import { Readable } from 'node:stream';
import { isOneself } from '../appointments/appointments.ts';
import { BrokerError } from '../errors/errors.ts';
import type { OperatorPersonPage } from '../http/http.ts';
import { partShown, personExportFormats } from '../personal-data/personal-data.ts';
import type { ErasurePlan, Person, WrittenRequest } from '../personal-data/personal-data.ts';
import { hasReason, personNamed, personsPath, textOf } from './person-form.ts';
import { nameOfOperator } from './person-list.ts';
import type { Asked } from './route.ts';

/** What a form of this page made of it: what is wrong, and what was typed. */
export interface ErasureTyped {
  readonly changed?: boolean;
  readonly problem?: 'motif';
  readonly typed?: string;
  readonly blockProblem?: 'motif';
  readonly blockTyped?: string;
}

/** What is kept of one person. Reading it is recorded, with the reason that was given. */
export async function showPerson(
  asked: Asked,
  { accountId, address }: Person,
  reason: string,
  typed: ErasureTyped = {},
): Promise<void> {
  const { ctx, me, needs } = asked;
  const { personalData, basePath, http } = needs;
  const person = { accountId, address };
  await personalData.recordReading(person, { actor: me.actor, reason });
  const here = `${basePath}${personsPath}`;
  const waiting = accountId === undefined ? undefined : await personalData.written.of(accountId);
  // What waits is confirmed as it was asked for, under the address of then.
  const plan =
    accountId === undefined || !me.mayAnywhere('person.erase')
      ? undefined
      : await personalData.plan({ accountId, address: waiting === undefined ? address : waiting.address });
  const block =
    accountId === undefined || !me.mayAnywhere('person.block')
      ? undefined
      : await needs.blocking.of(accountId);
  const model: OperatorPersonPage = {
    console: needs.frame(me, 'persons'),
    account: accountId,
    address,
    reason,
    parts: (await personalData.read(person)).map(partShown),
    exportAction: `${here}/copie`,
    backHref: here,
    block: block && {
      action: `${here}/bloquer`,
      blockedAt: block.blockedAt,
      because: block.reason,
      problem: typed.blockProblem,
      typed: typed.blockTyped ?? '',
    },
    erasure: plan === undefined ? undefined : erasureShown(asked, waiting, plan, typed),
  };
  http.renderPage(ctx, 'operator-person', model, {
    formsStayHere: true,
    languageHref: here,
    status: typed.changed === true ? 409 : (typed.problem ?? typed.blockProblem) === undefined ? 200 : 422,
  });
}

function erasureShown(
  { me, needs }: Asked,
  waiting: WrittenRequest | undefined,
  plan: ErasurePlan,
  { changed = false, problem, typed = '' }: ErasureTyped,
): OperatorPersonPage['erasure'] {
  const here = `${needs.basePath}${personsPath}/effacer`;
  return {
    plan,
    seen: plan.digest,
    refused: plan.refused !== undefined,
    changed,
    askAction: here,
    problem,
    typed,
    waiting: waiting && {
      id: waiting.id,
      reason: waiting.reason,
      address: waiting.address,
      askedBy: nameOfOperator(waiting.author.id, needs),
      askedAt: waiting.askedAt,
      mine: isOneself(me.operator, waiting.author),
      confirmAction: `${here}/confirmer`,
      dropAction: `${here}/abandonner`,
    },
  };
}

/** The copy that the person is owed, to be sent to them (GDPR art. 15(3)). */
export async function downloadPerson(asked: Asked): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const format = personExportFormats.find((one) => one === form.get('format'));
  const reason = textOf(form, 'motif');
  const person = await personNamed(asked);
  if (person === undefined || format === undefined || !hasReason(reason))
    throw new BrokerError('M-DATA-001', { detail: `${me.operator.id}: export of nobody` });
  const chunks = await needs.personalData.export(person, format, { actor: me.actor, reason });
  ctx.body = Readable.from(chunks);
  ctx.set({
    'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="donnees-personnelles.${format}"`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
}
