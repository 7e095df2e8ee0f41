import { partnerProviderId } from '../declarations/declarations.ts';
import { toAcr, withSecondFactor } from '../eligibility/eligibility.ts';
import type { Acr } from '../eligibility/eligibility.ts';
import type { Membership, SignIn } from './sign-in.ts';

/** Links that only the person, or the end of an address, speaks for: nobody who answers for the organization does. */
const unvouched: readonly Membership['level'][] = ['declared', 'email_domain'];

/** The same authentication, of somebody of whom nothing is known but their word. */
const lowered: Readonly<Record<Acr, Acr>> = {
  eidas0: 'eidas0',
  'eidas0-mfa': 'eidas0-mfa',
  eidas1: 'eidas0',
  'eidas1-mfa': 'eidas0-mfa',
  eidas2: 'eidas0-mfa',
  eidas3: 'eidas0-mfa',
};

/**
 * The level of a sign-in for one organization: of identity, authentication and link with the organization, the weakest
 * decides (domain reference §5.3). An identity provider says its level for the organization that it asserts, and for no other
 * one: what was joined or declared here is worth what it rests on. An account kept here is of somebody who proved a mailbox:
 * who they are is vouched for by nobody before somebody vouches for the link.
 *
 * @param membership its level as it stands now
 * @returns as the provider says, for the organization that it names, and where somebody vouched for the link
 */
export function acrFor(
  { acr, idp }: Pick<SignIn, 'acr' | 'idp'>,
  { level, origin }: Pick<Membership, 'level' | 'origin'>,
): string {
  const kept = idp === partnerProviderId || origin === 'declared';
  return kept && unvouched.includes(level) ? lowered[toAcr(acr)] : acr;
}

/** How somebody signed in, as one tool takes it. */
export interface Authentication {
  readonly acr: string;
  readonly amr: readonly string[];
}

/**
 * The same with the code that was sent to their mailbox, for a tool whose rules take it for a second factor. Anywhere else,
 * our own pages among them, it is as if nobody had asked for one.
 */
export function authenticationFor(
  signIn: Pick<SignIn, 'acr' | 'amr' | 'idp' | 'emailCode'>,
  membership: Pick<Membership, 'level' | 'origin'>,
  { emailCode }: { readonly emailCode: boolean },
): Authentication {
  const acr = acrFor(signIn, membership);
  const { amr } = signIn;
  if (!emailCode || signIn.emailCode !== true) return { acr, amr };
  return { acr: withSecondFactor(toAcr(acr)) ?? acr, amr: [...amr, 'mail'] };
}

/** The sign-in from now on. It has an id of its own: a grant of before is not taken for one of it (provider/grants.ts). */
export const withEmailCode = (signIn: SignIn): SignIn => ({
  ...signIn,
  id: `${signIn.id}:mail`,
  emailCode: true,
});
