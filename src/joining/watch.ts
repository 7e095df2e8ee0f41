import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { queueMail } from '../mail/mail.ts';
import { representatives } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { reminderDays } from './join-facts.ts';
import { isOwnMailbox } from './lifecycle.ts';
import type { JoinAct, ProofMethod } from './lifecycle.ts';
import { lostDomains, lostMailboxes } from './lost-proofs.ts';
import { joiningMail } from './mails.ts';
import type { JoiningMailKind } from './mails.ts';
import { followMandates, noteFollowed, unitsToFollow } from './mandates.ts';
import type { JoiningNeeds } from './needs.ts';
import { organizationName } from './organization-name.ts';
import { activePages, openPages, readJoined } from './rows.ts';
import type { Joined } from './rows.ts';
import { lockedOpen, step } from './step.ts';

/** A request that nobody answers, or that nobody goes on with, ends by itself. */
const requestDays = 60;
const codeDays = 7;

/** A process that starts tells once more what ended while nobody looked. */
const lookBackMs = 31 * 24 * 3600 * 1000;
const againMs = 60_000;
/** Legal units whose mandates are followed in one turn; what the console decides is followed by itself. */
const unitsAtOnce = 200;
/** An import writes for so long before others see it. */
const importMs = 30 * 60_000;

const soonKind = (method: ProofMethod | undefined): JoiningMailKind =>
  method === 'mandate' ? 'soon_mandate' : isOwnMailbox(method) ? 'soon' : 'soon_asked';

const accountsSchema = z.array(z.object({ account_id: z.string() }));

export interface JoiningWatch {
  /** @returns accounts for which something has ended lately, whoever ended it */
  look(): Promise<readonly string[]>;
  /** Who was approved acts, who represents no more does not: of the units of which something has changed, `most` at a time. */
  followAll(most?: number): Promise<void>;
}

/** What time, registers and files have brought about, in whatever process; each membership is looked at again under its lock. */
export function createJoiningWatch(needs: JoiningNeeds): JoiningWatch {
  const { db, clock } = needs;
  let lookedAt: Date | undefined;

  /** One that cannot be read or written keeps no other from its end. */
  const problem = (error: unknown, siren: string): void =>
    needs.logger.error({ event: 'joining.watch', err: error, siren }, 'a membership could not be looked at');

  /** Somebody acted on it meanwhile: the next look finds what it is then. */
  async function change(
    found: readonly Joined[],
    act: JoinAct,
    then: (trx: Kysely<Database>, one: Joined, organization: string) => Promise<void>,
  ): Promise<void> {
    for (const { accountId, siren, id, version } of found) {
      try {
        const name = await organizationName(needs, siren);
        await db.transaction().execute(async (trx) => {
          const now = await lockedOpen(trx, { accountId, siren });
          if (now?.id !== id || now.version !== version) return;
          const actor = { by: 'broker', oneself: false } as const;
          await then(trx, await step(trx, needs, now, { act, actor, author: { kind: 'clock' } }), name);
        });
      } catch (error) {
        problem(error, siren);
      }
    }
  }

  const expire = (found: readonly Joined[]): Promise<void> =>
    change(found, { act: 'expire' }, async (trx, { id, address }, organization) => {
      if (address === undefined) return;
      const link = `${needs.issuer}/compte/organisations`;
      await queueMail(
        trx,
        clock(),
        [joiningMail('ended', { to: address, organization, link, id })],
        needs.randomId,
      );
    });

  /** What has a last day, and what waits for nobody any more. */
  async function endOverdue(now: Date): Promise<void> {
    const before = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);
    const overdue = sql`((state = 'active' and until < ${parisDate(now)}::date)
      or (state in ('requested', 'awaiting_code') and changed_at < ${before(codeDays)}::timestamptz)
      or (state in ('awaiting_representative', 'awaiting_operator') and changed_at < ${before(requestDays)}::timestamptz))`;
    for await (const found of openPages(db, overdue)) await expire(found);
  }

  /** @param since what registers wrote before was looked at */
  async function endUnproven(now: Date, since: Date): Promise<void> {
    const until = addDays(parisDate(now), reminderDays);
    for await (const { ended } of lostDomains(needs)) await expire(ended);
    for await (const { ended, doubtful } of lostMailboxes(db, since)) {
      await expire(ended);
      // Told by the reminder that follows.
      const later = doubtful.filter((one) => one.until === undefined || one.until > until);
      await change(later, { act: 'shorten', until }, () => Promise.resolve());
    }
  }

  /** Somebody from outside goes with whoever answered for them. */
  async function endUnsponsored(now: Date): Promise<void> {
    const known = new Map<string, ReadonlySet<string>>();
    for await (const found of activePages(db, sql`is_external`)) {
      for (const { siren } of found) {
        if (known.has(siren)) continue;
        const all = await representatives(db, now, { siren });
        known.set(siren, new Set(all.map(({ accountId }) => accountId)));
      }
      await expire(found.filter(({ siren, sponsor = '' }) => known.get(siren)?.has(sponsor) !== true));
    }
  }

  async function remind(now: Date): Promise<void> {
    const today = parisDate(now);
    const found = await readJoined(
      db,
      sql`where state = 'active' and until between ${today}::date and ${addDays(today, reminderDays)}::date
        and reminded_for is distinct from until and address is not null order by joined_membership.until limit 200`,
    );
    for (const { id, siren, address = '', until = '', method } of found) {
      const name = await organizationName(needs, siren);
      const link = `${needs.issuer}${method === 'mandate' ? '/demandes' : '/compte/organisations'}`;
      await db.transaction().execute(async (trx) => {
        const { rows } = await sql`
          update joined_membership set reminded_for = until
          where id = ${id}::uuid and state = 'active' and until = ${until}::date and reminded_for is distinct from until
          returning id`.execute(trx);
        if (rows.length === 0) return;
        const mail = joiningMail(soonKind(method), {
          to: address,
          organization: name,
          link,
          id,
          until,
        });
        await queueMail(trx, now, [mail], needs.randomId);
      });
    }
  }

  return {
    async followAll(most = unitsAtOnce) {
      for (const unit of await unitsToFollow(db, clock(), most)) {
        let failed = true;
        try {
          ({ failed } = await followMandates(needs, unit.siren));
        } catch (error) {
          problem(error, unit.siren);
        }
        // Noted all the same: one that fails at each turn keeps no other from its own.
        await noteFollowed(db, clock(), unit, failed ? 'failed' : 'followed');
      }
      needs.onCommit?.();
    },
    async look() {
      const now = clock();
      const since = new Date((lookedAt ?? now).getTime() - (lookedAt === undefined ? lookBackMs : againMs));
      await endOverdue(now);
      await endUnproven(now, lookedAt === undefined ? new Date(0) : new Date(lookedAt.getTime() - importMs));
      await endUnsponsored(now);
      await remind(now);
      const { rows } = await sql`
        select distinct account_id::text as account_id from joined_membership
        where state = 'ended' and since is not null and changed_at >= ${since}::timestamptz`.execute(db);
      // Kept only when everything was read: a database that fails is looked at again, from the same point.
      lookedAt = now;
      needs.onCommit?.();
      return accountsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
    },
  };
}
