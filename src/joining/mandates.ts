import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { isMembershipRevoked } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import { representatives } from '../registrations/registrations.ts';
import type { Representative } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { joiningMail } from './mails.ts';
import type { JoiningNeeds } from './needs.ts';
import { readJoined } from './rows.ts';
import { lockedOpen, step } from './step.ts';
import type { NewJoined } from './step.ts';

/*
 * Whoever represents an organization, by a file that an operator approved with its mandate, acts for it: as long as the mandate,
 * and no longer. Elections make another file.
 */

const author = { kind: 'broker' } as const;
const actor = { by: 'broker', oneself: false } as const;
const rule = 'join.v1/mandate';

/** @returns accounts that represent the organization no more */
export async function followMandates(needs: JoiningNeeds, siren: string): Promise<readonly string[]> {
  const { db, clock } = needs;
  const named = await representatives(db, clock(), { siren });
  for (const one of named) await follow(needs, one);
  const held = await readJoined(db, sql`where siren = ${siren} and state = 'active' and method = 'mandate'`);
  const organization = (await needs.organization(siren))?.name ?? siren;
  const ended: string[] = [];
  for (const { accountId } of held.filter(
    (one) => !named.some((other) => other.accountId === one.accountId),
  )) {
    await db.transaction().execute(async (trx) => {
      const now = await lockedOpen(trx, { accountId, siren });
      const still = (await representatives(trx, clock(), { siren })).some(
        (one) => one.accountId === accountId,
      );
      if (still || now?.state !== 'active' || now.method !== 'mandate') return;
      await step(trx, needs, now, { act: { act: 'expire' }, actor, author, rule });
      if (now.address !== undefined) {
        const link = `${needs.issuer}/demandes`;
        const mail = joiningMail('ended', { to: now.address, organization, link, id: now.id });
        await queueMail(trx, clock(), [mail], needs.randomId);
      }
      ended.push(accountId);
    });
  }
  return ended;
}

async function follow(needs: JoiningNeeds, named: Representative): Promise<void> {
  const { accountId, siren, file, until } = named;
  const seat = (await needs.organization(siren))?.siret;
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
    await step(trx, needs, held ?? fresh, {
      act: { act: 'prove', method: 'mandate', until },
      actor,
      author,
      rule,
      change: { file },
    });
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

const sirensSchema = z.array(z.object({ siren: z.string() }));

/** Legal units of which some right is in force by a file, or of which somebody still acts by a mandate. */
export async function unitsWithMandates(db: Kysely<Database>): Promise<readonly string[]> {
  const { rows } = await sql`
    select distinct registration.siren from registration
    join registration_request on registration_request.registration_id = registration.id
    where registration.siren is not null and registration.stage <> 'draft' and registration_request.state in
      ('approved', 'implicitly_accepted', 'renewal_due', 'suspension_notified')
    union select siren from joined_membership where state = 'active' and method = 'mandate'`.execute(db);
  return sirensSchema.parse(rows).map(({ siren }) => siren);
}
