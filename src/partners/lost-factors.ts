import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import { endGrantsOfAccount } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { accountIdOf, change } from './act.ts';
import type { Acting, Done } from './act.ts';
import type { PartnersNeeds } from './needs.ts';
import type { Partners } from './partners.ts';
import type { MailProof } from './proofs.ts';
import { isPartnerId, readAuthenticators } from './rows.ts';
import { freshMinutes } from './rules.ts';

const hour = 3600 * 1000;
/** Time in which whoever did not ask reads a mail, over a week-end too. */
export const coolingOffHours = 72;
/** Once ready and left alone, it is asked again: nobody keeps a door ajar for later. */
export const readyDays = 7;

interface Asked {
  readonly readyAt: Date;
}

export function createLostFactors(needs: PartnersNeeds): Partners['lostFactors'] {
  return {
    async ask(partner, proven) {
      assertProven(proven, needs.clock());
      return change(needs, partner.id, async ({ trx, at, tell }) => {
        const open = await openRequest(trx, partner.id, at);
        if (open !== undefined) return open;
        if ((await readAuthenticators(trx, partner.id)).length === 0)
          throw new BrokerError('M-PART-015', { detail: partner.id });
        const readyAt = new Date(at.getTime() + coolingOffHours * hour);
        const times = { asked_at: at, ready_at: readyAt };
        await trx
          .insertInto('partner_lost_factors')
          .values({ partner_id: partner.id, ...times })
          .onConflict((conflict) => conflict.column('partner_id').doUpdateSet(times))
          .execute();
        tell({
          act: 'partner.ask_reset',
          after: { readyAt: readyAt.toISOString() },
          notice: { kind: 'lost_asked', readyAt },
        });
        return { readyAt };
      });
    },

    state: (id) => (isPartnerId(id) ? openRequest(needs.db, id, needs.clock()) : Promise.resolve(undefined)),

    cancel: (id) => change(needs, id, cancelLost),

    async finish(partner, proven) {
      assertProven(proven, needs.clock());
      await change(needs, partner.id, async (acting) => {
        const { trx, at, tell } = acting;
        const open = await openRequest(trx, partner.id, at);
        if (open === undefined || open.readyAt.getTime() > at.getTime())
          throw new BrokerError('M-PART-017', { detail: open === undefined ? 'not asked' : 'not yet' });
        tell({ act: 'partner.reset', ...(await takeOff(acting)).done, notice: { kind: 'lost_finished' } });
      });
    },

    restore: (id, { reason, actor }) =>
      change(
        needs,
        id,
        async (acting) => {
          const { trx, at, tell } = acting;
          const { authenticators, done } = await takeOff(acting);
          if (authenticators === 0) throw new BrokerError('M-PART-015', { detail: id });
          const accountId = await accountIdOf(trx, id);
          if (accountId !== undefined) {
            await endGrantsOfAccount(trx, accountId, at);
            await trx
              .updateTable('account')
              .set({ access_ended_at: sql<Date>`now()` })
              .where('id', '=', accountId)
              .execute();
          }
          tell({ act: 'partner.restore', ...done, reason, notice: { kind: 'restored' } });
          return { authenticators };
        },
        actor,
      ),
  };
}

/** No second factor any more, nor a recovery code, nor a request to lose them. */
async function takeOff({
  trx,
  partner,
}: Acting): Promise<{ readonly authenticators: number; readonly done: Pick<Done, 'before' | 'rows'> }> {
  const held = await readAuthenticators(trx, partner.id);
  for (const table of ['partner_authenticator', 'partner_recovery_code', 'partner_lost_factors'] as const)
    await trx.deleteFrom(table).where('partner_id', '=', partner.id).execute();
  return {
    authenticators: held.length,
    done: {
      before: { authenticators: held.map(({ kind, name }) => ({ kind, name })) },
      rows: held.map(({ id }) => ({ table: 'partner_authenticator', key: id })),
    },
  };
}

/**
 * Whoever still has a second factor lost nothing; in the transaction that accepted it. And whoever cannot use theirs, because
 * somebody tries so many codes that they are refused, is not kept from calling it off in this way.
 */
export async function cancelLost(
  { trx, at, partner, tell }: Acting,
  because: 'used' | 'limited' = 'used',
): Promise<void> {
  const open = await openRequest(trx, partner.id, at);
  const gone = await trx
    .deleteFrom('partner_lost_factors')
    .where('partner_id', '=', partner.id)
    .returning('partner_id')
    .executeTakeFirst();
  if (gone === undefined || open === undefined) return;
  tell({ act: 'partner.cancel_reset', after: { because }, notice: { kind: 'lost_cancelled', because } });
}

async function openRequest(db: Kysely<Database>, id: string, now: Date): Promise<Asked | undefined> {
  const row = await db
    .selectFrom('partner_lost_factors')
    .select('ready_at')
    .where('partner_id', '=', id)
    .where('ready_at', '>', new Date(now.getTime() - readyDays * 24 * hour))
    .executeTakeFirst();
  return row && { readyAt: row.ready_at };
}

/** @throws BrokerError M-PART-016 */
function assertProven({ at }: MailProof, now: Date): void {
  const age = now.getTime() - at.getTime();
  if (!(age >= 0 && age <= freshMinutes * 60_000)) throw new BrokerError('M-PART-016', { detail: 'mailbox' });
}
