import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parisDate } from '../eligibility/eligibility.ts';
import { isMembershipRevoked } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import { inForce, representatives } from '../registrations/registrations.ts';
import type { Representative } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { joinVersion } from './join-route.ts';
import { joiningMail } from './mails.ts';
import type { JoiningNeeds } from './needs.ts';
import { organizationName } from './organization-name.ts';
import { readJoined } from './rows.ts';
import { lockedOpen, step } from './step.ts';
import type { NewJoined } from './step.ts';

/*
 * Whoever represents an organization, by a file that an operator approved with its mandate, acts for it: as long as the mandate,
 * and no longer. Elections make another file.
 */

const author = { kind: 'broker' } as const;
const actor = { by: 'broker', oneself: false } as const;
const rule = `${joinVersion}/mandate`;

/** What came of one legal unit. */
export interface MandatesFollowed {
  /** Accounts that represent the organization no more. */
  readonly ended: readonly string[];
  /** Of somebody, nothing could be read or written: told to the log, and to be tried again. */
  readonly failed: boolean;
}

/** Each representative by themself: one who fails keeps no other from beginning, nor from ending. */
export async function followMandates(needs: JoiningNeeds, siren: string): Promise<MandatesFollowed> {
  const { db, clock } = needs;
  let failed = false;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failed = true;
      needs.logger.error({ event: 'joining.mandate', err: error, siren }, 'a mandate could not be followed');
    }
  };
  const named = await representatives(db, clock(), { siren });
  for (const one of named) await attempt(() => follow(needs, one));
  const held = await readJoined(db, sql`where siren = ${siren} and state = 'active' and method = 'mandate'`);
  const ended: string[] = [];
  for (const { accountId } of held) {
    if (named.some((one) => one.accountId === accountId)) continue;
    await attempt(async () => {
      if (await endMandate(needs, { accountId, siren })) ended.push(accountId);
    });
  }
  return { ended, failed };
}

/** @returns whether it was one still, of somebody who represents the organization no more */
async function endMandate(
  needs: JoiningNeeds,
  { accountId, siren }: { readonly accountId: string; readonly siren: string },
): Promise<boolean> {
  const { db, clock } = needs;
  const organization = await organizationName(needs, siren);
  return db.transaction().execute(async (trx) => {
    const now = await lockedOpen(trx, { accountId, siren });
    const still = (await representatives(trx, clock(), { siren })).some((one) => one.accountId === accountId);
    if (still || now?.state !== 'active' || now.method !== 'mandate') return false;
    await step(trx, needs, now, { act: { act: 'expire' }, actor, author, rule });
    if (now.address !== undefined) {
      const link = `${needs.issuer}/demandes`;
      const mail = joiningMail('ended', { to: now.address, organization, link, id: now.id });
      await queueMail(trx, clock(), [mail], needs.randomId);
    }
    return true;
  });
}

async function follow(needs: JoiningNeeds, named: Representative): Promise<void> {
  const { accountId, siren, file, until } = named;
  const { siret: seat, name: organization = siren } = (await needs.organization(siren)) ?? {};
  if (seat === undefined) return;
  await needs.db.transaction().execute(async (trx) => {
    const held = await lockedOpen(trx, { accountId, siren });
    if (held?.state === 'active' && held.method === 'mandate') {
      if (held.until === until && held.file === file) return;
      await step(trx, needs, held, {
        act: { act: 'extend', method: 'mandate', until },
        actor,
        author,
        rule,
        change: { file },
      });
      return;
    }
    if (await isMembershipRevoked(trx, accountId, siren)) return;
    if (await byProvider(trx, { accountId, siren })) return;
    // Who left, or was taken out of it, does not come back by the same file.
    if (await leftSince(trx, { accountId, siren, file })) return;
    if (held?.state === 'active' && (held.level === 'official_source' || held.until === undefined)) return;
    if (held?.state === 'active' && held.level === 'moderated' && (held.until ?? '') > until) return;
    const { givenName, usualName, email: address } = named;
    const fresh: NewJoined = { accountId, siren, siret: seat, rule, givenName, usualName, address };
    const { id } = await step(trx, needs, held ?? fresh, {
      act: { act: 'prove', method: 'mandate', until },
      actor,
      author,
      rule,
      change: { file },
    });
    // Whoever acted for it already has nothing to do.
    if (held?.state === 'active') return;
    const link = `${needs.issuer}/compte/organisations`;
    const mail = joiningMail('accepted', { to: address, organization, link, id });
    await queueMail(trx, needs.clock(), [mail], needs.randomId);
  });
}

/** The identity provider named this organization at the last sign-in: it answers for it. */
async function byProvider(
  trx: Kysely<Database>,
  { accountId, siren }: { readonly accountId: string; readonly siren: string },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from membership join identity using (account_id)
    where account_id = ${accountId}::uuid and siren = ${siren} and origin = 'idp'
      and membership.last_seen_at >= identity.last_seen_at limit 1`.execute(trx);
  return rows.length > 0;
}

async function leftSince(
  trx: Kysely<Database>,
  { accountId, siren, file }: { readonly accountId: string; readonly siren: string; readonly file: string },
): Promise<boolean> {
  const found = await readJoined(
    trx,
    sql`where account_id = ${accountId}::uuid and siren = ${siren} and file = ${file}
      and ended in ('left', 'revoked') limit 1`,
  );
  return found.length > 0;
}

const unitsSchema = z.array(z.object({ siren: z.string(), state: z.string().nullable() }));

/** A legal unit, and the state of its files, their senders and their memberships; no state: nothing of them is left. */
export interface UnitToFollow {
  readonly siren: string;
  readonly state: string | undefined;
}

/** What no row of these says, as the seat of an organization or what an identity provider names, is noticed within a day. */
const lookAgainMs = 24 * 3600 * 1000;
/** What failed is tried again after so long: until then somebody may act who represents the organization no more. */
const tryAgainMs = 10 * 60_000;

/**
 * Legal units of which something has changed since mandates were followed, or that were not looked at for a day: rights by files,
 * their senders, what these joined. One statement, however many there are; at most `limit`, what has
 * changed first.
 */
export async function unitsToFollow(
  db: Kysely<Database>,
  now: Date,
  limit: number,
): Promise<readonly UnitToFollow[]> {
  const today = parisDate(now);
  const { rows } = await sql`
    with piece as (
      select registration.siren, concat_ws(' ', registration.id, registration.version, request.service_id, request.state,
        request.starts_on <= ${today}::date, request.ends_on < ${today}::date, account.blocked_at, membership.revoked_at,
        joined.version) as said
      from registration
      join registration_request as request on request.registration_id = registration.id
      left join account on account.id = registration.account_id
      left join membership on membership.account_id = registration.account_id and membership.siren = registration.siren
      left join joined_membership as joined on joined.account_id = registration.account_id
        and joined.siren = registration.siren and joined.state <> 'ended'
      where registration.siren is not null and registration.stage <> 'draft' and request.state = any(${[...inForce]}::text[])
      union all
      select siren, concat_ws(' ', id, version) from joined_membership where state = 'active' and method = 'mandate'
    ), unit as (
      select siren, md5(string_agg(said, chr(10) order by said)) as state from piece group by siren
    )
    select coalesce(unit.siren, followed.siren) as siren, unit.state
    from unit full join joining_mandate as followed on followed.siren = unit.siren
    where unit.state is distinct from followed.state
      or followed.looked_at <= ${new Date(now.getTime() - lookAgainMs)}::timestamptz
    order by unit.state is not distinct from followed.state, followed.looked_at nulls first limit ${limit}::int`.execute(
    db,
  );
  return unitsSchema.parse(rows).map(({ siren, state }) => ({ siren, state: state ?? undefined }));
}

/** In this state, mandates were followed, or not all of them: the unit is looked at again after `tryAgainMs`. */
export async function noteFollowed(
  db: Kysely<Database>,
  now: Date,
  { siren, state }: UnitToFollow,
  outcome: 'followed' | 'failed',
): Promise<void> {
  if (state === undefined) {
    await db.deleteFrom('joining_mandate').where('siren', '=', siren).execute();
    return;
  }
  const again = outcome === 'failed' ? lookAgainMs - tryAgainMs : 0;
  const followed = { state, looked_at: new Date(now.getTime() - again) };
  await db
    .insertInto('joining_mandate')
    .values({ siren, ...followed })
    .onConflict((conflict) => conflict.column('siren').doUpdateSet(followed))
    .execute();
}
