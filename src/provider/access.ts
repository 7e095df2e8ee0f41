import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Client } from '../declarations/declarations.ts';
import type { Assess, Assessment } from '../eligibility/eligibility.ts';
import type { DeclaredMemberships, Membership, RevokedMemberships, SignIn } from '../identity/identity.ts';

/** The answer for one person, one organization, one tool, at one moment. */
export interface Access extends Assessment {
  readonly decisionId: string;
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

export interface AccessNeeds {
  readonly assess: Assess;
  readonly declaredMemberships: DeclaredMemberships;
  readonly revokedMemberships: RevokedMemberships;
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

async function ask(needs: AccessNeeds, { client, signIn, membership }: AccessRequest): Promise<Access> {
  const withdrawn =
    membership.origin === 'declared' &&
    !(await needs.declaredMemberships.stands(signIn.accountId, membership.siret));
  const revoked = await needs.revokedMemberships.isRevoked(signIn.accountId, membership.siret);
  const assessment = await needs.assess({
    service: client.service,
    clientId: client.client_id,
    siret: membership.siret,
    // Nobody vouches for it any more: it is worth what the person says.
    link: withdrawn ? 'declared' : membership.level,
    revoked,
    email: signIn.email,
    // Nobody vouches for the address: what a policy says of domains is unknown of it.
    emailDomain: signIn.emailDomain === '' ? undefined : signIn.emailDomain,
    emailVerified: signIn.emailVerified,
    acr: signIn.acr,
    amr: signIn.amr,
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
    passes: !revoked && (client.enforcement === 'claims' || decision.decision === 'allow'),
  };
}
