import type { Context } from 'koa';
import type { ListedOperator } from '../appointments/appointments.ts';
import { isSameIdentity } from '../appointments/appointments.ts';
import { recordAccess } from '../audit/audit.ts';
import { wasRemoved } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { OperatorAppointmentPages } from '../http/http.ts';
import { readFields, writtenFields } from './appoint-fields.ts';
import type { FieldProblem } from './appoint-fields.ts';
import { cardPath, operatorName, proposalPath } from './appointed-words.ts';
import { listForm, listPage, parameter } from './route.ts';
import type { Asked, Route } from './route.ts';

type Page = OperatorAppointmentPages['operator-appoint'];
type Identity = Pick<Operator, 'idp' | 'subject'>;

const address = '/operateur/operateurs/nommer';

/** What the page shows beside what was typed. */
interface Around {
  readonly identity?: Identity | undefined;
  readonly changed?: ListedOperator | undefined;
  readonly typed: URLSearchParams;
  readonly problems?: readonly FieldProblem[];
  readonly stale?: boolean;
  readonly search?: { readonly typed: string; readonly found: NonNullable<Page['search']>['found'] };
}

/** People of providers that are declared and serve: nobody else could enter. */
const idpsOf = ({ needs }: Asked) =>
  [...needs.snapshot().identityProviders.values()].filter(({ enabled }) => enabled);

async function render(asked: Asked, around: Around): Promise<void> {
  const { ctx, me, needs } = asked;
  const { basePath, appointments } = needs;
  const { identity, changed, typed, problems = [], stale = false, search } = around;
  const value = (name: keyof Page['values']): string => (typed.get(name) ?? '').slice(0, 2000);
  const idp = identity && needs.snapshot().identityProviders.get(identity.idp);
  const list = `${basePath}/operateur/operateurs`;
  const model: Page = {
    console: needs.frame(me, 'operators'),
    backHref: changed === undefined ? list : `${basePath}${cardPath(changed.operator.id)}`,
    action:
      changed === undefined
        ? `${basePath}${address}`
        : `${basePath}${cardPath(changed.operator.id)}/modifier`,
    name: changed && operatorName(changed.operator),
    seen: changed?.digest,
    stale,
    search:
      identity === undefined
        ? { action: `${basePath}${address}/chercher`, typed: search?.typed ?? '', found: search?.found }
        : undefined,
    identity: identity && {
      ...identity,
      idpName: idp?.name ?? identity.idp,
      lastAt: idp && (await appointments.lastSeen({ issuer: idp.issuer, subject: identity.subject })),
    },
    idps: idpsOf(asked).map(({ id, name }) => ({ id, name })),
    values: {
      idp: value('idp'),
      sujet: value('sujet'),
      prenom: value('prenom'),
      nom: value('nom'),
      qualite: value('qualite'),
      organisme: value('organisme'),
      siren: value('siren'),
      adresse: value('adresse'),
      departements: value('departements'),
      federations: value('federations'),
      du: value('du'),
      au: value('au'),
      motif: value('motif'),
    },
    roles: typed.getAll('roles'),
    services: [...needs.snapshot().services.values()].map(({ id, name }) => ({
      id,
      name: name[language(ctx)],
      checked: typed.getAll('services').includes(id),
    })),
    errors: problems,
  };
  const status = stale ? 409 : problems.length > 0 ? 422 : 200;
  needs.http.renderPage(ctx, 'operator-appoint', model, {
    formsStayHere: true,
    status,
    ...(status !== 200 && { languageHref: '' }),
  });
}

/** `?compte=`: somebody found. `?ancien=`: somebody removed, as they were. */
async function showAppoint(asked: Asked): Promise<void> {
  const { ctx, needs, form } = asked;
  const given = new URLSearchParams(ctx.querystring);
  const isKept = form.has('prenom');
  const [account, former] = [given.get('compte') ?? '', given.get('ancien') ?? ''];
  if (former !== '') {
    const removed = (await needs.appointments.removals()).find(
      ({ operator }) => operator.id === former,
    )?.operator;
    if (removed === undefined) throw new BrokerError('M-OPER-001', { detail: former.slice(0, 80) });
    await render(asked, { identity: removed, typed: isKept ? form : writtenFields(removed) });
    return;
  }
  const identity = identityIn(form) ?? (await accountIdentity(asked, account));
  if (account !== '' && identity !== undefined) await recordFound(asked, account);
  await render(asked, { identity, typed: form });
}

/** @throws BrokerError M-OPER-001 for an account that does not exist, or of a provider that is not declared any more */
async function accountIdentity({ needs }: Asked, account: string): Promise<Identity | undefined> {
  if (account === '') return undefined;
  const [found] = await needs.appointments.identities([account]);
  const idp = found && needs.snapshot().identityProviders.get(found.idp);
  // A `sub` means somebody together with its issuer (OpenID Connect Core §5.7).
  if (found === undefined || idp?.issuer !== found.issuer)
    throw new BrokerError('M-OPER-001', { detail: `account ${account.slice(0, 80)}` });
  return found;
}

/** Whoever was found goes through the form in two hidden fields: the same as typed, and judged alike. */
function identityIn(form: URLSearchParams): Identity | undefined {
  const [idp, subject] = [form.get('idp') ?? '', form.get('sujet') ?? ''];
  return form.get('trouve') === 'oui' && idp !== '' && subject !== '' ? { idp, subject } : undefined;
}

/** Somebody was shown who this account is at its identity provider, and when they last came. */
const recordFound = ({ me, needs }: Asked, accountId: string): Promise<void> =>
  recordAccess(needs.db, needs.clock(), {
    act: 'person.find',
    subject: `account:${accountId}`,
    actor: me.actor,
  });

/** An address in a query would stay in every log: it is posted. */
async function search(asked: Asked): Promise<void> {
  const { needs, form } = asked;
  const typed = (form.get('qui') ?? '').trim().slice(0, 254);
  const idps = needs.snapshot().identityProviders;
  const people = await needs.personalData.find(typed);
  // Whoever has only said an address would be taken for its owner, and get a charge that is meant for them.
  const accounts = (people?.accounts ?? []).filter(({ proven }) => proven || people?.address === undefined);
  const found = (await needs.appointments.identities(accounts.map(({ accountId }) => accountId))).filter(
    ({ idp, issuer }) => idps.get(idp)?.issuer === issuer,
  );
  for (const { accountId } of found) await recordFound(asked, accountId);
  await render(asked, {
    typed: new URLSearchParams(),
    search: {
      typed,
      found: found.map(({ accountId, idp, subject, lastSeenAt }) => ({
        href: `${needs.basePath}${address}?${new URLSearchParams({ compte: accountId }).toString()}`,
        idp: idps.get(idp)?.name ?? idp,
        subject,
        lastAt: lastSeenAt,
      })),
    },
  });
}

const read = (asked: Asked, identity: Identity | undefined) => {
  const { me, needs, form } = asked;
  return readFields(form, {
    identity,
    idps: idpsOf(asked).map(({ id }) => id),
    services: [...needs.snapshot().services.keys()],
    organizationName: needs.organizationName,
    today: me.today,
  });
};

function go({ ctx, needs }: Asked, proposal: string): void {
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}${proposalPath(proposal)}?fait=proposer`);
}

async function appoint(asked: Asked): Promise<void> {
  const { me, needs, form } = asked;
  const identity = identityIn(form);
  const fields = await read(asked, undefined);
  const problems = fields.kind === 'problems' ? fields.problems : await taken(asked, fields.operator);
  if (fields.kind === 'problems' || problems.length > 0) {
    await render(asked, { identity, typed: form, problems });
    return;
  }
  const { operator, reason } = fields;
  go(asked, await needs.appointments.propose({ kind: 'appoint', operator, reason, person: me }));
}

/** Whoever is an operator is changed, not appointed again; whom files declare comes back by them. */
async function taken({ needs }: Asked, operator: Identity): Promise<readonly FieldProblem[]> {
  const [kept, removed] = await Promise.all([needs.appointments.list(), needs.appointments.removals()]);
  const issuerOf = (idp: string): string => needs.snapshot().identityProviders.get(idp)?.issuer ?? idp;
  if (kept.some((one) => isSameIdentity(one.operator, operator, issuerOf)))
    return [{ field: 'sujet', words: 'taken' }];
  const out = removed.find((one) => wasRemoved(one, operator, issuerOf));
  return out?.origin === 'configuration' ? [{ field: 'sujet', words: 'in_files' }] : [];
}

/** @throws BrokerError M-OPER-001, M-OPER-007 */
async function changeable({ ctx, needs }: Asked): Promise<ListedOperator> {
  const listed = await needs.appointments.get(parameter(ctx, 'id'));
  if (listed.origin !== 'console') throw new BrokerError('M-OPER-007', { detail: listed.operator.id });
  return listed;
}

async function showChange(asked: Asked): Promise<void> {
  const changed = await changeable(asked);
  const { form } = asked;
  await render(asked, {
    identity: changed.operator,
    changed,
    typed: form.has('prenom') ? form : writtenFields(changed.operator),
  });
}

async function change(asked: Asked): Promise<void> {
  const { me, needs, form } = asked;
  const changed = await changeable(asked);
  const { operator: before } = changed;
  const around = { identity: before, changed, typed: form };
  // The page is shown again with what was typed, and with the operator as they are now.
  if (form.get('vu') !== changed.digest) {
    await render(asked, { ...around, stale: true });
    return;
  }
  const fields = await read(asked, before);
  if (fields.kind === 'problems') {
    await render(asked, { ...around, problems: fields.problems });
    return;
  }
  const { operator, reason } = fields;
  const proposal = {
    kind: 'change',
    id: before.id,
    operator,
    seen: changed.digest,
    reason,
    person: me,
  } as const;
  go(asked, await needs.appointments.propose(proposal));
}

const ofCard = (ctx: Context): string => `${cardPath(encodeURIComponent(parameter(ctx, 'id')))}/modifier`;
const changePath = '/operateur/operateurs/fiches/:id/modifier';
const form = { action: 'operator.manage', sensitive: true } as const;

export const appointRoutes: readonly Route[] = [
  listPage({ path: address, action: 'operator.manage', answer: showAppoint }),
  listForm({ ...form, path: `${address}/chercher`, formPage: () => address, answer: search }),
  listForm({ ...form, path: address, formPage: () => address, answer: appoint }),
  listPage({ path: changePath, action: 'operator.manage', answer: showChange }),
  listForm({ ...form, path: changePath, formPage: ofCard, answer: change }),
];
