import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../config/config.ts';
import type { Client, Snapshot } from '../declarations/declarations.ts';
import { linkLevels } from '../eligibility/eligibility.ts';
import type { Assess, Assessment } from '../eligibility/eligibility.ts';
import { authenticationFor } from '../identity/identity.ts';
import type {
  DeclaredMemberships,
  Membership,
  OrganizationLink,
  RevokedMemberships,
  SignIn,
} from '../identity/identity.ts';

/** The answer for one person, one organization, one tool, at one moment. */
export interface Access extends Assessment {
  readonly decisionId: string;
  /** How the person is linked with the organization now: what was decided on, and what tools are told. */
  readonly link: OrganizationLink;
  /** The level that was decided on: that of the sign-in for this organization, as it is linked now. */
  readonly acr: string;
  /** The methods that were decided on. */
  readonly amr: readonly string[];
  /**
   * Whether the flow may go on: a `gate` client needs `allow`; a `claims` client is told in the token, unless the person
   * was revoked: there is no token that would be true.
   */
  readonly passes: boolean;
}

export interface AccessRequest {
  readonly client: Client;
  readonly signIn: SignIn;
  readonly membership: Membership;
}

export type AccessOf = (ctx: KoaContextWithOIDC | undefined, request: AccessRequest) => Promise<Access>;

/** As the policy in force says. */
export const takingEmailCode =
  ({ snapshot, clock }: { readonly snapshot: () => Snapshot; readonly clock: Clock }) =>
  (service: string): boolean =>
    snapshot().policyFor(service, clock())?.policy.email_code === true;

export interface AccessNeeds {
  readonly assess: Assess;
  readonly declaredMemberships: DeclaredMemberships;
  readonly revokedMemberships: RevokedMemberships;
  /** Whether the rules of a service take a code sent by mail for a second factor, now. */
  readonly takesEmailCode: (service: string) => boolean;
}

/** Asks once per request: checks, grant, claims and lifetimes of one request all see the same decision. */
export function createAccess(needs: AccessNeeds): AccessOf {
  const asked = new WeakMap<KoaContextWithOIDC, Map<string, Promise<Access>>>();
  return (ctx, request) => {
    if (ctx === undefined) return ask(needs, request);
    const answers = asked.get(ctx) ?? new Map<string, Promise<Access>>();
    asked.set(ctx, answers);
    const key = `${request.client.client_id} ${request.signIn.id} ${request.membership.siret}`;
    const answer = answers.get(key) ?? ask(needs, request);
    answers.set(key, answer);
    return answer;
  };
}

/**
 * What stands now, unless the sign-in knew less: what was vouched for since counts from the next one. Nobody vouches for it any
 * more: it is worth what the person said then.
 */
function linkNow(
  { authTime }: SignIn,
  membership: Membership,
  stands: OrganizationLink | undefined,
): OrganizationLink {
  const { level, method, verifiedAt } = membership;
  if (stands === undefined) return { level: 'declared', method: 'none', verifiedAt: authTime };
  return linkLevels.indexOf(stands.level) <= linkLevels.indexOf(level)
    ? stands
    : { level, method, verifiedAt };
}

async function ask(needs: AccessNeeds, { client, signIn, membership }: AccessRequest): Promise<Access> {
  const { origin } = membership;
  const stands =
    origin === 'declared'
      ? await needs.declaredMemberships.linkOf(signIn.accountId, membership.siret)
      : membership;
  const revoked =
    (stands === undefined &&
      (await needs.declaredMemberships.hasEnded(signIn.accountId, membership.siret))) ||
    (await needs.revokedMemberships.isRevoked(signIn.accountId, membership.siret));
  const link = linkNow(signIn, membership, stands);
  const { acr, amr } = authenticationFor(
    signIn,
    { level: link.level, origin },
    { emailCode: signIn.emailCode === true && needs.takesEmailCode(client.service) },
  );
  const assessment = await needs.assess({
    service: client.service,
    clientId: client.client_id,
    siret: membership.siret,
    link: link.level,
    revoked,
    email: signIn.email,
    // Nobody vouches for the address: what a policy says of domains is unknown of it.
    emailDomain: signIn.emailDomain === '' ? undefined : signIn.emailDomain,
    emailVerified: signIn.emailVerified,
    acr,
    amr,
    idp: signIn.idp,
    authTime: new Date(signIn.authTime * 1000),
  });
  const { decision } = assessment;
  const decisionId = `d_${createHash('sha256')
    .update(
      [
        signIn.id,
        client.client_id,
        membership.siret,
        decision.policyHash,
        decision.decidedAt.toISOString(),
      ].join('\u0000'),
    )
    .digest('base64url')
    .slice(0, 22)}`;
  return {
    ...assessment,
    decisionId,
    link,
    acr,
    amr,
    passes: !revoked && (client.enforcement === 'claims' || decision.decision === 'allow'),
  };
}
