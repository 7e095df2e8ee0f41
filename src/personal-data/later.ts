import { sql } from 'kysely';
import { z } from 'zod';
import { erasePerson } from '../audit/audit.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { invitationsOfPerson, invitationsStillKept } from '../invitations/invitations.ts';
import { ofPerson } from '../registrations/registrations.ts';
import type { PersonalDataNeeds } from './needs.ts';
import type { ErasureFacts } from './plan.ts';

/** While nothing is counted (a file is examined, or in force) somebody looks again after so many days. */
const lookAgainDays = 30;
/** A sign-in that had begun before an erasure ends within an hour. */
const freshMs = 2 * 3600 * 1000;

/** First civil day on which something of what stays may go; null when nothing stays. Pure. */
export function nextDay(
  { files, invitations }: Pick<ErasureFacts, 'files' | 'invitations'>,
  now: Date,
): string | null {
  const sometime = addDays(parisDate(now), lookAgainDays);
  const days = [
    ...files.flatMap(({ standing, until }) =>
      standing === 'ended' ? [until ?? sometime] : standing === 'running' ? [sometime] : [],
    ),
    ...invitations.map(({ until }) => until),
  ];
  const tomorrow = addDays(parisDate(now), 1);
  const first = days.toSorted()[0];
  return first === undefined ? null : first < tomorrow ? tomorrow : first;
}

/** Of `erasure.kept`. */
export const subjectsSchema = z.array(z.string());
const dueSchema = z.array(z.object({ account_id: z.string(), kept: z.string() }));

/**
 * What had to be kept of people who were erased, and has gone since: the details of the record go after it. For the
 * purge: each takes at most `limit` people.
 *
 * @returns how many people were looked at
 */
export function createErasureLater(needs: PersonalDataNeeds): (limit: number) => Promise<number> {
  const { db, clock } = needs;

  async function one(accountId: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const now = clock();
      const row = await trx
        .selectFrom('erasure')
        .select('kept')
        .where('account_id', '=', accountId)
        .where('again_on', '<=', parisDate(now))
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (row === undefined) return;
      const kept = subjectsSchema.parse(JSON.parse(row.kept));
      const named = (kind: string) =>
        kept.filter((one) => one.startsWith(`${kind}:`)).map((one) => one.slice(kind.length + 1));
      const still = [
        ...(await ofPerson.stillKept(trx, named('registration'))).map((id) => `registration:${id}`),
        ...(await invitationsStillKept(trx, named('invitation'))).map((id) => `invitation:${id}`),
      ];
      const files = (await ofPerson.files(trx, accountId)).filter(({ id }) =>
        still.includes(`registration:${id}`),
      );
      const invitations = (await invitationsOfPerson(trx, now, { accountId, address: undefined })).filter(
        ({ id }) => still.includes(`invitation:${id}`),
      );
      const gone = kept.filter((subject) => !still.includes(subject));
      // Of an invitation that somebody got, only its number leads to it: looked at again like a file in force.
      const next = nextDay({ files, invitations }, now);
      const sometime = still.length === 0 ? null : addDays(parisDate(now), lookAgainDays);
      await trx
        .updateTable('erasure')
        .set({ kept: JSON.stringify(still), again_on: next ?? sometime })
        .where('account_id', '=', accountId)
        .execute();
      if (gone.length === 0) return;
      await erasePerson(trx, now, {
        accountId,
        // A file is not about one person: of it only their own acts are emptied.
        subjects: gone.filter((subject) => subject.startsWith('invitation:')),
        except: still,
        actor: { kind: 'clock' },
        reason: 'RGPD, art. 17',
      });
    });
  }

  /** What a sign-in that was under way has opened or written meanwhile. */
  async function fresh(limit: number): Promise<void> {
    const since = new Date(clock().getTime() - freshMs);
    const { rows } = await sql<{ account_id: string }>`
      select account_id::text as account_id from erasure join account on account.id = erasure.account_id
      where erased_at >= ${since}::timestamptz and blocked_at = erased_at limit ${limit}::int`.execute(db);
    for (const { account_id: accountId } of rows) {
      await db.deleteFrom('identity').where('account_id', '=', accountId).execute();
      await db.deleteFrom('membership').where('account_id', '=', accountId).execute();
      await needs.endAccess(accountId);
    }
  }

  return async (limit) => {
    await fresh(limit);
    const { rows } = await sql`
      select account_id::text as account_id, kept from erasure
      where again_on <= ${parisDate(clock())}::date order by again_on limit ${limit}::int`.execute(db);
    const due = dueSchema.parse(rows);
    for (const { account_id: accountId } of due) await one(accountId);
    return due.length;
  };
}
