import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import {
  actsAs,
  concernedOf,
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
    const problem = reasonProblem(reason);
    if (problem !== undefined) {
      await show(ctx, visit, needs, { act, id, reason, problem });
      return;
    }
    try {
      await needs.members.change({ act, id, siren, actor: visit.actor, seen: seenIn(form), reason });
    } catch (error) {
      const member = await needs.members.one(id, siren);
      // What is still possible is shown as it is now, with what was typed; what is not has its own page.
      const isStale = error instanceof BrokerError && error.code === 'M-MEMB-002';
      if (!isStale || member === undefined || (act === 'restore') !== (member.state === 'revoked'))
        throw error;
      await show(ctx, visit, needs, { act, id, reason, stale: true });
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

/** @throws BrokerError M-MEMB-001, or what stands in the way of the act now */
async function show(
  ctx: Context,
  visit: Visit,
  needs: RepresentativeNeeds,
  about: {
    readonly act: Act;
    readonly id: string;
    readonly reason: string;
    readonly problem?: ReasonProblem;
    readonly stale?: boolean;
  },
): Promise<void> {
  const { act, id, reason, problem, stale = false } = about;
  const { siren, reader, representatives, actor } = visit;
  const member = await memberOf(id, visit, needs);
  const accounts = new Set(representatives.map(({ accountId }) => accountId));
  const because = refusalOf(act, actsAs(actor), concernedOf(member), accounts);
  if (because !== undefined) throw refused(because, member);
  const uses = await needs.members.usesOf(siren, member.accountId);
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
      oneself: member.accountId === reader.accountId,
      lastRepresentative: false,
    },
    {
      status: stale ? 409 : problem === undefined ? 200 : 422,
      formsStayHere: true,
      languageHref: `${action}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`,
    },
  );
}
