import type { Context } from 'koa';
import { isOneself, refusedRemoval } from '../appointments/appointments.ts';
import type { ListedOperator, Removal } from '../appointments/appointments.ts';
import type { Operator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { OperatorAppointmentPages } from '../http/http.ts';
import { cardPath, operatorName, operatorShown, proposalLine, proposalPath } from './appointed-words.ts';
import { personName } from './file-words.ts';
import { mayAnywhere } from './roles.ts';
import { listForm, listPage, parameter } from './route.ts';
import type { Asked, Route } from './route.ts';

const longestReason = 2000;

interface Card {
  readonly listed: Pick<ListedOperator, 'operator' | 'origin' | 'lastSignInAt' | 'since'>;
  readonly removal: Removal | undefined;
}

/** Of an operator, or of somebody who was removed. @throws BrokerError M-OPER-001 */
async function cardOf({ ctx, needs }: Asked): Promise<Card> {
  const id = parameter(ctx, 'id');
  const listed = (await needs.appointments.list()).find(({ operator }) => operator.id === id);
  if (listed !== undefined) return { listed, removal: undefined };
  const removal = (await needs.appointments.removals()).find(({ operator }) => operator.id === id);
  if (removal === undefined) throw new BrokerError('M-OPER-001', { detail: id.slice(0, 80) });
  const { operator, origin, removedAt: since } = removal;
  return { listed: { operator, origin, since, lastSignInAt: undefined }, removal };
}

/** `/operateur/operateurs/fiches/:id`. @param missing the reason that the form sent here lacks */
async function show(asked: Asked, missing?: 'retirer' | 'lever'): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const { listed, removal } = await cardOf(asked);
  const { operator, origin } = listed;
  const { basePath, appointments } = needs;
  const here = `${basePath}${cardPath(operator.id)}`;
  const self = isOneself(me.operator, operator);
  const reason = (form.get('motif') ?? '').slice(0, longestReason);
  const inFiles = origin === 'configuration';
  const all = (await appointments.list()).map((one) => one.operator);
  const manages = (one: Operator): boolean => mayAnywhere(one, 'operator.manage', me.today);
  const refused = removal === undefined ? refusedRemoval(operator, me.operator, all, manages) : undefined;
  const model: OperatorAppointmentPages['operator-card'] = {
    console: needs.frame(me, 'operators'),
    backHref: `${basePath}/operateur/operateurs`,
    name: operatorName(operator),
    shown: await operatorShown(listed, needs, { today: me.today, lang: language(ctx) }),
    siren: operator.organization_siren,
    email: operator.email,
    idp: needs.snapshot().identityProviders.get(operator.idp)?.name ?? operator.idp,
    subject: operator.subject,
    since: listed.since,
    proposals: (await appointments.proposals(operator.id)).map((one) => proposalLine(one, basePath)),
    changeHref: removal !== undefined || self || inFiles ? undefined : `${here}/modifier`,
    remove:
      removal !== undefined || refused !== undefined
        ? undefined
        : { action: `${here}/retirer`, reason, missing: missing === 'retirer' },
    self,
    lastOther: refused === 'M-OPER-009',
    removed: removal && { at: removal.removedAt, by: personName(removal.removedBy), reason: removal.reason },
    readmit:
      removal === undefined || self || !inFiles
        ? undefined
        : { action: `${here}/lever`, reason, missing: missing === 'lever' },
    appointHref:
      removal === undefined || self || inFiles
        ? undefined
        : `${basePath}/operateur/operateurs/nommer?${new URLSearchParams({ ancien: operator.id }).toString()}`,
  };
  needs.http.renderPage(ctx, 'operator-card', model, {
    formsStayHere: true,
    ...(missing !== undefined && { status: 422, languageHref: '' }),
  });
}

const reasonIn = (form: URLSearchParams): string | undefined => {
  const reason = (form.get('motif') ?? '').replaceAll('\r\n', '\n').trim();
  return reason === '' || reason.length > longestReason ? undefined : reason;
};

async function remove(asked: Asked): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const { listed, removal } = await cardOf(asked);
  if (removal !== undefined) throw new BrokerError('M-OPER-001', { detail: 'removed already' });
  const reason = reasonIn(form);
  if (reason === undefined) {
    await show(asked, 'retirer');
    return;
  }
  await needs.appointments.remove({ id: listed.operator.id, reason, person: me });
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}/operateur/operateurs?fait=retirer`);
}

async function readmit(asked: Asked): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const { listed, removal } = await cardOf(asked);
  if (removal?.origin !== 'configuration') throw new BrokerError('M-OPER-001', { detail: 'not removed' });
  const reason = reasonIn(form);
  if (reason === undefined) {
    await show(asked, 'lever');
    return;
  }
  const id = await needs.appointments.propose({
    kind: 'readmit',
    id: listed.operator.id,
    reason,
    person: me,
  });
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}${proposalPath(id)}?fait=proposer`);
}

const path = '/operateur/operateurs/fiches/:id';
const ofCard = (ctx: Context): string => cardPath(encodeURIComponent(parameter(ctx, 'id')));
const form = { action: 'operator.manage', sensitive: true, formPage: ofCard } as const;

export const cardRoutes: readonly Route[] = [
  listPage({ path, action: 'operator.manage', answer: (asked) => show(asked) }),
  listForm({ ...form, path: `${path}/retirer`, answer: remove }),
  listForm({ ...form, path: `${path}/lever`, answer: readmit }),
];
