import { scrypt } from 'node:crypto';
import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { change } from './act.ts';
import { cancelLost } from './lost-factors.ts';
import type { PartnersNeeds } from './needs.ts';
import type { Partners } from './partners.ts';
import { isPartnerId } from './rows.ts';

const howMany = 10;
const length = 12;
/** Crockford's base 32: no letter is taken for a digit, and none spells words. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/*
 * Twelve signs are 60 bits: nobody guesses one, nor goes through them all. What a stolen database tells costs 4 MB and
 * some milliseconds a try on top, by scrypt; a keyed hash would end with the key, while these rest in a drawer for years.
 * One salt for the codes made together: a try is one hash, whichever code is typed.
 */
const cost = { N: 4096, r: 8, p: 1 } as const;

const hashOf = (code: string, salt: string): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(code, Buffer.from(salt, 'base64url'), 32, cost, (error, key) =>
      error === null ? resolve(key.toString('base64url')) : reject(error),
    );
  });

/** Letters that look like digits are read as those; blanks, dashes and letter case do not matter. */
const readCode = (typed: string): string | undefined => {
  if (typed.length > 60) return undefined;
  const code = typed.toUpperCase().replace(/[\s-]/gu, '').replaceAll('O', '0').replace(/[IL]/gu, '1');
  return code.length === length && /^[0-9A-HJKMNP-TV-Z]+$/u.test(code) ? code : undefined;
};

const shown = (code: string): string => code.replace(/(.{4})(?=.)/gu, '$1-');

export function createRecoveryCodes(needs: PartnersNeeds): Partners['recoveryCodes'] {
  const { db, random } = needs;
  const newCode = () => [...random(length)].map((byte) => alphabet[byte % alphabet.length] ?? '').join('');

  return {
    async make(partner) {
      const codes = Array.from({ length: howMany }, newCode);
      const salt = random(16).toString('base64url');
      const hashes = await Promise.all(codes.map((code) => hashOf(code, salt)));
      await change(needs, partner.id, async ({ trx, at, tell }) => {
        const former = await leftOf(trx, partner.id);
        await trx.deleteFrom('partner_recovery_code').where('partner_id', '=', partner.id).execute();
        await trx
          .insertInto('partner_recovery_code')
          .values(hashes.map((hash) => ({ partner_id: partner.id, hash, salt, made_at: at })))
          .execute();
        tell({
          act: 'partner.make_recovery_codes',
          before: { left: former },
          after: { left: howMany },
          notice: { kind: 'recovery_made' },
        });
      });
      return codes.map(shown);
    },

    left: (id) => (isPartnerId(id) ? leftOf(db, id) : Promise.resolve(0)),

    async use(partner, typed) {
      const made = await db
        .selectFrom('partner_recovery_code')
        .select('salt')
        .where('partner_id', '=', partner.id)
        .limit(1)
        .executeTakeFirst();
      const code = readCode(typed);
      if (code === undefined || made === undefined) throw wrong();
      const hash = await hashOf(code, made.salt);
      return change(needs, partner.id, async (acting) => {
        const { trx, at, tell } = acting;
        const used = await trx
          .updateTable('partner_recovery_code')
          .set({ used_at: at })
          .where('partner_id', '=', partner.id)
          .where('hash', '=', hash)
          .where('used_at', 'is', null)
          .returning('hash')
          .executeTakeFirst();
        if (used === undefined) throw wrong();
        const left = await leftOf(trx, partner.id);
        tell({
          act: 'partner.use_recovery_code',
          after: { left },
          notice: { kind: 'recovery_used', left },
        });
        await cancelLost(acting);
        return { method: 'recovery_code', at };
      });
    },
  };
}

async function leftOf(db: Kysely<Database>, id: string): Promise<number> {
  const rows = await db
    .selectFrom('partner_recovery_code')
    .select('hash')
    .where('partner_id', '=', id)
    .where('used_at', 'is', null)
    .execute();
  return rows.length;
}

const wrong = (): BrokerError => new BrokerError('M-PART-013', { detail: 'no such recovery code' });
