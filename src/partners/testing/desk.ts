import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { newMigratedDataDir } from '../../../test/support/migrated-data-dir.ts';
import { createSeal } from '../../config/config.ts';
import { BrokerError } from '../../errors/errors.ts';
import { migrate, openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import { createPartners, partnerSealPurpose } from '../partners.ts';
import type { Partner, Partners } from '../partners.ts';

export const site = { origin: 'https://connexion.example', rpId: 'connexion.example' } as const;
export const names = { givenName: 'Anne', usualName: 'Le Goff' } as const;

/** Partners on a database of their own. */
export interface Desk {
  readonly stores: Stores;
  readonly partners: Partners;
  readonly clock: () => Date;
  newPartner(address?: string): Promise<Partner>;
  /** Subjects of the mails that wait, by recipient and then by subject; they are gone then. */
  mails(): Promise<readonly { readonly to: string; readonly subject: string; readonly text: string }[]>;
  /** Names of the acts on a partner. */
  acts(id: string): Promise<readonly string[]>;
  pass(seconds: number): void;
  close(): Promise<void>;
}

export async function openDesk(databaseUrl?: string): Promise<Desk> {
  let now = new Date('2026-11-22T10:00:00Z').getTime();
  const clock = () => new Date(now);
  const dataDir = await newMigratedDataDir();
  const stores = await openStores({ databaseUrl, dataDir, clock });
  await migrate(stores, 'migrations');
  const { db } = stores;
  const partners = createPartners({
    db,
    clock,
    randomId: randomUUID,
    random: randomBytes,
    seal: createSeal(['k'.repeat(43)], partnerSealPurpose, clock),
    issuer: new URL(`${site.origin}/api/v2`),
  });
  let count = 0;
  return {
    stores,
    partners,
    clock,
    newPartner(address) {
      count += 1;
      return partners.create(address ?? `anne${count}@asso.example`, names);
    },
    async mails() {
      const rows = await db.selectFrom('mail').select(['recipient', 'subject', 'text']).execute();
      await db.deleteFrom('mail').execute();
      return rows
        .map(({ recipient: to, subject, text }) => ({ to, subject, text }))
        .toSorted((one, other) => (`${one.to} ${one.subject}` < `${other.to} ${other.subject}` ? -1 : 1));
    },
    async acts(id) {
      const rows = await db
        .selectFrom('audit_entry')
        .select('act')
        .where('subject', '=', `partner:${id}`)
        .orderBy('seq')
        .execute();
      return rows.map(({ act }) => act);
    },
    pass(seconds) {
      now += seconds * 1000;
    },
    async close() {
      await stores.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The code of an error, or 'done'. */
export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof BrokerError ? error.code : error),
  );
