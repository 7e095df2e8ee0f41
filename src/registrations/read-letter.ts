import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import type { Database } from '../storage/storage.ts';
import type { OperatorActor } from './act.ts';
import { isOpenTo } from './drafts.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { letterColumns, letterOfRow, letterRowSchema, readRow } from './open.ts';
import type { LetterSent } from './opened.ts';
import { unknownFile } from './refusals.ts';

async function readLetter(db: Kysely<Database>, id: string, letter: string): Promise<LetterSent | undefined> {
  const row: unknown = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(letter)
    ? await db
        .selectFrom('letter')
        .select(letterColumns)
        .where('id', '=', letter)
        .where('registration_id', '=', id)
        .executeTakeFirst()
    : undefined;
  return row === undefined ? undefined : letterOfRow(letterRowSchema.parse(row));
}

/**
 * The first time that the addressee opens it is the proof of its notification, and is recorded as such.
 *
 * @throws BrokerError M-FILE-001
 */
export async function letterForApplicant(
  { db, clock }: RegistrationsNeeds,
  id: string,
  accountId: string,
  letter: string,
  reading: 'opens' | 'asks' = 'opens',
): Promise<LetterSent> {
  const row = await readRow(db, id);
  const found = row?.accountId === accountId ? await readLetter(db, id, letter) : undefined;
  if (found === undefined) throw unknownFile(id);
  if (reading === 'asks' || found.readAt !== undefined) return found;
  return db.transaction().execute(async (trx) => {
    const now = clock();
    const first = await trx
      .updateTable('letter')
      .set({ read_at: now })
      .where('id', '=', found.id)
      .where('read_at', 'is', null)
      .returning('id')
      .execute();
    if (first.length === 0) return (await readLetter(trx, id, letter)) ?? found;
    await appendAudit(trx, now, [
      {
        act: 'letter.open',
        subject: `registration:${id}`,
        actor: { kind: 'account', accountId },
        after: { letter: found.id, kind: found.kind, sha256: found.sha256 },
      },
    ]);
    return { ...found, readAt: now };
  });
}

/**
 * Of a file that nobody sent, for whoever signs in for its organization. It proves no notification: nobody has shown that
 * this person represents it, and no time runs against the organization.
 *
 * @throws BrokerError M-FILE-001
 */
export async function letterForOrganization(
  { db }: RegistrationsNeeds,
  id: string,
  sirens: readonly string[],
  letter: string,
): Promise<LetterSent> {
  const row = await readRow(db, id);
  const found = row !== undefined && isOpenTo(row, sirens) ? await readLetter(db, id, letter) : undefined;
  if (found === undefined) throw unknownFile(id);
  return found;
}

/** Reading it here notifies nobody. @throws BrokerError M-FILE-001 */
export async function letterForOperator(
  { db }: RegistrationsNeeds,
  id: string,
  letter: string,
): Promise<LetterSent> {
  const found = await readLetter(db, id, letter);
  if (found === undefined) throw unknownFile(id);
  return found;
}

/**
 * A letter for which no address is known, put into the post. It proves no notification: only what the post gives back does.
 *
 * @throws BrokerError M-FILE-001 when there is none to post
 */
export async function postedLetter(
  { db, clock }: RegistrationsNeeds,
  id: string,
  actor: OperatorActor,
  letter: string,
): Promise<void> {
  const found = await readLetter(db, id, letter);
  if (found?.toPost !== true) throw unknownFile(id);
  await db.transaction().execute(async (trx) => {
    const now = clock();
    const first = await trx
      .updateTable('letter')
      .set({ posted_at: now, posted_by: `operator:${actor.id}` })
      .where('id', '=', found.id)
      .where('posted_at', 'is', null)
      .returning('id')
      .execute();
    if (first.length === 0) return;
    const after = { letter: found.id, kind: found.kind, sha256: found.sha256 };
    await appendAudit(trx, now, [{ act: 'letter.post', subject: `registration:${id}`, actor, after }]);
  });
}
