/** Where the provider keeps what it issues: codes, tokens, grants with their snapshots, and who entered what. Wired here for compose.ts. */
import type { Clock, Logger } from './config/config.ts';
import { clientWhoseTokensRotate } from './provider/provider.ts';
import {
  createOidcAdapter,
  createRevocation,
  createSignInUses,
  grantSnapshot,
  setPendingSnapshot,
} from './storage/storage.ts';
import type { Stores } from './storage/storage.ts';

export function providerStores({
  stores: { db, ephemeral },
  clock,
  logger,
}: {
  readonly stores: Pick<Stores, 'db' | 'ephemeral'>;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  return {
    db,
    ephemeral,
    adapter: createOidcAdapter({ db, ephemeral, clock, refreshingClient: clientWhoseTokensRotate }),
    snapshots: { prepare: setPendingSnapshot, read: (grantId: string) => grantSnapshot(db, grantId) },
    replayOnce: (key: string, expiresAt: Date) =>
      ephemeral.replayOnce(key, Math.ceil(expiresAt.getTime() / 1000)),
    revocation: createRevocation({ db, ephemeral, clock }),
    signInUses: createSignInUses({ db, logger }),
  };
}
