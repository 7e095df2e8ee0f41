import type { Context } from 'koa';
import { recordAccess } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { TakingOver } from '../invitations/invitations.ts';
import {
  actsAs,
  concernedOf,
  guestsIn,
  guestsShown,
  memberShown,
  reasonProblem,
  refusalOf,
  refused,
  seenIn,
} from '../members/members.ts';
import type { ReasonProblem } from '../members/members.ts';
import type { RepresentativeNeeds } from './needs.ts';
import { listHref, memberOf, nameOf, seeOther, whoRepresents } from './visit.ts';
import type { Visit } from './visit.ts';

type Act = 'revoke' | 'restore';
const slugs: Readonly<Record<Act, string>> = { revoke: 'retirer', restore: 'rendre' };
const done: Readonly<Record<Act, string>> = { revoke: 'retire', restore: 'rendu' };

/** A confirmation takes nothing away from anybody: it is asked for and done on the list. */
export async function confirmMember(
  ctx: Context,
  needs: RepresentativeNeeds,
  siren: string,
  id: string,
): Promise<void> {
  const list = listHref(siren, needs);
  const visit = await whoRepresents(ctx, needs, { siren, returnTo: list });
  if (visit === undefined) return;
  const form = await readForm(ctx);
  await needs.members.change({ act: 'confirm', id, siren, actor: visit.actor, seen: seenIn(form) });
  seeOther(ctx, `${list}?fait=confirme`);
}

/** What it closes, or opens, before it does. */
export const showAct =
  (act: Act) =>
  async (ctx: Context, needs: RepresentativeNeeds, siren: string, id: string): Promise<void> => {
    const returnTo = `${listHref(siren, needs)}/${id}/${slugs[act]}`;
    const visit = await whoRepresents(ctx, needs, { siren, returnTo, sensitive: 'page' });
    if (visit !== undefined) await show(ctx, visit, needs, { act, id, reason: '' });
  };

export const doAct =
  (act: Act) =>
  async (ctx: Context, needs: RepresentativeNeeds, siren: string, id: string): Promise<void> => {
    const list = listHref(siren, needs);
    const visit = await whoRepresents(ctx, needs, {
      siren,
      returnTo: `${list}/${id}/${slugs[act]}`,
      sensitive: 'form',
    });
    if (visit === undefined) return;
    const form = await readForm(ctx);
    const reason = form.get('raison') ?? '';
    const { shown, taken } = guestsIn(form);
    const problem = reasonProblem(reason);
    if (problem !== undefined) {
      await show(ctx, visit, needs, { act, id, reason, taken, problem });
      return;
    }
    try {
      await needs.members.change({
        act,
        id,
        siren,
        actor: visit.actor,
        seen: seenIn(form),
        reason,
        guests: shown,
        takingOver: await takingOver(visit, needs, taken),
      });
    } catch (error) {
      const member = await needs.members.one(id, siren);
      const code = error instanceof BrokerError ? error.code : undefined;
      // What is still possible is shown as it is now, with what was typed; what is not has its own page.
      const isPossible = member !== undefined && (act === 'restore') === (member.state === 'revoked');
      if (!isPossible || (code !== 'M-MEMB-002' && code !== 'M-GUES-004')) throw error;
      const now = code === 'M-MEMB-002' ? { stale: true } : { problem: 'guests_many' as const };
      await show(ctx, visit, needs, { act, id, reason, taken, ...now });
      return;
    }
    needs.logger.info(
      { event: `member.${act}`, account: visit.actor.accountId, membership: id },
      'a representative acted on a member',
    );
    // Whoever has just taken away their own membership represents nothing here any more.
    const still = (await needs.members.representedBy(visit.visitor.accountId)).some(
      (one) => one.siren === siren,
    );
    seeOther(ctx, still ? `${list}?fait=${done[act]}` : `${needs.basePath}/membres`);
  };

/** Whoever represents goes on inviting them, where they may invite themselves. */
const takingOver = async (
  { visitor, siren }: Visit,
  needs: RepresentativeNeeds,
  ids: readonly string[],
): Promise<TakingOver | undefined> =>
  ids.length === 0
    ? undefined
    : { sponsor: visitor, services: await needs.invitesFor(visitor.sessionUid, siren), ids };

/** The guests who end with the membership; their addresses are personal data, and the reading leaves a trace. */
async function guestsOf(
  { visitor, siren, actor, reader }: Visit,
  needs: RepresentativeNeeds,
  { accountId, taken }: { readonly accountId: string; readonly taken: readonly string[] },
) {
  const guests = await needs.members.guestsOf(siren, accountId);
  if (guests.length === 0) return [];
  await recordAccess(needs.db, needs.clock(), {
    act: 'members.read',
    subject: `organization:${siren}`,
    actor,
    after: { guestsOf: accountId },
  });
  // Whoever leaves takes nobody over from themselves.
  const taker =
    accountId === visitor.accountId
      ? undefined
      : {
          email: visitor.email,
          services: await needs.invitesFor(visitor.sessionUid, siren),
          count: await needs.inviting.count(visitor.accountId),
        };
  return guestsShown(guests, { snapshot: needs.snapshot(), lang: reader.lang, taker, taken });
}

/** @throws BrokerError M-MEMB-001, or what stands in the way of the act now */
async function show(
  ctx: Context,
  visit: Visit,
  needs: RepresentativeNeeds,
  about: {
    readonly act: Act;
    readonly id: string;
    readonly reason: string;
    readonly taken?: readonly string[];
    readonly problem?: ReasonProblem;
    readonly stale?: boolean;
  },
): Promise<void> {
  const { act, id, reason, taken = [], problem, stale = false } = about;
  const { siren, reader, representatives, actor } = visit;
  const member = await memberOf(id, visit, needs);
  const accounts = new Set(representatives.map(({ accountId }) => accountId));
  const because = refusalOf(act, actsAs(actor), concernedOf(member), accounts);
  if (because !== undefined) throw refused(because, member);
  const { accountId } = member;
  const uses = await needs.members.usesOf(siren, accountId);
  const guests = act === 'revoke' ? await guestsOf(visit, needs, { accountId, taken }) : [];
  const list = listHref(siren, needs);
  const action = `${list}/${member.id}/${slugs[act]}`;
  needs.http.renderPage(
    ctx,
    'members/act',
    {
      act,
      organization: await nameOf(siren, needs),
      member: memberShown(member, { uses, representatives, snapshot: needs.snapshot(), reader }),
      action,
      backHref: list,
      seen: member.version,
      reason,
      problem,
      stale,
      sessions: uses.sessions,
      grants: uses.grants,
      guests,
      oneself: accountId === reader.accountId,
      lastRepresentative: false,
    },
    {
      status: stale ? 409 : problem === undefined ? 200 : 422,
      formsStayHere: true,
      languageHref: `${action}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`,
    },
  );
}
