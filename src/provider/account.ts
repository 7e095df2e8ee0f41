import type { Account, KoaContextWithOIDC } from 'oidc-provider';
import type { Client } from '../declarations/declarations.ts';
import type { Access, AccessOf } from './access.ts';
import { buildClaims } from './claims.ts';
import { readSnapshot } from './grants.ts';
import type { GrantSnapshot, SnapshotStore } from './grants.ts';
import type { SessionIdentities } from './session-identity.ts';
import type { StillVouchedFor } from './still-vouched-for.ts';

/** The part of a code, an access token or a refresh token that leads to an identity. */
interface Token {
  readonly grantId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** Whose the tokens of a request are, and what was decided about them now. */
export interface Bearer {
  /** The client that they were given to; whoever introspects them may be another one. */
  readonly client: Client;
  readonly snapshot: GrantSnapshot;
  readonly access: Access;
}

export interface Accounts {
  /** `findAccount` of the library. */
  readonly find: (ctx: KoaContextWithOIDC, sub: string, token?: Token) => Promise<Account | undefined>;
  /** Behind the tokens of this request; their lifetime ends with the decision. */
  readonly bearerOfTokens: (ctx: KoaContextWithOIDC) => Bearer | undefined;
}

/**
 * At `/authorize` an account is the sign-in of the session. Behind a token it is the snapshot of the token's grant,
 * with live facts and a decision taken now: whoever lost access gets `invalid_grant` at refresh, `invalid_token` at
 * userinfo (the library's answers when nobody is found).
 */
export function createAccounts(needs: {
  readonly identities: SessionIdentities;
  readonly snapshots: SnapshotStore;
  readonly accessOf: AccessOf;
  readonly declared: (clientId: string) => Client | undefined;
  readonly stillVouchedFor: StillVouchedFor;
}): Accounts {
  const { identities, snapshots, accessOf, declared, stillVouchedFor } = needs;
  const bearers = new WeakMap<KoaContextWithOIDC, Bearer>();

  return {
    bearerOfTokens: (ctx) => bearers.get(ctx),
    async find(ctx, sub, token) {
      if (token === undefined) {
        const identity = await identities.ofRequest(ctx);
        if (identity?.signIn.accountId !== sub) return undefined;
        return { accountId: sub, claims: () => ({ sub }) };
      }
      const client = token.clientId === undefined ? undefined : declared(token.clientId);
      if (token.grantId === undefined || client === undefined) return undefined;
      const snapshot = await readSnapshot(snapshots, token.grantId);
      if (snapshot?.signIn.accountId !== sub || !stillVouchedFor(snapshot.signIn)) return undefined;
      const access = await accessOf(ctx, { client, ...snapshot });
      bearers.set(ctx, { client, snapshot, access });
      if (!access.passes) return undefined;
      return {
        accountId: sub,
        claims: (use, _scope, requested) => release(use, requested, { sub, client, snapshot, access }),
      };
    },
  };
}

/**
 * Userinfo carries every claim of the granted scopes; the ID token carries them too for clients that say so, and
 * otherwise only those that the `claims` parameter requested there (OpenID Connect Core §5.4, §5.5).
 */
function release(
  use: string,
  requested: Readonly<Record<string, unknown>> | null | undefined,
  { sub, client, snapshot, access }: { sub: string; client: Client; snapshot: GrantSnapshot; access: Access },
): { sub: string; [claim: string]: unknown } {
  const claims = buildClaims({
    ...snapshot,
    service: client.service,
    organization: access.organization,
    link: access.link,
    decision: access.decision,
    decisionId: access.decisionId,
    amr: access.amr,
    allowedScopes: new Set(client.scope.split(' ')),
    extendedRoles: client.extended_roles,
  });
  if (use !== 'id_token' || client.claims_in_id_token) return { ...claims, sub };
  const wanted = new Set(Object.keys(requested ?? {}));
  return { ...Object.fromEntries(Object.entries(claims).filter(([name]) => wanted.has(name))), sub };
}
