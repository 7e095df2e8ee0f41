/**
 * Who signs people in elsewhere: the client towards identity providers, and what watches over them. Wired here for
 * compose.ts.
 */
import { createSeal } from './config/config.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import { idpSecret, idpSecretPurpose } from './declarations/declarations.ts';
import type { Snapshot } from './declarations/declarations.ts';
import { createUpstream } from './upstream/upstream.ts';

export type Federation = ReturnType<typeof createFederation>;

export function createFederation(needs: {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly snapshot: () => Snapshot;
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
}) {
  const { config, logger, clock, snapshot, once } = needs;
  const idpSeal = createSeal(config.encryptionKeys, idpSecretPurpose);
  const upstream = createUpstream({
    issuer: config.issuer,
    seal: createSeal(config.encryptionKeys, 'upstream-attempt', clock),
    signOutSeal: createSeal(config.encryptionKeys, 'upstream-sign-out', clock),
    clock,
    logger,
    allowLoopbackHttp: !config.production,
    secretOf: async (idp) => {
      const declared = snapshot().identityProviders.get(idp.id);
      return declared === undefined ? undefined : idpSecret(idpSeal, declared);
    },
    once,
  });
  return { upstream };
}
