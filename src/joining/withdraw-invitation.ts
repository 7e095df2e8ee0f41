import { sql } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import { representatives } from '../registrations/registrations.ts';
import type { JoiningAuthor, JoiningNeeds } from './needs.ts';
import { refused, unknownJoined } from './step.ts';

const rowsSchema = z.array(z.object({ siren: z.string(), open: z.boolean() }));

/**
 * Whoever represents the organization takes an invitation back, whoever of them sent it: its link leads to nothing any more.
 *
 * @throws BrokerError M-JOIN-001 when it is not of an organization of theirs, M-JOIN-002 when it is over already
 */
export async function withdrawInvitation(
  { db, clock }: Pick<JoiningNeeds, 'db' | 'clock'>,
  { accountId }: Extract<JoiningAuthor, { kind: 'applicant' }>,
  id: string,
): Promise<void> {
  if (!z.uuid().safeParse(id).success) throw unknownJoined(id);
  const at = clock();
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      select siren, ended is null and expires_at > ${at}::timestamptz as open from joining_invitation
      where id = ${id}::uuid for update`.execute(trx);
    const [found] = rowsSchema.parse(rows);
    const represent = found === undefined ? [] : await representatives(trx, at, { siren: found.siren });
    if (found === undefined || !represent.some((one) => one.accountId === accountId)) throw unknownJoined(id);
    if (!found.open) throw refused('not_now', id);
    await trx
      .updateTable('joining_invitation')
      .set({ ended: 'withdrawn', ended_at: at })
      .where('id', '=', id)
      .execute();
    await appendAudit(trx, at, [
      {
        act: 'joining.withdraw_invitation',
        subject: `organization:${found.siren}`,
        actor: { kind: 'account', accountId },
        before: { invitation: id },
        after: { invitation: id, state: 'withdrawn' },
      },
    ]);
  });
}
