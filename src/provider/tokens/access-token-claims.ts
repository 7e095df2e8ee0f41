import type { Bearer } from '../account.ts';
import { buildClaims } from '../claims.ts';

/**
 * What a JWT access token says beyond what the library puts in it (RFC 9068 §2.2): how the person signed in (§2.2.1),
 * and what they may do, as `roles`, `groups` and `entitlements` with the meanings of RFC 7643 §4.1.2 (§2.2.3.1), from
 * the decision taken now. They pass through the hands of the client, which can read them: it gets those of its
 * registration and no others (domain reference §6.3 rule 1).
 * Opaque tokens carry nothing: whoever introspects one is told that access still stands.
 */
export function accessTokenClaims({ client, snapshot, access }: Bearer): Readonly<Record<string, unknown>> {
  const { roles, groups, entitlements } = buildClaims({
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
  return {
    auth_time: snapshot.signIn.authTime,
    acr: access.acr,
    amr: access.amr,
    roles,
    groups,
    entitlements,
  };
}
