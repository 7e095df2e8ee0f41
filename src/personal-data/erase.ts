import type { Kysely } from 'kysely';
import { accountSubject, appendAudit, erasePerson } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { lockDeclarations } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { endInvitationsOf } from '../invitations/invitations.ts';
import { eraseJoined } from '../joining/joining.ts';
import { eraseMailsTo, queueMail } from '../mail/mail.ts';
import { erasePartners } from '../partners/partners.ts';
import { ofPerson } from '../registrations/registrations.ts';
import { endGrantsOfAccount } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { erasedMail } from './erased-mail.ts';
import { erasureFacts } from './facts.ts';
import { nextDay, subjectsSchema } from './later.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import { erasurePlan, subjectsKept } from './plan.ts';
import type { ErasureFacts, ErasurePlan } from './plan.ts';

export interface ErasureAsked {
  readonly person: Person & { readonly accountId: string };
  /** Digest of the plan that was read. */
  readonly seen: string;
  /** The person themself, or the administrator who confirms a request that came in writing. */
  readonly actor: AuditActor;
  readonly reason: string;
  /** First in the transaction: what else has to be true, and goes with it. */
  readonly within?: ((trx: Kysely<Database>) => Promise<void>) | undefined;
}

/** Stands in the record for ever, beside what was emptied: it names nobody. */
const article = 'RGPD, art. 17';

/**
 * Erases what may go, in one transaction, with what remembers it. Sessions and tokens are not of the database: they end
 * before it, since whoever is told twice is better than never, and once more after it, for a sign-in that was under way.
 *
 * @returns the plan that was carried out
 * @throws BrokerError M-DATA-001 no such account, M-DATA-002 an operator in charge or proposed, M-DATA-003 another plan by now
 */
export async function erase(needs: PersonalDataNeeds, asked: ErasureAsked): Promise<ErasurePlan> {
  const { db, logger } = needs;
  const { accountId } = asked.person;
  await judged(needs, asked);
  await needs.endAccess(accountId);
  const plan = await db.transaction().execute((trx) => eraseWithin(trx, needs, asked));
  needs.onCommit?.();
  logger.info({ event: 'person.erased', account: accountId }, 'somebody’s data was erased');
  try {
    await needs.endAccess(accountId);
    // Guests who lost their sponsor, and what the person was invited to.
    await needs.inviting.watch();
  } catch (error) {
    logger.error(
      { event: 'person.erased', err: error, account: accountId },
      'what ends after an erasure ends later',
    );
  }
  return plan;
}

async function eraseWithin(
  trx: Kysely<Database>,
  needs: PersonalDataNeeds,
  asked: ErasureAsked,
): Promise<ErasurePlan> {
  const { person, actor, reason } = asked;
  const { accountId, address } = person;
  const at = needs.clock();
  await locked(trx, accountId);
  await asked.within?.(trx);
  const { facts, plan } = await judged({ ...needs, db: trx }, asked);
  const drafts = await ofPerson.eraseDrafts(trx, accountId);
  await endGrantsOfAccount(trx, accountId, at);
  if (address !== undefined) {
    await eraseMailsTo(trx, address, needs.bounces);
    await queueMail(trx, at, [erasedMail(address, plan, at, needs.issuer)], needs.randomId);
  }
  const partners = await erasePartners(trx, accountId, { held: facts.held !== undefined });
  for (const one of partners.addresses) await eraseMailsTo(trx, one, needs.bounces);
  const addresses = [...(address === undefined ? [] : [address]), ...partners.addresses];
  await eraseJoined(trx, at, { accountId, addresses }, needs.fingerprints);
  await forgetAccount(trx, accountId, at, facts);
  await trx.deleteFrom('erasure_request').where('account_id', '=', accountId).execute();
  const kept = subjectsKept(facts);
  const later = {
    kept: JSON.stringify([...new Set([...kept, ...(await keptBefore(trx, accountId))])]),
    again_on: nextDay(facts, at),
  };
  await trx
    .insertInto('erasure')
    .values({ account_id: accountId, erased_at: at, ...later })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ erased_at: at, ...later }))
    .execute();
  await endInvitationsOf(trx, needs, at, { accountId, address, actor });
  await erasePerson(trx, at, {
    accountId,
    subjects: [...drafts.map((id) => `registration:${id}`), ...partners.subjects],
    except: kept,
    actor,
    reason: article,
  });
  await appendAudit(trx, at, [
    {
      act: 'person.erase',
      subject: accountSubject(accountId),
      actor,
      reason,
      after: {
        erased: plan.erased,
        kept: plan.kept.map(({ words, count, file, until }) => ({ words, count, file, until })),
      },
    },
  ]);
  return plan;
}

/**
 * First, so that everything is judged as it will be: whoever appoints, invites, blocks, takes a membership away or erases the
 * same person has done so before, or waits. Identities before memberships, as a sign-in does.
 */
async function locked(trx: Kysely<Database>, accountId: string): Promise<void> {
  await lockDeclarations(trx);
  await trx.selectFrom('account').select('id').where('id', '=', accountId).forUpdate().execute();
  await trx
    .selectFrom('identity')
    .select('subject')
    .where('account_id', '=', accountId)
    .forUpdate()
    .execute();
  await trx.selectFrom('membership').select('id').where('account_id', '=', accountId).forUpdate().execute();
}

/** Of an account that stayed, since a block or a revocation stands under it, and is erased a second time. */
async function keptBefore(trx: Kysely<Database>, accountId: string): Promise<readonly string[]> {
  const row = await trx
    .selectFrom('erasure')
    .select('kept')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row === undefined ? [] : subjectsSchema.parse(JSON.parse(row.kept));
}

/** @throws BrokerError as `erase` */
async function judged(
  needs: PersonalDataNeeds,
  { person, seen }: Pick<ErasureAsked, 'person' | 'seen'>,
): Promise<{ readonly facts: ErasureFacts; readonly plan: ErasurePlan }> {
  const facts = await erasureFacts(needs, person);
  if (facts === undefined) throw new BrokerError('M-DATA-001', { detail: person.accountId });
  const plan = erasurePlan(facts);
  if (plan.refused !== undefined) throw new BrokerError('M-DATA-002', { detail: person.accountId });
  if (plan.digest !== seen) throw new BrokerError('M-DATA-003', { detail: person.accountId });
  return { facts, plan };
}

/**
 * The account's row stays, so that its number never comes back. Nothing leads to it any more: whoever signs in again is
 * somebody new, with a new `sub` at each tool. Unless a block or a revocation stands under it: that would be gone with
 * the identity, and nobody escapes a decision by asking for an erasure (GDPR art. 17(1)(c), overriding grounds).
 */
async function forgetAccount(
  trx: Kysely<Database>,
  accountId: string,
  at: Date,
  { held }: Pick<ErasureFacts, 'held'>,
): Promise<void> {
  await trx.deleteFrom('sign_in_use').where('account_id', '=', accountId).execute();
  await trx
    .deleteFrom('membership')
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .execute();
  await trx
    .updateTable('membership')
    .set({ given_name: null, usual_name: null, email: null, email_verified: false, revoked_reason: null })
    .where('account_id', '=', accountId)
    .execute();
  await trx.updateTable('account').set({ blocked_reason: null }).where('id', '=', accountId).execute();
  if (held !== undefined) return;
  await trx.deleteFrom('identity').where('account_id', '=', accountId).execute();
  await trx.deleteFrom('reconciliation').where('to_account_id', '=', accountId).execute();
  // The way back of somebody's link leads to a new account then.
  await trx
    .updateTable('reconciliation')
    .set({ from_account_id: null })
    .where('from_account_id', '=', accountId)
    .execute();
  await trx
    .updateTable('account')
    .set({ blocked_at: at })
    .where('id', '=', accountId)
    .where('blocked_at', 'is', null)
    .execute();
}
