import type { Context } from 'koa';
import { isEnd, isHeld, longestReason, reasonProblem, recordName, recordValue } from '../domains/domains.ts';
import type { DomainAuthor, OrganizationDomain } from '../domains/domains.ts';
import { domainOutcomes, language, readForm } from '../http/http.ts';
import type { DomainOutcome, OwnDomainShown, OwnDomainsPage } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { LimitedAct } from '../limits/limits.ts';
import type { RepresentativeNeeds } from './needs.ts';
import { listHref, nameOf, seeOther, whoRepresents } from './visit.ts';
import type { Visit } from './visit.ts';

const path = (siren: string, { basePath }: Pick<RepresentativeNeeds, 'basePath'>): string =>
  `${basePath}/compte/organisations/${siren}/domaines`;

const authorOf = ({ visitor }: Visit): DomainAuthor => ({
  kind: 'applicant',
  accountId: visitor.accountId,
  givenName: visitor.givenName,
  usualName: visitor.usualName,
  email: visitor.email,
});

async function allow(
  ctx: Context,
  { limits }: RepresentativeNeeds,
  act: LimitedAct,
  { visitor }: Visit,
  address?: string,
): Promise<void> {
  const who = { ip: ctx.ip, account: visitor.accountId };
  assertAllowed(await limits.attempt(act, address === undefined ? who : { ...who, address }));
}

/** Back on the list, which says what became of it. */
const back = (ctx: Context, needs: RepresentativeNeeds, siren: string, done: DomainOutcome): void =>
  seeOther(ctx, `${path(siren, needs)}?fait=${done}`);

async function shown(
  one: OrganizationDomain,
  needs: RepresentativeNeeds,
  here: string,
): Promise<OwnDomainShown> {
  const { state, domain } = one;
  const open = !isEnd(state);
  const handover = open && state !== 'claimed' ? await needs.domains.openHandover(domain) : undefined;
  const isConcerned = handover !== undefined && [handover.fromId, handover.toId].includes(one.id);
  const mayProve = state === 'claimed' || isHeld(state);
  // One mailbox says nothing of the domains below.
  const byMail = mayProve && !one.withSubdomains;
  const mailbox = byMail ? await needs.domains.officialMailbox(one.siren, domain) : undefined;
  const mayObject =
    isConcerned &&
    handover.fromId === one.id &&
    handover.objection === undefined &&
    needs.clock() < handover.objectionsUntil;
  const action = `${here}/${one.id}`;
  return {
    id: one.id,
    name: domain,
    withSubdomains: one.withSubdomains,
    state,
    kind: isHeld(state) ? one.method : undefined,
    since: state === 'verified' ? one.verifiedAt : undefined,
    lastAt: open ? one.checkedAt : undefined,
    startedAt: state === 'verified' ? one.failingSince : undefined,
    record: mayProve
      ? { host: recordName(domain), value: recordValue(one.token), action: `${action}/verifier` }
      : undefined,
    mailbox:
      mailbox === undefined
        ? undefined
        : { address: mailbox, sendAction: `${action}/envoyer-code`, action: `${action}/code` },
    giveUp: open ? { action: `${action}/renoncer`, seen: String(one.version) } : undefined,
    handover: isConcerned
      ? {
          until: handover.objectionsUntil,
          objected: handover.fromId === one.id && handover.objection !== undefined,
          action: mayObject ? `${action}/opposer` : undefined,
        }
      : undefined,
  };
}

async function show(
  ctx: Context,
  needs: RepresentativeNeeds,
  siren: string,
  wrong: Pick<OwnDomainsPage, 'problem' | 'problemOf'> & { readonly typed?: OwnDomainsPage['typed'] } = {},
): Promise<void> {
  const here = path(siren, needs);
  const { problem, problemOf, typed = { name: '', below: false, reason: '' } } = wrong;
  const asked = ctx.query['fait'];
  const found = await needs.domains.list(siren);
  const model: OwnDomainsPage = {
    organization: await nameOf(siren, needs),
    backHref: listHref(siren, needs),
    done: problem === undefined ? domainOutcomes.find((each) => each === asked) : undefined,
    domains: await Promise.all(found.map((one) => shown(one, needs, here))),
    action: here,
    typed,
    problem,
    problemOf,
  };
  needs.http.renderPage(ctx, 'domains/list', model, {
    formsStayHere: true,
    status: problem === undefined ? 200 : 422,
    languageHref: `${here}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`,
  });
}

export async function showDomains(ctx: Context, needs: RepresentativeNeeds, siren: string): Promise<void> {
  if ((await whoRepresents(ctx, needs, { siren, returnTo: path(siren, needs) })) === undefined) return;
  await show(ctx, needs, siren);
}

/** What follows from a domain opens the organization to others: its forms are sent soon after the sign-in. */
const visitOf = (ctx: Context, needs: RepresentativeNeeds, siren: string): Promise<Visit | undefined> =>
  whoRepresents(ctx, needs, { siren, returnTo: path(siren, needs), sensitive: 'form' });

export async function claim(ctx: Context, needs: RepresentativeNeeds, siren: string): Promise<void> {
  const visit = await visitOf(ctx, needs, siren);
  if (visit === undefined) return;
  await allow(ctx, needs, 'domain_checked', visit);
  const form = await readForm(ctx);
  const name = (form.get('domaine') ?? '').slice(0, 300);
  const below = form.get('sous-domaines') === 'oui';
  const claimed = await needs.domains.claim({
    siren,
    typed: name,
    withSubdomains: below,
    author: authorOf(visit),
  });
  if (claimed.outcome === 'claimed') back(ctx, needs, siren, 'claimed');
  else await show(ctx, needs, siren, { problem: claimed.because, typed: { name, below, reason: '' } });
}

interface SentForm {
  readonly ctx: Context;
  readonly needs: RepresentativeNeeds;
  readonly siren: string;
  /** Of the domain. */
  readonly id: string;
  readonly visit: Visit;
}

/** Answers a form about one domain of a legal unit, when whoever sends it represents that unit. */
const formOfDomain =
  (answer: (form: SentForm) => Promise<void>) =>
  async (ctx: Context, needs: RepresentativeNeeds, siren: string, id: string): Promise<void> => {
    const visit = await visitOf(ctx, needs, siren);
    if (visit !== undefined) await answer({ ctx, needs, siren, id, visit });
  };

export const check = formOfDomain(async ({ ctx, needs, siren, id, visit }) => {
  await allow(ctx, needs, 'domain_checked', visit);
  const actor = { kind: 'account', accountId: visit.visitor.accountId } as const;
  const { outcome } = await needs.domains.check({ id, siren, actor });
  needs.logger.info(
    { event: 'domain.check', account: visit.visitor.accountId, outcome },
    'a domain was checked',
  );
  back(ctx, needs, siren, outcome);
});

export const sendCode = formOfDomain(async ({ ctx, needs, siren, id, visit }) => {
  const { sessionUid } = visit.visitor;
  // The mailbox of a town hall is nobody's to flood.
  const outcome = await needs.domains.sendCode(
    { id, siren, sessionUid, author: authorOf(visit) },
    (mailbox) => allow(ctx, needs, 'official_code_sent', visit, mailbox),
  );
  back(ctx, needs, siren, outcome);
});

export const tryCode = formOfDomain(async ({ ctx, needs, siren, id, visit }) => {
  await allow(ctx, needs, 'code_tried', visit);
  const form = await readForm(ctx);
  const { sessionUid } = visit.visitor;
  const asked = { id, siren, sessionUid, author: authorOf(visit) };
  const { outcome } = await needs.domains.tryCode(asked, (form.get('code') ?? '').slice(0, 100));
  back(ctx, needs, siren, outcome);
});

export const giveUp = formOfDomain(async ({ ctx, needs, siren, id, visit }) => {
  const form = await readForm(ctx);
  const written = form.get('vu') ?? '';
  const seen = /^\d{1,9}$/u.test(written) ? Number(written) : -1;
  await needs.domains.giveUp({ id, siren, seen, author: authorOf(visit) });
  back(ctx, needs, siren, 'given_up');
});

export const object = formOfDomain(async ({ ctx, needs, siren, id, visit }) => {
  const form = await readForm(ctx);
  const reason = form.get('motif') ?? '';
  const problem = reasonProblem(reason);
  if (problem !== undefined) {
    // What is not there to object to has its own page.
    const { id: problemOf } = await needs.domains.one(id, siren);
    const kept = reason.slice(0, 4 * longestReason);
    await show(ctx, needs, siren, { problem, problemOf, typed: { name: '', below: false, reason: kept } });
    return;
  }
  await needs.domains.object({ id, siren, reason, author: authorOf(visit) });
  back(ctx, needs, siren, 'objected');
});
