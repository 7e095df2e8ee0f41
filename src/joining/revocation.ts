import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actorReference, appendAudit, rowsNow } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { inOneLine } from '../http/http.ts';
import type { Database } from '../storage/storage.ts';
import type { Joined } from './rows.ts';

const idSchema = z.array(z.object({ id: z.string() }));

/**
 * What somebody who answers for the organization takes away is taken away as members/ does it: it outlives this membership, an
 * erasure and another account of the person (identity/), ends their guests, and only members/ gives it back. Under `lockJoining`.
 */
export async function takeAway(
  trx: Kysely<Database>,
  at: Date,
  {
    held: { accountId, siren, siret, level = 'declared', method, name, address },
    author,
    reason = '',
  }: { readonly held: Joined; readonly author: AuditActor; readonly reason?: string | undefined },
): Promise<void> {
  const actor: AuditActor =
    author.kind === 'applicant' ? { kind: 'account', accountId: author.accountId } : author;
  const why = inOneLine(reason).slice(0, 500);
  // Of an account that has not signed in since it joined, there is no row yet.
  const { rows } = await sql`
    insert into membership (account_id, siren, siret, idp_id, origin, level, method, usual_name, email, email_verified,
                            first_seen_at, last_seen_at, revoked_at, revoked_by, revoked_reason)
    select account_id, ${siren}, ${siret}, idp_id, 'declared', ${level}, ${method ?? 'none'}, ${name === '' ? null : name}::text,
           ${address ?? null}::text, false, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz,
           ${actorReference(actor)}, ${why}
    from identity where account_id = ${accountId}::uuid order by last_seen_at desc limit 1
    on conflict (account_id, siren) do update set
      revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by, revoked_reason = excluded.revoked_reason,
      confirmed_at = null, confirmed_by = null, version = membership.version + 1
    where membership.revoked_at is null
    returning id::text as id`.execute(trx);
  const [row] = idSchema.parse(rows);
  if (row === undefined) return;
  await appendAudit(trx, at, [
    {
      act: 'member.revoke',
      subject: `account:${accountId}`,
      actor,
      reason: why === '' ? undefined : why,
      before: { siren },
      after: { siren, state: 'revoked' },
      rows: await rowsNow(trx, [{ table: 'membership', key: row.id }]),
    },
  ]);
}
