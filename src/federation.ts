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
  shareStatuses,
  usualPace,
  windowMinutes,
} from './upstream/upstream.ts';
import type { Board, ExchangeProtection, IdpStatus, Pace } from './upstream/upstream.ts';

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
    isAway: (idp: IdentityProvider) => !isPartnerProvider(idp) && upstream.isAway(idp),
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

function exchangeFigures(metrics: Metrics) {
  const ends = metrics.counter('maillon_idp_exchanges_total', 'Ends of sign-ins, by provider and outcome', [
    'idp',
    'outcome',
  ]);
  const seconds = metrics.duration(
    'maillon_idp_exchange_seconds',
    'What a provider takes from the code to the identity',
    ['idp'],
  );
  return ({ id: idp }: IdentityProvider, outcome: string, ms: number): void => {
    ends.inc({ idp, outcome });
    seconds.observe({ idp }, ms / 1000);
  };
}

function statusFigures(metrics: Metrics, statuses: () => readonly IdpStatus[]): void {
  const figure = (name: string, help: string, read: (one: IdpStatus) => number | undefined): void =>
    metrics.gauge(`maillon_idp_${name}`, help, ['idp'], () =>
      statuses().flatMap((one) => {
        const value = read(one);
        return value === undefined ? [] : [{ labels: { idp: one.id }, value }];
      }),
    );
  const instant = (date: Date | undefined) => date && Math.floor(date.getTime() / 1000);
  figure('up', '1: people are sent there; 0: they are told that it does not answer', ({ reach, breaker }) =>
    reach === 'away' || breaker === 'open' ? 0 : 1,
  );
  figure('stale', '1: its metadata could not be read again, the former serve', ({ reach }) =>
    reach === 'failing' ? 1 : 0,
  );
  figure('recent_exchanges', 'Of the last 15 minutes', ({ recent }) => recent.asked);
  figure('recent_failures', 'Of the last 15 minutes', ({ recent }) => recent.failed);
  figure('key_changes', 'Since this process started', ({ keyChanges }) => keyChanges);
  figure('metadata_read_timestamp_seconds', 'Last time they were read', (one) => instant(one.metadataReadAt));
  figure('keys_read_timestamp_seconds', 'Last time they were read', (one) => instant(one.keysReadAt));
  figure('last_success_timestamp_seconds', 'Last sign-in', (one) => instant(one.lastSuccess));
  figure('certificate_end_timestamp_seconds', 'End of its TLS certificate', (one) =>
    instant(one.certificateEndsAt),
  );
}
