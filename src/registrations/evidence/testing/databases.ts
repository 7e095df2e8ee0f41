import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newMigratedDataDir } from '../../../../test/support/migrated-data-dir.ts';
import { startPostgres } from '../../../../test/support/services.ts';
import { migrate, openStores } from '../../../storage/storage.ts';
import type { Stores } from '../../../storage/storage.ts';
import { storeEvidence } from '../store.ts';
import type { EvidencePiece } from '../store.ts';

export const now = new Date('2026-11-22T10:00:00Z');
export const one = 'D-26-0000000A';
export const other = 'D-26-0000000B';

/** Each back end that this machine has; `open` makes a new database. */
export async function backEnds(suite: string): Promise<{
  readonly names: readonly (readonly [string, () => Promise<Opened>])[];
  readonly stop: () => Promise<void>;
}> {
  const postgres = await startPostgres(suite);
  const names: [string, () => Promise<Opened>][] = [['PGlite', () => open(undefined)]];
  if (postgres !== undefined) names.push(['PostgreSQL', async () => open(await postgres.createDatabase())]);
  return { names, stop: async () => postgres?.stop() };
}

export interface Opened {
  readonly stores: Stores;
  /** Two drafts, `one` and `other`, and nothing else. */
  reset(): Promise<void>;
  draft(id: string, values?: DraftValues): Promise<void>;
  put(registrationId: string, bytes: Buffer, kind?: 'statutes' | 'mandate'): Promise<EvidencePiece>;
  close(): Promise<void>;
}

interface DraftValues {
  readonly stage?: 'draft' | 'ended';
  readonly sentAt?: Date;
}

async function open(databaseUrl: string | undefined): Promise<Opened> {
  const dataDir = await newMigratedDataDir();
  const stores = await openStores({ databaseUrl, dataDir, clock: () => now });
  await migrate(stores, join(import.meta.dirname, '../../../../migrations'));

  async function draft(id: string, { stage = 'draft', sentAt }: DraftValues = {}): Promise<void> {
    await stores.db
      .insertInto('registration')
      .values({
        id,
        account_id: '00000000-0000-4000-8000-000000000001',
        organization: null,
        siren: null,
        organization_name: null,
        organization_type: null,
        department: null,
        draft: '{}',
        stage,
        submitted_at: sentAt ?? null,
        due_on: null,
        taken_by: null,
        taken_at: null,
        renews: null,
        created_at: now,
        updated_at: now,
      })
      .execute();
  }

  return {
    stores,
    draft,
    async reset() {
      await stores.db.deleteFrom('registration').execute();
      for (const id of [one, other]) await draft(id);
    },
    put: (registrationId, bytes, kind = 'statutes') =>
      stores.db.transaction().execute((trx) =>
        storeEvidence(trx, {
          id: randomUUID(),
          registrationId,
          kind,
          file: { name: 'statuts été.pdf', mediaType: 'application/pdf', bytes },
          at: now,
        }),
      ),
    async close() {
      await stores.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
