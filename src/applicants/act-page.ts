import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { FieldProblem } from '../http/http.ts';
import { appealLimit, possible, refusal, transition } from '../registrations/registrations.ts';
import { addresses } from './addresses.ts';
import { actOf, fileActOf } from './file-acts.ts';
import type { FileAct } from './file-acts.ts';
import type { ApplicantNeeds } from './needs.ts';
import { seenIn, whatHappened } from './seen.ts';
import { seeOther, visit, wasLost } from './visit.ts';
import type { Visit } from './visit.ts';

/** What people write, in characters: the room of registrations takes no more. */
export const longestText = 10_000;

const done: Readonly<Record<FileAct['act'], string>> = {
  withdraw_request: 'retrait',
  ask_motives: 'motifs',
  answer_notice: 'observations',
  appeal: 'recours',
};

interface Where {
  readonly id: string | undefined;
  readonly page: string;
  readonly service: string | undefined;
}

interface Told {
  readonly text: string;
  readonly errors: readonly FieldProblem[];
  readonly meanwhile?: readonly { readonly words: string }[];
  readonly status: number;
}

/** @returns undefined for what is no act of an applicant: the address does not exist */
function known({ page, service }: Where): FileAct | undefined {
  const found = fileActOf(page);
  return (found?.act === 'withdraw_request') === (service === undefined) ? found : undefined;
}

export async function showAct(ctx: Context, where: Where, needs: ApplicantNeeds): Promise<void> {
  const act = known(where);
  if (act === undefined) return;
  const here = await visit(ctx, needs, where.id);
  if (here === undefined) return;
  assertPossible(here, act, where.service, needs);
  show(ctx, here, { act, service: where.service }, needs, { text: '', errors: [], status: 200 });
}

/**
 * @throws BrokerError what the lifecycle would refuse: an appeal out of time (M-FILE-007), an act out of place (003); 075
 * for who acts for the organization no more
 */
function assertPossible(
  { opened, actor }: Visit,
  { act }: FileAct,
  service: string | undefined,
  { clock }: ApplicantNeeds,
): void {
  const { file, circumstances, senderRevoked } = opened;
  if (senderRevoked === true) throw new BrokerError('M-FILE-075', { detail: file.id });
  const now = clock();
  if (possible(file, actor, now, circumstances).some((one) => one.act === act && one.service === service))
    return;
  const outcome = transition(file, { actor, act: actOf(act, service ?? '', 'x'), at: now }, circumstances);
  throw refusal(outcome.kind === 'refused' ? outcome.because : 'not_possible', file.id, act);
}

/** Does it. A page that is out of date comes back as it is now, with what was written in it. */
export async function doAct(ctx: Context, where: Where, needs: ApplicantNeeds): Promise<void> {
  const act = known(where);
  if (act === undefined) return;
  const { service } = where;
  const at = addresses(needs.basePath);
  const path = service === undefined ? act.page : `${act.page}/${encodeURIComponent(service)}`;
  const here = await visit(ctx, needs, where.id, at.page(where.id ?? '', path));
  if (here === undefined) return;
  const form = await readForm(ctx, '512kb');
  const text = (form.get('text') ?? '').trim();
  const again = (told: Omit<Told, 'text'>, now = here) =>
    show(ctx, now, { act, service }, needs, { text, ...told });
  if (act.writes && (text === '' || text.length > longestText)) {
    const words = text === '' ? 'text_missing' : 'text_too_long';
    again({ errors: [{ field: 'text', words }], status: 422 });
    return;
  }
  const { id, version } = here.opened.file;
  const meanwhile = whatHappened(here.opened, seenIn(form));
  if (meanwhile.length > 0) {
    assertPossible(here, act, service, needs);
    again({ errors: [], meanwhile, status: 409 });
    return;
  }
  try {
    await needs.registrations.act({
      id,
      seen: version,
      actor: here.actor,
      act: actOf(act.act, service ?? '', text),
    });
  } catch (error) {
    const now =
      error instanceof BrokerError && error.code === 'M-FILE-002' ? await visit(ctx, needs, id) : undefined;
    if (now === undefined) throw error;
    assertPossible(now, act, service, needs);
    again({ errors: [], meanwhile: whatHappened(now.opened, version), status: 409 }, now);
    return;
  }
  seeOther(ctx, `${at.file(id)}?fait=${done[act.act]}`);
}

function show(
  ctx: Context,
  { opened }: Visit,
  { act, service }: { readonly act: FileAct; readonly service: string | undefined },
  { http, basePath, snapshot }: ApplicantNeeds,
  { text, errors, meanwhile, status }: Told,
): void {
  const { file, circumstances } = opened;
  const at = addresses(basePath);
  const request = file.requests.find((one) => one.service === service);
  const appealed = act.act === 'appeal' && request !== undefined;
  http.renderPage(
    ctx,
    'applicants/act',
    {
      number: file.id,
      action: at.page(
        file.id,
        service === undefined ? act.page : `${act.page}/${encodeURIComponent(service)}`,
      ),
      seen: String(file.version),
      lost: wasLost(ctx),
      meanwhile,
      errors,
      text,
      backHref: at.file(file.id),
      act: act.act,
      service:
        service === undefined
          ? undefined
          : (snapshot().services.get(service)?.name[language(ctx)] ?? service),
      writes: act.writes,
      endsOn: appealed
        ? appealLimit(request, circumstances)
        : act.act === 'answer_notice'
          ? request?.notice?.answerBy
          : undefined,
    },
    { status, formsStayHere: true },
  );
}
