import { appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { generateKey } from './generate-key.ts';
import type { RotatingAlgorithm } from './generate-key.ts';
import { keyRoles } from './key-roles.ts';
import { shortestPublicationSeconds } from './key-times.ts';
import { changeKeys, insertKey } from './stored-keys.ts';
import type { KeyStore } from './stored-keys.ts';

export interface Rotation {
  readonly alg: RotatingAlgorithm;
  /** Published from now on. */
  readonly kid: string;
  readonly activatesAt: Date;
  /** Signs until then. */
  readonly replaces: string | undefined;
}

/**
 * Publishes a new key for each of the algorithms; it signs later, everywhere at the same instant.
 *
 * All or nothing. While a key waits already, nothing is done, even for the other algorithms: a command that is typed
 * twice, or by two people, rotates once.
 *
 * @param publishForSeconds how long the new keys are known before they sign
 * @throws BrokerError M-KEYS-001 when that is too short, or a key waits already
 */
export async function rotateKeys(
  store: KeyStore,
  algs: readonly RotatingAlgorithm[],
  publishForSeconds: number,
  actor: AuditActor = { kind: 'command_line' },
): Promise<readonly Rotation[]> {
  if (publishForSeconds < shortestPublicationSeconds) {
    throw new BrokerError('M-KEYS-001', {
      detail:
        `A new key must be published for at least ${shortestPublicationSeconds} seconds before it signs: ` +
        'until then tools and proxies may hold a copy of /jwks without it, and would refuse what it signs.',
    });
  }
  const made = await Promise.all(algs.map(async (alg) => ({ alg, key: await generateKey(alg) })));
  return changeKeys(store, async (trx, keys) => {
    const now = store.clock();
    const activatesAt = new Date(now.getTime() + publishForSeconds * 1000);
    const waiting = algs.flatMap((alg) => keyRoles(keys, alg, now).next);
    if (waiting.length > 0) {
      const list = waiting.map((key) => `${key.kid} (${key.alg}) from ${key.activatesAt.toISOString()}`);
      throw new BrokerError('M-KEYS-001', {
        detail: `A new key waits already: ${list.join(', ')}. Let it begin, or withdraw it first.`,
      });
    }
    const rotations: Rotation[] = [];
    for (const { alg, key } of made) {
      await insertKey(trx, store, key, { state: 'next', activatesAt });
      rotations.push({ alg, kid: key.kid, activatesAt, replaces: keyRoles(keys, alg, now).current?.kid });
    }
    const events = rotations.map(({ alg, kid, replaces }) => ({
      act: 'key.rotate',
      subject: `key:${kid}`,
      actor,
      before: { kid: replaces },
      after: { kid, alg, activates_at: activatesAt },
    }));
    await appendAudit(trx, now, events);
    return rotations;
  });
}
