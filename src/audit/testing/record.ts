import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { newMigratedDataDir } from '../../../test/support/migrated-data-dir.ts';
import { openStores } from '../../storage/storage.ts';
import type { Database, Stores } from '../../storage/storage.ts';
import { appendAudit } from '../append.ts';
import type { AuditEvent } from '../append.ts';
import type { RowFinding } from '../check-rows.ts';
import { verifyAudit } from '../verify.ts';

export const operator = {
  kind: 'operator',
  id: 'anne',
  givenName: 'Anne',
  usualName: 'Martin',
  capacity: 'responsable du pôle',
  organization: 'DINUM',
  sirens: ['130025265'],
} as const;

export const applicant = {
  kind: 'applicant',
  accountId: '0198f6a2-0000-7000-8000-000000000001',
  givenName: 'Camille',
  usualName: 'Dubois',
  email: 'camille@asso.example',
} as const;

export const person = `account:${applicant.accountId}`;
export const file = 'registration:D-26-7K3QXWPB';

export const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 10, minute));

export const append = (db: Kysely<Database>, when: Date, ...events: readonly AuditEvent[]) =>
  db.transaction().execute((trx) => appendAudit(trx, when, events));

/** Eight entries, one a minute. */
export const story: readonly AuditEvent[] = [
  { act: 'registration.submit', subject: file, actor: applicant, after: { services: ['docs'] } },
  { act: 'evidence.read', subject: file, actor: operator },
  { act: 'registration.take', subject: file, actor: operator },
  {
    act: 'registration.approve',
    subject: file,
    actor: operator,
    reason: 'Convention du 3 mars, vue.',
    before: { status: 'pending' },
    after: { status: 'active', level: 'member' },
  },
  { act: 'account.read', subject: person, actor: operator, reason: 'Demande de la personne' },
  { act: 'registration.expire', subject: file, actor: { kind: 'clock' } },
  { act: 'key.rotate', subject: 'key:abc', actor: { kind: 'command_line', user: 'root' } },
  { act: 'organization.close', subject: 'organization:000000109', actor: { kind: 'register' } },
];

/** Stores on a database of their own, for one file of tests. */
export function useStores(): () => Stores {
  let stores: Stores | undefined;
  let dataDir = '';
  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    stores = await openStores({ dataDir, clock: () => at(0) });
  }, 60_000);
  afterAll(async () => {
    await stores?.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return () => {
    if (stores === undefined) throw new Error('not open yet');
    return stores;
  };
}

export async function tell(db: Kysely<Database>, events: readonly AuditEvent[] = story): Promise<void> {
  for (const [minute, event] of events.entries()) await append(db, at(minute), event);
}

class Undone extends Error {}

/** What somebody with every right on the database could do, undone afterwards. */
export async function tampering<T>(
  db: Kysely<Database>,
  tamper: (trx: Kysely<Database>) => Promise<unknown>,
  look: (trx: Kysely<Database>) => Promise<T>,
): Promise<T> {
  const seen: T[] = [];
  const work = db.transaction().execute(async (trx) => {
    await sql`alter table audit_entry disable trigger user`.execute(trx);
    await tamper(trx);
    seen.push(await look(trx));
    throw new Undone();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  const [found] = seen;
  if (found === undefined) throw new Error('nothing was looked at');
  return found;
}

/** What verification says of rows outside of the record that somebody rewrote; undone afterwards. */
export const rewritten = (
  db: Kysely<Database>,
  ...statements: readonly string[]
): Promise<readonly RowFinding[]> =>
  tampering(
    db,
    async (trx) => {
      for (const statement of statements) await sql.raw(statement).execute(trx);
    },
    async (trx) => (await verifyAudit(trx)).rows,
  );

export async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
