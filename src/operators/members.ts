import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import {
  concernedOf,
  guestsIn,
  guestsShown,
  memberShown,
  reasonProblem,
  refusalOf,
  refused,
  seenIn,
  unknownMember,
} from '../members/members.ts';
import type { Member, MemberAct, MemberActor, ReasonProblem } from '../members/members.ts';
import { organizationForm, organizationPage, parameter } from './route.ts';
import type { AskedOfOrganization, Route } from './route.ts';

/*
 * What an operator does to a member of an organization, for one that has no representative, or whose representative may not:
 * confirm, take away, give back. Never for an organization of one's own.
 */

const slugs = { confirm: 'confirmer', revoke: 'retirer', restore: 'rendre' } as const;
type Shown = Exclude<MemberAct, 'confirm'>;

const peoplePath = (id: string): string => `/operateur/organisations/${encodeURIComponent(id)}/personnes`;
const memberPath = (id: string, member: string, act: MemberAct): string =>
  `/operateur/organisations/${encodeURIComponent(id)}/membres/${encodeURIComponent(member)}/${slugs[act]}`;

/**
 * What may be done to each member from the list of the console; nothing without a SIREN, or beyond the roles. A membership
 * opens every service: it is not for who decides on some of them.
 */
export function memberActs(
  { me, needs, organization }: Pick<AskedOfOrganization, 'me' | 'needs' | 'organization'>,
  member: Member,
  actor: MemberActor | undefined,
): {
  readonly confirm?: { readonly action: string; readonly seen: number } | undefined;
  readonly revokeHref?: string | undefined;
  readonly restoreHref?: string | undefined;
} {
  const isBounded = me.operator.perimeter?.services !== undefined;
  if (!me.mayAnywhere('member.decide') || isBounded || actor === undefined) return {};
  const may = (act: MemberAct): boolean =>
    refusalOf(act, actor, concernedOf(member), new Set()) === undefined;
  const href = (act: MemberAct) => `${needs.basePath}${memberPath(organization.id, member.id, act)}`;
  return {
    confirm: may('confirm') ? { action: href('confirm'), seen: member.version } : undefined,
    revokeHref: may('revoke') ? href('revoke') : undefined,
    restoreHref: may('restore') ? href('restore') : undefined,
  };
}

interface AskedOfMember extends AskedOfOrganization {
  readonly siren: string;
  readonly member: Member;
}

/** @throws BrokerError M-MEMB-001, M-FILE-006 when the perimeter names services */
async function memberOf(asked: AskedOfOrganization): Promise<AskedOfMember> {
  const { ctx, me, needs, organization } = asked;
  if (me.operator.perimeter?.services !== undefined)
    throw new BrokerError('M-FILE-006', { detail: `${me.operator.id}: member.decide within some services` });
  const id = parameter(ctx, 'membre');
  const { siren } = organization;
  const member = siren === undefined ? undefined : await needs.members.one(id, siren);
  if (siren === undefined || member === undefined) throw unknownMember(id);
  await needs.recordRead(me.actor, {
    act: 'organization.people',
    subject: `organization:${organization.id}`,
  });
  return { ...asked, siren, member };
}

async function confirm(asked: AskedOfOrganization): Promise<void> {
  const { ctx, me, needs, form, siren, member, organization } = await memberOf(asked);
  await needs.members.change({ act: 'confirm', id: member.id, siren, actor: me.actor, seen: seenIn(form) });
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}${peoplePath(organization.id)}`);
}

const showAct = (act: Shown) => async (asked: AskedOfOrganization) =>
  show(await memberOf(asked), { act, reason: asked.form.get('raison') ?? '' });

const doAct =
  (act: Shown) =>
  async (asked: AskedOfOrganization): Promise<void> => {
    const found = await memberOf(asked);
    const { ctx, me, needs, form, siren, member, organization } = found;
    const reason = form.get('raison') ?? '';
    const problem = reasonProblem(reason);
    if (problem !== undefined) {
      await show(found, { act, reason, problem });
      return;
    }
    try {
      const { shown: guests } = guestsIn(form);
      const request = { act, id: member.id, siren, actor: me.actor, seen: seenIn(form), reason, guests };
      await needs.members.change(request);
    } catch (error) {
      const now = await needs.members.one(member.id, siren);
      const isStale = error instanceof BrokerError && error.code === 'M-MEMB-002';
      if (!isStale || now === undefined || (act === 'restore') !== (now.state === 'revoked')) throw error;
      await show({ ...found, member: now }, { act, reason, stale: true });
      return;
    }
    ctx.status = 303;
    ctx.redirect(`${needs.basePath}${peoplePath(organization.id)}`);
  };

/** What it closes, or opens, before it does. @throws BrokerError for what may not be done now */
async function show(
  { ctx, me, needs, organization, siren, member }: AskedOfMember,
  about: {
    readonly act: Shown;
    readonly reason: string;
    readonly problem?: ReasonProblem;
    readonly stale?: boolean;
  },
): Promise<void> {
  const { act, reason, problem, stale = false } = about;
  const { members, basePath, snapshot } = needs;
  const actor = await members.actsFor(me.actor, siren);
  const because = refusalOf(act, actor, concernedOf(member), new Set());
  if (because !== undefined) throw refused(because, member);
  const [uses, representatives, guests] = await Promise.all([
    members.usesOf(siren, member.accountId),
    members.representativesOf(siren),
    act === 'revoke' ? members.guestsOf(siren, member.accountId) : [],
  ]);
  const reader = {
    reference: `operator:${me.operator.id}`,
    accountId: me.visitor.accountId,
    lang: language(ctx),
  };
  needs.http.renderPage(
    ctx,
    'members/act',
    {
      console: needs.frame(me, 'organizations'),
      act,
      organization: organization.name,
      member: memberShown(member, { uses, representatives, snapshot: snapshot(), reader }),
      action: `${basePath}${memberPath(organization.id, member.id, act)}`,
      backHref: `${basePath}${peoplePath(organization.id)}`,
      seen: member.version,
      reason,
      problem,
      stale,
      sessions: uses.sessions,
      grants: uses.grants,
      guests: guestsShown(guests, { snapshot: snapshot(), lang: reader.lang }),
      oneself: false,
      lastRepresentative:
        act === 'revoke' &&
        representatives.length === 1 &&
        representatives[0]?.accountId === member.accountId,
    },
    { status: stale ? 409 : problem === undefined ? 200 : 422, formsStayHere: true },
  );
}

const path = (act: MemberAct): string => `/operateur/organisations/:id/membres/:membre/${slugs[act]}`;
const formPage = (act: Shown) => (ctx: Context) =>
  memberPath(parameter(ctx, 'id'), parameter(ctx, 'membre'), act);

export const memberRoutes: readonly Route[] = [
  organizationForm({
    path: path('confirm'),
    action: 'member.decide',
    answer: confirm,
    formPage: (ctx) => peoplePath(parameter(ctx, 'id')),
    sensitive: true,
  }),
  ...(['revoke', 'restore'] as const).flatMap((act) => [
    organizationPage({ path: path(act), action: 'member.decide', answer: showAct(act) }),
    organizationForm({
      path: path(act),
      action: 'member.decide',
      answer: doAct(act),
      formPage: formPage(act),
      sensitive: true,
    }),
  ]),
];
