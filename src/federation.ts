/**
 * Who signs people in elsewhere: the client towards identity providers, and what watches over them. Wired here for
 * compose.ts.
 */
import { randomUUID } from 'node:crypto';
import { appendAudit } from './audit/audit.ts';
import { createSeal } from './config/config.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import {
  decryptionAlgorithmsOf,
  idpSecret,
  idpSecretPurpose,
  isPartnerProvider,
} from './declarations/declarations.ts';
import type { IdentityProvider, Snapshot } from './declarations/declarations.ts';
import type { Metrics } from './http/http.ts';
import type { KeySet } from './keys/keys.ts';
import type { EphemeralStore, Stores } from './storage/storage.ts';
import {
  createFetchFor,
  createUpstream,
  exchangeFigures,
  shareStatuses,
  statusFigures,
  usualPace,
  windowMinutes,
} from './upstream/upstream.ts';
import type { Board, ExchangeProtection, Pace } from './upstream/upstream.ts';

export type Federation = ReturnType<typeof createFederation>;

/** How closely identity providers are watched; what is absent is usual. */
export interface Watching {
  /** Where its figures go. */
  readonly metrics: Metrics;
  readonly pace?: Pace | undefined;
  readonly protection?: ExchangeProtection | undefined;
}

export function createFederation(needs: {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly snapshot: () => Snapshot;
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly keys: () => KeySet;
  readonly stores: Pick<Stores, 'db' | 'ephemeral'>;
  readonly watching: Watching;
}) {
  const { config, logger, clock, snapshot, once, keys, watching } = needs;
  const { metrics } = watching;
  const { db, ephemeral } = needs.stores;
  const idpSeal = createSeal(config.encryptionKeys, idpSecretPurpose);
  const upstream = createUpstream({
    issuer: config.issuer,
    seal: createSeal(config.encryptionKeys, 'upstream-attempt', clock),
    signOutSeal: createSeal(config.encryptionKeys, 'upstream-sign-out', clock),
    clock,
    logger,
    allowLoopbackHttp: !config.production,
    fetchFor: createFetchFor({ privateNetworks: config.privateNetworks }),
    keys,
    record: async (at, refusal) => {
      await db
        .transaction()
        .execute((trx) => appendAudit(trx, at, [{ actor: { kind: 'broker' }, ...refusal }]));
    },
    secretOf: async (idp) => {
      const declared = snapshot().identityProviders.get(idp.id);
      return declared === undefined ? undefined : idpSecret(idpSeal, declared);
    },
    protection: watching.protection,
    onExchange: exchangeFigures(metrics),
    once,
  });
  /** Those that one talks to: accounts kept here are no such provider. */
  const elsewhere = (): readonly IdentityProvider[] =>
    [...snapshot().identityProviders.values()].filter((idp) => !isPartnerProvider(idp));
  const enabled = () => elsewhere().filter((idp) => idp.enabled);
  const statuses = () => enabled().map(upstream.status);
  statusFigures(metrics, statuses);
  const watch = upstream.watch(enabled, watching.pace ?? usualPace);
  const shared = shareStatuses({
    own: statuses,
    board: boardOn(ephemeral),
    process: randomUUID(),
    onProblem: (error) => logger.warn({ err: error }, 'how identity providers are could not be shared'),
  });
  return {
    upstream,
    /** Accounts kept here are away when we are. */
    isAway: async (idp: IdentityProvider) => !isPartnerProvider(idp) && upstream.isAway(idp),
    /** What a sign-in goes through. */
    forInteraction: {
      upstream,
      rememberedIdpSeal: createSeal(config.encryptionKeys, 'remembered-idp', clock),
    },
    /** Of the identity providers that are open, as all processes see them. */
    providerStatuses: { windowMinutes, all: shared.all },
    /** What identity providers are to encrypt to. */
    wantedKeys: () => decryptionAlgorithmsOf(elsewhere()),
    async stop() {
      shared.stop();
      upstream.close();
      await watch.stop();
    },
  };
}

const boardIndex = 'idp:seen-by';

function boardOn(ephemeral: EphemeralStore): Board {
  return {
    async put(process, value, ttl) {
      await ephemeral.pipeline([
        { kind: 'set', key: `${boardIndex}:${process}`, value, ttl },
        { kind: 'index', key: boardIndex, member: `${boardIndex}:${process}`, ttl },
      ]);
    },
    async all() {
      const keys = await ephemeral.members(boardIndex);
      const left = keys.length === 0 ? [] : await ephemeral.getMany(keys);
      return left.filter((text) => text !== undefined);
    },
  };
}
