import type Router from '@koa/router';
import type { Context } from 'koa';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { inOneLine, readForm } from '../http/http.ts';
import type { JoiningInvitePage, JoiningRequestsPage } from '../http/http.ts';
import { externalDays, inviteProblem, knownOf, unknownJoined } from '../joining/joining.ts';
import type { JoiningAuthor } from '../joining/joining.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { joinedShown, mineHref, parameter, personOf, signedIn, withProvenMailbox } from './joining-needs.ts';
import type { JoiningPagesNeeds } from './joining-needs.ts';
import { seeOther } from './own-partner.ts';

/** What whoever represents an organization answers and sends; and the link that somebody invited opens. */
export function joiningRequestRoutes(router: Router, needs: JoiningPagesNeeds): void {
  const here = mineHref(needs);
  router.get(
    '/compte/organisations/demandes',
    signedIn(
      needs,
      () => `${here}/demandes`,
      (ctx, visitor) => showRequests(ctx, visitor, needs),
      'sensitive',
    ),
  );
  router.post(
    '/compte/organisations/demandes/:id',
    signedIn(
      needs,
      () => `${here}/demandes`,
      (ctx, visitor) => answer(ctx, visitor, needs),
      'sensitive',
    ),
  );
  router.get(
    '/compte/organisations/inviter',
    signedIn(
      needs,
      () => `${here}/inviter`,
      (ctx, visitor) => showInvite(ctx, visitor, needs, emptyInvite),
      'sensitive',
    ),
  );
  router.post(
    '/compte/organisations/inviter',
    signedIn(
      needs,
      () => `${here}/inviter`,
      (ctx, visitor) => sendInvite(ctx, visitor, needs),
      'sensitive',
    ),
  );
  router.post(
    '/compte/organisations/inviter/:id/annuler',
    signedIn(
      needs,
      () => `${here}/inviter`,
      async (ctx, visitor) => {
        await needs.joining.withdrawInvitation(authorOf(visitor), parameter(ctx, 'id'));
        seeOther(ctx, `${here}/inviter?fait=taken_back`);
      },
      'sensitive',
    ),
  );
  router.get(
    '/compte/organisations/invitation',
    signedIn(
      needs,
      (ctx) => ctx.originalUrl,
      (ctx, visitor) => showInvitation(ctx, visitor, needs),
    ),
  );
  router.post(
    '/compte/organisations/invitation',
    signedIn(
      needs,
      (ctx) => ctx.originalUrl,
      async (ctx, visitor) => {
        await readForm(ctx);
        await accept(ctx, visitor, needs);
      },
    ),
  );
}

const authorOf = ({
  accountId,
  givenName,
  usualName,
  email,
}: Visitor): Extract<JoiningAuthor, { kind: 'applicant' }> => ({
  kind: 'applicant',
  accountId,
  givenName,
  usualName,
  email,
});

const days = ({ clock }: Pick<JoiningPagesNeeds, 'clock'>) => {
  const today = parisDate(clock());
  return { today, latest: addDays(today, externalDays) };
};

/** @throws BrokerError M-JOIN-001 for whoever represents nothing */
async function representing(visitor: Visitor, { members }: JoiningPagesNeeds) {
  const found = await members.representedBy(visitor.accountId);
  if (found.length === 0) throw unknownJoined('nothing is represented');
  return found;
}

const doneWords = ['accept', 'refuse', 'revoke'] as const;

async function showRequests(
  ctx: Context,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
  failed?: { readonly id: string; readonly problem: JoiningRequestsPage['problem'] },
): Promise<void> {
  await representing(visitor, needs);
  const here = `${mineHref(needs)}/demandes`;
  const found = await needs.joining.forRepresentative(visitor.accountId);
  const evidence = await needs.joining.evidence(found.map(({ id }) => id));
  const model: JoiningRequestsPage = {
    ...days(needs),
    done: doneWords.find((word) => word === ctx.query['fait']),
    problem: failed?.problem,
    requests: await Promise.all(
      found.map(async (one) => ({
        ...(await joinedShown(one, needs)),
        person: one.name,
        email: one.address ?? '',
        message: one.message ?? '',
        askedAt: one.askedAt,
        ...knownOf(evidence.get(one.id)),
        seen: one.version,
        action: `${here}/${one.id}`,
        own: false,
        failed: one.id === failed?.id,
      })),
    ),
    backHref: mineHref(needs),
  };
  needs.http.renderPage(ctx, 'joining/requests', model, {
    formsStayHere: true,
    status: failed === undefined ? 200 : 422,
    ...(failed === undefined ? {} : { languageHref: '' }),
  });
}

async function answer(ctx: Context, visitor: Visitor, needs: JoiningPagesNeeds): Promise<void> {
  const form = await readForm(ctx);
  const id = parameter(ctx, 'id');
  const decision = doneWords.find((word) => word === form.get('decision'));
  if (decision === undefined) throw unknownJoined(id);
  const reason = inOneLine(form.get('raison') ?? '').slice(0, 500);
  if (decision !== 'accept' && reason === '')
    return showRequests(ctx, visitor, needs, { id, problem: 'reason' });
  const external = form.get('externe') === 'oui';
  const { today, latest } = days(needs);
  const until = external ? (form.get('fin') ?? '') : undefined;
  if (
    decision === 'accept' &&
    until !== undefined &&
    !(/^\d{4}-\d{2}-\d{2}$/u.test(until) && until >= today && until <= latest)
  )
    return showRequests(ctx, visitor, needs, { id, problem: 'until' });
  const seen = Number(form.get('vu') ?? '-1');
  await needs.joining.answer({
    id,
    seen,
    author: authorOf(visitor),
    ...(reason === '' ? {} : { reason }),
    given: decision === 'accept' ? { act: decision, external, until } : { act: decision },
  });
  seeOther(ctx, `${mineHref(needs)}/demandes?fait=${decision}`);
}

type Typed = Pick<JoiningInvitePage, 'selected' | 'email' | 'external' | 'until' | 'problem'>;
const inviteDone = ['invited', 'taken_back'] as const;
const emptyInvite: Typed = { selected: '', email: '', external: false, until: '' };

async function showInvite(
  ctx: Context,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
  typed: Typed,
): Promise<void> {
  const represented = await representing(visitor, needs);
  const named = await Promise.all(
    represented.map(async ({ siren }) => ({
      id: siren,
      name: (await needs.organization(siren))?.name ?? siren,
    })),
  );
  const open = await Promise.all(
    named.map(async ({ id, name }) =>
      (await needs.joining.invitations(id)).map((one) => ({
        email: one.address,
        organization: name,
        at: one.createdAt,
        dropAction: `${mineHref(needs)}/inviter/${one.id}/annuler`,
      })),
    ),
  );
  const model: JoiningInvitePage = {
    ...days(needs),
    ...typed,
    done: inviteDone.find((word) => word === ctx.query['fait']),
    organizations: named,
    open: open.flat(),
    action: `${mineHref(needs)}/inviter`,
    backHref: mineHref(needs),
  };
  needs.http.renderPage(ctx, 'joining/invite', model, {
    formsStayHere: true,
    status: typed.problem === undefined ? 200 : 422,
  });
}

async function sendInvite(ctx: Context, visitor: Visitor, needs: JoiningPagesNeeds): Promise<void> {
  const form = await readForm(ctx);
  const selected = form.get('organisation') ?? '';
  const typed: Typed = {
    selected,
    email: (form.get('email') ?? '').trim().slice(0, 300),
    external: form.get('externe') === 'oui',
    until: (form.get('fin') ?? '').slice(0, 20),
  };
  const asked = { address: typed.email, external: typed.external, until: typed.until };
  const { today } = days(needs);
  const problem = inviteProblem(asked, { own: visitor.email, today });
  if (problem !== undefined) return showInvite(ctx, visitor, needs, { ...typed, problem });
  assertAllowed(await needs.limits.attempt('join_asked', { ip: ctx.ip, account: visitor.accountId }));
  await needs.joining.invite(authorOf(visitor), { ...asked, siren: selected });
  seeOther(ctx, `${mineHref(needs)}/inviter?fait=invited`);
}

const tokenIn = (ctx: Context): string => {
  const written = ctx.query['jeton'];
  return typeof written === 'string' ? written : '';
};

async function accept(ctx: Context, visitor: Visitor, needs: JoiningPagesNeeds): Promise<void> {
  const token = tokenIn(ctx);
  // An address may be whoever's: only the one for whom the invitation stands is sent a code.
  if ((await needs.joining.invitation(personOf(visitor), token)) === undefined) throw noInvitation();
  await withProvenMailbox(
    ctx,
    visitor,
    needs,
    `/compte/organisations/invitation?jeton=${token}`,
    async (person) => {
      await needs.joining.accept(person, token);
      seeOther(ctx, `${mineHref(needs)}?fait=joined`);
    },
  );
}

const noInvitation = (): BrokerError => new BrokerError('M-JOIN-006', { detail: 'no such invitation' });

async function showInvitation(ctx: Context, visitor: Visitor, needs: JoiningPagesNeeds): Promise<void> {
  const token = tokenIn(ctx);
  const found = await needs.joining.invitation(personOf(visitor), token);
  if (found === undefined) throw noInvitation();
  const here = `${mineHref(needs)}/invitation?jeton=${token}`;
  needs.http.renderPage(
    ctx,
    'joining/invitation',
    {
      organization: (await needs.organization(found.siren))?.name ?? found.siren,
      siret: found.siret,
      email: found.address,
      until: found.until,
      external: found.external,
      action: here,
      backHref: mineHref(needs),
    },
    { formsStayHere: true },
  );
}
