import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { change } from './act.ts';
import { cancelLost } from './lost-factors.ts';
import { acceptedAuthenticatorName } from './names.ts';
import { displayName } from './needs.ts';
import type { PartnersNeeds } from './needs.ts';
import type { Partner } from './partner.ts';
import type { Partners } from './partners.ts';
import { readAuthenticators } from './rows.ts';
import { mostAuthenticators } from './rules.ts';

/** Seconds that a code is shown (RFC 6238 §5.2); one step before and after is accepted, for clocks and slow fingers. */
const period = 30;
const window = 1;
const secretBytes = 32;
const pendingSeconds = 15 * 60;
const longestSealed = 2000;

/** Begun, in the form; or kept, in its row: neither opens as the other, nor as another row's. */
const sealedSchema = z.object({
  use: z.enum(['begun', 'kept']),
  partner: z.string(),
  /** Number of the row, made with the secret: what was begun once is added once. */
  authenticator: z.string(),
  secret: z.string(),
});
type Sealed = z.output<typeof sealedSchema>;

export function createTotp(needs: PartnersNeeds): Partners['totp'] {
  const { seal, clock } = needs;

  async function opened(token: string, use: Sealed['use'], partner: Partner): Promise<Sealed | undefined> {
    if (token.length > longestSealed) return undefined;
    const { data } = sealedSchema.safeParse(await seal.open(token));
    return data?.use === use && data.partner === partner.id ? data : undefined;
  }

  return {
    async begin(partner) {
      const secret = base32(needs.random(secretBytes));
      const begun: Sealed = { use: 'begun', partner: partner.id, authenticator: needs.randomId(), secret };
      const sealed = await seal.seal(begun, pendingSeconds);
      return { secret, uri: totpOf(secret, partner).toString(), sealed };
    },

    async begun(partner, sealed) {
      const begun = await opened(sealed, 'begun', partner);
      return begun && { secret: begun.secret, uri: totpOf(begun.secret, partner).toString() };
    },

    async add(partner, sealed, typed, given) {
      const name = acceptedAuthenticatorName(given);
      const begun = await opened(sealed, 'begun', partner);
      if (begun === undefined) throw again('expired, altered, or of another partner');
      const step = stepOf(begun.secret, typed, clock());
      if (step === undefined) throw wrong();
      const { authenticator: id } = begun;
      const secret = await seal.seal({ ...begun, use: 'kept' } satisfies Sealed);
      return change(needs, partner.id, async ({ trx, at, tell }) => {
        const held = await readAuthenticators(trx, partner.id);
        if (held.length >= mostAuthenticators)
          throw new BrokerError('M-PART-005', { detail: 'authenticators' });
        const inserted = await trx
          .insertInto('partner_authenticator')
          // The first code is used: it does not sign in as well.
          .values({ id, partner_id: partner.id, kind: 'totp', name, created_at: at, secret, last_step: step })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (inserted === undefined) throw again('added already');
        tell({
          act: 'partner.add_totp',
          after: { name },
          rows: [{ table: 'partner_authenticator', key: id }],
          notice: { kind: 'totp_added' },
        });
        return { id, kind: 'totp', name, createdAt: at, lastUsedAt: undefined };
      });
    },

    async verify(partner, typed) {
      const rows = await needs.db
        .selectFrom('partner_authenticator')
        .select(['id', 'secret'])
        .where('partner_id', '=', partner.id)
        .where('kind', '=', 'totp')
        .orderBy('created_at')
        .execute();
      for (const row of rows) {
        const kept = await opened(row.secret ?? '', 'kept', partner);
        const step = kept?.authenticator === row.id ? stepOf(kept.secret, typed, clock()) : undefined;
        if (step === undefined) continue;
        return change(needs, partner.id, async (acting) => {
          const accepted = await acting.trx
            .updateTable('partner_authenticator')
            .set({ last_step: step, last_used_at: acting.at })
            .where('id', '=', row.id)
            .where('last_step', '<', step)
            .returning('id')
            .executeTakeFirst();
          if (accepted === undefined)
            throw new BrokerError('M-PART-011', { detail: `authenticator ${row.id}` });
          await cancelLost(acting);
          return { method: 'totp', at: acting.at };
        });
      }
      throw wrong();
    },
  };
}

const base32 = (bytes: Uint8Array): string => new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32;

const totpOf = (secret: string, partner?: Partner): TOTP =>
  new TOTP({
    issuer: displayName,
    ...(partner === undefined ? {} : { label: partner.address }),
    algorithm: 'SHA1',
    digits: 6,
    period,
    secret: Secret.fromBase32(secret),
  });

/** The step whose code was typed; undefined: none of those that are accepted now. */
function stepOf(secret: string, typed: string, now: Date): number | undefined {
  const token = typed.length > 40 ? '' : typed.replace(/[\s-]/gu, '');
  if (!/^\d{6}$/u.test(token)) return undefined;
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token, timestamp, window });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / period) + delta;
}

const wrong = (): BrokerError => new BrokerError('M-PART-010', { detail: 'no application shows it now' });
const again = (detail: string): BrokerError => new BrokerError('M-PART-012', { detail });
