import { sql } from 'kysely';
import { z } from 'zod';
import { declaredPeople } from '../identity/identity.ts';
import { invitationsOfPerson } from '../invitations/invitations.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { lateRefusals } from '../joining/joining.ts';
import { partnerIdsOf } from '../partners/partners.ts';
import { ofPerson } from '../registrations/registrations.ts';
import { isProposed, operatorsOf } from './charge.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import type { ErasureFacts } from './plan.ts';

const rowSchema = z.object({
  blocked: z.boolean(),
  revoked: z.boolean(),
  declared: z.number(),
  mails: z.number(),
  waiting: z.number(),
});

/** Undefined for an account that is not there, or that was erased and to which nothing leads any more. */
export async function erasureFacts(
  needs: PersonalDataNeeds,
  { accountId, address }: Person & { readonly accountId: string },
): Promise<ErasureFacts | undefined> {
  const { db, clock } = needs;
  const to = address ?? '';
  const { rows } = await sql`
    select blocked_at is not null as blocked,
      exists (select from membership where account_id = account.id and revoked_at is not null) as revoked,
      (select count(*)::int from ${declaredPeople()} as person
        where person.account_id = account.id and not joined) as declared,
      (select count(*)::int from mail where lower(recipient) = ${to} and next_attempt_at is null) as mails,
      (select count(*)::int from mail where lower(recipient) = ${to} and next_attempt_at is not null) as waiting
    from account where id = ${accountId}::uuid
      and not (blocked_at is not null and exists (select from erasure where account_id = account.id)
        and not exists (select from identity where account_id = account.id))`.execute(db);
  const [row] = z.array(rowSchema).parse(rows);
  if (row === undefined) return undefined;
  const [operators, proposed, files, invitations, refusals] = await Promise.all([
    operatorsOf(needs, accountId),
    isProposed(needs, accountId),
    ofPerson.files(db, accountId),
    invitationsOfPerson(db, clock(), { accountId, address }),
    lateRefusals(db, clock(), accountId),
  ]);
  return {
    charged: operators.length > 0 || proposed,
    held: row.blocked ? 'blocked' : row.revoked ? 'revoked' : undefined,
    declaredMemberships: row.declared,
    files,
    invitations,
    refusals: refusals.map(({ until }) => addDays(parisDate(until), 1)),
    mails: row.mails,
    waitingMails: row.waiting,
    partner: (await partnerIdsOf(db, accountId)).length > 0,
    told: address !== undefined,
  };
}
