import { randomBytes, randomUUID } from 'node:crypto';
import { hasBlockReason, longestBlockReason } from '../blocking/blocking.ts';
import { createSeal } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { createPartners, partnerSealPurpose } from '../partners/partners.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/**
 * `maillon account restore ADDRESS`: for somebody without an identity provider who has lost every second factor, and whom whoever reads
 * their mailbox keeps from saying so. Who they are was checked elsewhere.
 */
export async function accountRestore(
  surroundings: Surroundings,
  { positionals, values }: Arguments,
): Promise<void> {
  const [typed = ''] = positionals;
  const address = canonicalEmail(typed)?.address;
  if (address === undefined) throw new UsageError(`${typed} is no address: anne@asso.example`);
  const reason = (values.get('reason') ?? '').replace(/\s+/gu, ' ').trim();
  if (!hasBlockReason(reason))
    throw new UsageError(`--reason says why, in ${longestBlockReason} characters at most`);
  const { clock, print } = surroundings;
  const config = configOf(surroundings);
  const actor = commandLineActor(surroundings);
  const { authenticators } = await withStores(surroundings, config, async ({ db }) => {
    const partners = createPartners({
      db,
      clock,
      randomId: randomUUID,
      random: randomBytes,
      seal: createSeal(config.encryptionKeys, partnerSealPurpose, clock),
      issuer: config.issuer,
    });
    const partner = await partners.ofMailbox(address);
    if (partner === undefined)
      throw new BrokerError('M-PART-002', { detail: `nobody has proven ${address}` });
    return partners.lostFactors.restore(partner.id, { reason, actor });
  });
  print(
    `${authenticators} second ${authenticators === 1 ? 'factor is' : 'factors are'} off, and the recovery codes; every address of the account is told. What it had open ends within a minute where Maillon serves. Whoever reads the mailbox signs in now: see to it that the password of the mailbox was changed.`,
  );
}
