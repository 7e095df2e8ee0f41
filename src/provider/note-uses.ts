import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock, Logger } from '../config/config.ts';
import { isBuiltIn } from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { deviceOf } from '../http/http.ts';
import type { SignInUses } from '../storage/storage.ts';
import type { AccessOf } from './access.ts';
import { buildClaims, claimsByScope } from './claims.ts';
import type { SessionIdentities } from './session-identity.ts';

/**
 * Has each entrance into a tool written down for whoever entered: which tool, when, from what, for which organization, and
 * the names of the claims that it may read. After the answer, from what the request has read already.
 */
export function noteUses(
  library: Provider,
  needs: {
    readonly identities: SessionIdentities;
    readonly clientOf: (ctx: KoaContextWithOIDC) => Client | undefined;
    readonly accessOf: AccessOf;
    readonly signInUses: Pick<SignInUses, 'note'>;
    readonly clock: Clock;
    readonly logger: Pick<Logger, 'warn'>;
  },
): void {
  const { identities, clientOf, accessOf, signInUses, clock, logger } = needs;

  async function note(ctx: KoaContextWithOIDC): Promise<void> {
    const client = clientOf(ctx);
    const identity = await identities.ofRequest(ctx);
    if (client === undefined || isBuiltIn(client) || identity?.membership === undefined) return;
    const { signIn, membership } = identity;
    const access = await accessOf(ctx, { client, signIn, membership });
    const released = buildClaims({
      signIn,
      membership,
      service: client.service,
      organization: access.organization,
      link: access.link,
      decision: access.decision,
      decisionId: access.decisionId,
      amr: access.amr,
      allowedScopes: new Set(client.scope.split(' ')),
      extendedRoles: client.extended_roles,
    });
    const asked = new Set<string>(ctx.oidc.requestParamClaims);
    for (const [scope, claims] of Object.entries(claimsByScope))
      if (ctx.oidc.requestParamScopes.has(scope)) for (const claim of claims) asked.add(claim);
    const { browser = '', system = '' } = deviceOf(ctx.get('user-agent'));
    const lastAt = clock();
    signInUses.note({
      accountId: signIn.accountId,
      clientId: client.client_id,
      siret: membership.siret,
      day: parisDate(lastAt),
      browser,
      system,
      claims: ['sub', ...Object.keys(released)].filter((name) => asked.has(name)).toSorted(),
      lastAt,
    });
  }

  library.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    note(ctx).catch((error: unknown) => {
      logger.warn({ err: error }, 'an entrance into a tool could not be noted');
    });
  });
}
