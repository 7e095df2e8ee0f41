/**
 * The pages that people open by themselves: their account, the operators' console, those who invite guests, representatives,
 * requests. Wired here for compose.ts, for one provider.
 */
import type Router from '@koa/router';
import { createAccountRoutes } from './account/account.ts';
import type { AccountNeeds } from './account/account.ts';
import { createApplicantRoutes } from './applicants/applicants.ts';
import type { ApplicantNeeds } from './applicants/applicants.ts';
import { createOperatorRoutes } from './operators/operators.ts';
import type { OperatorNeeds } from './operators/operators.ts';
import { createRepresentativeRoutes } from './representatives/representatives.ts';
import type { RepresentativeNeeds } from './representatives/representatives.ts';
import { createSponsorRoutes, invitesFor, invitesSomewhere } from './sponsors/sponsors.ts';
import type { SponsorNeeds } from './sponsors/sponsors.ts';

export function ownPages(
  needs: Omit<AccountNeeds, 'concerns'> &
    ApplicantNeeds &
    OperatorNeeds &
    Omit<RepresentativeNeeds, 'invitesFor'> &
    SponsorNeeds,
): readonly ReturnType<Router['routes']>[] {
  const concerns = { ...needs, mayInvite: (uid: string) => invitesSomewhere(uid, needs) };
  return [
    createAccountRoutes({ ...needs, concerns }),
    needs.visitors.routes(),
    createOperatorRoutes(needs),
    createSponsorRoutes(needs),
    createRepresentativeRoutes({ ...needs, invitesFor: (uid, siren) => invitesFor(uid, siren, needs) }),
    createApplicantRoutes(needs),
  ].map((router) => router.routes());
}
