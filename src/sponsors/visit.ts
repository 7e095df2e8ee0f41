import type { Context } from 'koa';
import { knowsGuests, parisDate } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { GuestShown } from '../http/http.ts';
import { mayInvite, unknownInvitation } from '../invitations/invitations.ts';
import type { InvitationKept, MayInvite, Sponsor } from '../invitations/invitations.ts';
import type { Visitor } from '../visitor/visitor.ts';
import type { SponsorNeeds } from './needs.ts';

export interface Visit {
  readonly visitor: Visitor;
  readonly sponsor: Sponsor;
}

export function seeOther(ctx: Context, href: string): void {
  ctx.status = 303;
  ctx.redirect(href);
}

/**
 * Who is there; nobody is sent to sign in.
 *
 * @param returnTo the page to come back to: what was posted cannot be asked for again
 */
export async function whoIsThere(
  ctx: Context,
  { visitors }: SponsorNeeds,
  returnTo: string,
): Promise<Visit | undefined> {
  const visitor = await visitors.of(ctx);
  if (visitor === undefined) {
    seeOther(ctx, visitors.signInHref(returnTo));
    return undefined;
  }
  const { accountId, givenName, usualName, email } = visitor;
  return { visitor, sponsor: { accountId, givenName, usualName, email } };
}

export interface Choices {
  /** In the order of the catalogue; for each, the first of the person's organizations that may. */
  readonly services: readonly MayInvite[];
  /** A stronger sign-in would open others. */
  readonly stronger: boolean;
}

/** To what this person may invite: what is decided for them now, tool by tool, as if they opened it. */
export const choicesOf = ({ visitor }: Visit, needs: SponsorNeeds): Promise<Choices> =>
  choicesIn(visitor.sessionUid, needs);

/** For one legal unit only: whom its own people invite. */
export const invitesFor = async (
  sessionUid: string,
  siren: string,
  needs: ChoicesNeeds,
): Promise<readonly MayInvite[]> => (await choicesIn(sessionUid, needs, siren)).services;

/** For a page that leads here. */
export const invitesSomewhere = async (sessionUid: string, needs: ChoicesNeeds): Promise<boolean> =>
  (await choicesIn(sessionUid, needs)).services.length > 0;

type ChoicesNeeds = Pick<SponsorNeeds, 'identities' | 'snapshot' | 'clock' | 'accessOf'>;

async function choicesIn(sessionUid: string, needs: ChoicesNeeds, siren = ''): Promise<Choices> {
  const record = await needs.identities.ofSession(sessionUid);
  if (record === undefined) return { services: [], stronger: false };
  const { signIn } = record;
  const snapshot = needs.snapshot();
  const now = needs.clock();
  const services: MayInvite[] = [];
  let stronger = false;
  for (const service of snapshot.services.values()) {
    const policy = snapshot.policyFor(service.id, now)?.policy;
    const client = [...snapshot.clients.values()].find((one) => one.service === service.id);
    if (policy === undefined || client === undefined || !knowsGuests(policy)) continue;
    for (const membership of signIn.memberships) {
      if (!membership.siret.startsWith(siren)) continue;
      const access = await needs.accessOf(undefined, { client, signIn, membership });
      const answer = mayInvite(access, true);
      if (answer === 'step_up') stronger = true;
      if (answer !== 'yes' || access.organization === undefined) continue;
      services.push({
        service: service.id,
        siret: membership.siret,
        organization: access.organization.name,
      });
      break;
    }
  }
  return { services, stronger };
}

/** @throws BrokerError M-GUES-001 */
export async function ownInvitation(
  id: string,
  { sponsor }: Visit,
  { inviting }: SponsorNeeds,
): Promise<InvitationKept> {
  const kept = await inviting.forSponsor(id, sponsor.accountId);
  if (kept === undefined) throw unknownInvitation(id);
  return kept;
}

export const serviceName = (ctx: Context, id: string, { snapshot }: SponsorNeeds): string =>
  snapshot().services.get(id)?.name[language(ctx)] ?? id;

export const guestShown = (ctx: Context, kept: InvitationKept, needs: SponsorNeeds): GuestShown => ({
  address: kept.address,
  service: serviceName(ctx, kept.service, needs),
  endsOn: kept.endsOn,
  state: kept.state,
  reason: kept.reason,
});

export const todayOf = ({ clock }: SponsorNeeds): string => parisDate(clock());

/** Of pages that answer a form too: the language link asks for the page, not for what was posted. */
export const languageHref = (ctx: Context, path: string): string =>
  `${path}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`;
