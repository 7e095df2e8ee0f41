import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import { organizationOfDomain } from '../domains/domains.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import { isListedForAlone } from '../register/register.ts';
import { representatives } from '../registrations/registrations.ts';
import { joiningMail } from './mails.ts';
import { followMandates, unitsWithMandates } from './mandates.ts';
import type { JoiningNeeds } from './needs.ts';
import { readJoined } from './rows.ts';
import type { Joined } from './rows.ts';
import { lockedOpen, step } from './step.ts';

/** A request that nobody answers, or that nobody goes on with, ends by itself. */
const requestDays = 60;
const codeDays = 7;
/** Days before the end at which people are told: after elections the new mandate has to be filed. */
export const reminderDays = 30;

/** A process that starts tells once more what ended while nobody looked. */
const lookBackMs = 31 * 24 * 3600 * 1000;
const againMs = 60_000;

const accountsSchema = z.array(z.object({ account_id: z.string() }));

export interface JoiningWatch {
  /** @returns accounts for which something has ended lately, whoever ended it */
  look(): Promise<readonly string[]>;
  /** Who was approved acts, who represents no more does not: unit by unit, which takes its time. */
  followAll(): Promise<void>;
}

const firstId = '00000000-0000-0000-0000-000000000000';
const pageSize = 500;

/** What time, registers and files have brought about, in whatever process; each membership is looked at again under its lock. */
export function createJoiningWatch(needs: JoiningNeeds): JoiningWatch {
  const { db, clock } = needs;
  let lookedAt: Date | undefined;

  /** One that cannot be read or written keeps no other from its end. */
  const problem = (error: unknown, siren: string): void =>
    needs.logger.error({ event: 'joining.watch', err: error, siren }, 'a membership could not be looked at');

  async function expire(found: readonly Joined[], holds: (now: Joined) => Promise<boolean>): Promise<void> {
    for (const { accountId, siren, id } of found) {
      try {
        const name = (await needs.organization(siren))?.name ?? siren;
        await db.transaction().execute(async (trx) => {
          const now = await lockedOpen(trx, { accountId, siren });
          if (now?.id !== id || (await holds(now))) return;
          await step(trx, needs, now, {
            act: { act: 'expire' },
            actor: { by: 'broker', oneself: false },
            author: { kind: 'clock' },
          });
          if (now.address === undefined) return;
          const link = `${needs.issuer}/compte/organisations`;
          const mail = joiningMail('ended', { to: now.address, organization: name, link, id });
          await queueMail(trx, clock(), [mail], needs.randomId);
        });
      } catch (error) {
        problem(error, siren);
      }
    }
  }

  /** What has a last day, and what waits for nobody any more. */
  async function endOverdue(now: Date): Promise<void> {
    const today = parisDate(now);
    const before = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);
    const isOver = ({ state, until, changedAt }: Joined): boolean =>
      state === 'active'
        ? until !== undefined && until < today
        : changedAt <
          before(
            state === 'awaiting_representative' || state === 'awaiting_operator' ? requestDays : codeDays,
          );
    const found = await readJoined(
      db,
      sql`where (state = 'active' and until < ${today}::date)
        or (state in ('requested', 'awaiting_code') and changed_at < ${before(codeDays)}::timestamptz)
        or (state in ('awaiting_representative', 'awaiting_operator') and changed_at < ${before(requestDays)}::timestamptz)
        order by asked_at limit 500`,
    );
    await expire(found, (one) => Promise.resolve(!isOver(one)));
  }

  /** Every active one that `where` names, page by page: none is too far down the list to be looked at. */
  async function* active(where: RawBuilder<unknown>): AsyncGenerator<readonly Joined[]> {
    for (let after: string = firstId; ;) {
      const found = await readJoined(
        db,
        sql`where state = 'active' and id > ${after}::uuid and ${where} order by joined_membership.id limit ${pageSize}::int`,
      );
      if (found.length > 0) yield found;
      const last = found.at(-1);
      if (last === undefined || found.length < pageSize) return;
      after = last.id;
    }
  }

  /** A domain that the organization lost, or that another one is listed for too, proves nothing any more. */
  async function endLostDomains(): Promise<void> {
    const known = new Map<string, Promise<boolean>>();
    const keyOf = ({ siren, address = '', method }: Joined): string =>
      JSON.stringify([siren, canonicalEmail(address)?.domain, method]);
    const ask = ({ siren, address = '', method }: Joined): Promise<boolean> => {
      const domain = canonicalEmail(address)?.domain;
      if (domain === undefined) return Promise.resolve(true);
      return method === 'verified_domain'
        ? organizationOfDomain(db, domain).then((one) => one?.siren === siren)
        : isListedForAlone(db, { domain, siren });
    };
    const stands = (one: Joined): Promise<boolean> => {
      const answer = known.get(keyOf(one)) ?? ask(one);
      known.set(keyOf(one), answer);
      return answer;
    };
    // Within a transaction another connection might not be had: what has changed since is looked at by the next turn.
    const stood = (one: Joined): Promise<boolean> => known.get(keyOf(one)) ?? Promise.resolve(true);
    for await (const found of active(sql`method in ('verified_domain', 'listed_domain')`)) {
      const lost: Joined[] = [];
      for (const one of found) if (!(await stands(one))) lost.push(one);
      await expire(lost, stood);
      known.clear();
    }
  }

  /** Somebody from outside goes with whoever answered for them. */
  async function endUnsponsored(now: Date): Promise<void> {
    const known = new Map<string, ReadonlySet<string>>();
    const alone = ({ siren, sponsor = '', external }: Joined): boolean =>
      external && known.get(siren)?.has(sponsor) !== true;
    for await (const found of active(sql`is_external`)) {
      for (const { siren } of found) {
        if (known.has(siren)) continue;
        const all = await representatives(db, now, { siren });
        known.set(siren, new Set(all.map(({ accountId }) => accountId)));
      }
      await expire(found.filter(alone), (one) => Promise.resolve(!alone(one)));
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
      const name = (await needs.organization(siren))?.name ?? siren;
      const link = `${needs.issuer}${method === 'mandate' ? '/demandes' : '/compte/organisations'}`;
      await db.transaction().execute(async (trx) => {
        const { rows } = await sql`
          update joined_membership set reminded_for = until
          where id = ${id}::uuid and state = 'active' and until = ${until}::date and reminded_for is distinct from until
          returning id`.execute(trx);
        if (rows.length === 0) return;
        const mail = joiningMail('soon', { to: address, organization: name, link, id, until });
        await queueMail(trx, now, [mail], needs.randomId);
      });
    }
  }

  return {
    async followAll() {
      for (const siren of await unitsWithMandates(db)) {
        try {
          await followMandates(needs, siren);
        } catch (error) {
          problem(error, siren);
        }
      }
      needs.onCommit?.();
    },
    async look() {
      const now = clock();
      const since = new Date((lookedAt ?? now).getTime() - (lookedAt === undefined ? lookBackMs : againMs));
      await endOverdue(now);
      await endLostDomains();
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
