import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import type { Database } from '../storage/storage.ts';
import { claimFacts } from './claim.ts';
import { tell, toldOf } from './domain-mails.ts';
import { driftOf } from './drift.ts';
import type { Seen } from './drift.ts';
import { transition } from './lifecycle.ts';
import { mayClaim } from './may-claim.ts';
import type { DomainsNeeds } from './needs.ts';
import { checkEveryMs } from './prove.ts';
import { lockDomain, readDomain, writeDomain } from './rows.ts';
import type { OrganizationDomain } from './rows.ts';
import { seeProof } from './see-proof.ts';

/** A claim of another process, which may die: then the next look is due. */
const claimedMs = 10 * 60_000;
const idsSchema = z.array(z.object({ id: z.string() }));

/** Verified domains whose look is due, for this process alone. */
async function takeDue(db: Kysely<Database>, now: Date, limit: number): Promise<readonly string[]> {
  const until = new Date(now.getTime() + claimedMs);
  const { rows } = await sql`
    update organization_domain set next_check_at = ${until}::timestamptz
    where id in (
      select id from organization_domain where state = 'verified' and next_check_at <= ${now}::timestamptz
      order by next_check_at limit ${limit}::int for update skip locked)
    returning id::text as id`.execute(db);
  return idsSchema.parse(rows).map(({ id }) => id);
}

/** Looks at one verified domain, and ends it once its proof has been gone for days (drift.ts). */
async function look(needs: DomainsNeeds, id: string): Promise<void> {
  const one = await readDomain(needs.db, { id });
  const seen = await seenOf(needs, one);
  const told = await toldOf(needs, one.siren);
  const at = needs.clock();
  const lost = await needs.db.transaction().execute(async (trx) => {
    await lockDomain(trx, one.domain);
    const now = await readDomain(trx, { id }, 'wait');
    // Somebody acted, or looked, meanwhile: that counts.
    if (now.state !== 'verified' || now.version !== one.version) return false;
    const { change, standing } = driftOf({ ...now, provenAt: now.provenAt ?? now.claimedAt }, seen, at);
    const written = {
      proven_at: standing.provenAt,
      checked_at: at,
      failures: standing.failures,
      failing_since: standing.failingSince ?? null,
      next_check_at: new Date(at.getTime() + checkEveryMs),
    };
    const state = change === 'lost' ? transition(now.state, 'lose') : undefined;
    await writeDomain(
      trx,
      id,
      state === undefined ? written : { ...written, state, next_check_at: null },
      state === undefined ? 'look' : 'act',
    );
    if (change === 'none') return false;
    await tell(trx, needs, at, { kind: change, told, domain: one.domain });
    if (state === undefined) return false;
    await appendAudit(trx, at, [
      {
        act: 'domain.lose',
        subject: `organization:${one.siren}`,
        actor: { kind: 'clock' },
        before: { domain: one.domain, state: now.state },
        after: {
          domain: one.domain,
          state,
          failures: standing.failures,
          failingSince: standing.failingSince,
        },
      },
    ]);
    return true;
  });
  needs.onCommit();
  if (lost) await needs.onLost(one.siren, one.domain);
}

/** What nobody may claim any more proves nothing, whatever stands in the DNS. */
async function seenOf(needs: DomainsNeeds, one: OrganizationDomain): Promise<Seen> {
  return mayClaim(one, claimFacts(one.domain, needs)) === undefined ? seeProof(needs, one) : 'gone';
}

/** Looks at all that is due, a few at once. @returns how many */
export async function checkDue(needs: DomainsNeeds): Promise<number> {
  const atOnce = 5;
  let count = 0;
  for (;;) {
    const ids = await takeDue(needs.db, needs.clock(), atOnce);
    await Promise.all(
      ids.map((id) =>
        look(needs, id).catch((error: unknown) =>
          needs.logger.error({ event: 'domain.look', domain: id, err: error }, 'a domain was not looked at'),
        ),
      ),
    );
    count += ids.length;
    if (ids.length < atOnce) return count;
  }
}
