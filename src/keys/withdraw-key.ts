import { appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { generateKey, rotatingAlgorithms } from './generate-key.ts';
import type { RotatingAlgorithm } from './generate-key.ts';
import { keyRoles } from './key-roles.ts';
import { clockSkewSeconds } from './key-times.ts';
import { changeKeys, insertKey, readKeyTimes } from './stored-keys.ts';
import type { KeyStore } from './stored-keys.ts';

export interface Withdrawal {
  readonly kid: string;
  readonly alg: RotatingAlgorithm;
  readonly role: 'current' | 'next' | 'retired';
  /** Signs from now on, when the withdrawn key did until now. */
  readonly replacement: string | undefined;
}

/**
 * Takes a key out of publication at once: somebody else may have it. When it is the one that signs, a new one signs
 * from now on, although no tool knows it yet; a key that waits for its time goes on waiting for it.
 *
 * @throws BrokerError M-KEYS-001 when there is no such signing key
 */
export async function withdrawKey(
  store: KeyStore,
  kid: string,
  actor: AuditActor = { kind: 'command_line' },
): Promise<Withdrawal> {
  const alg = algorithmOf(kid, await readKeyTimes(store.db));
  const spare = await generateKey(alg);
  return changeKeys(store, async (trx, keys) => {
    algorithmOf(kid, keys);
    const now = store.clock();
    const { current, next, retired } = keyRoles(keys, alg, now);
    const { state } = await trx
      .deleteFrom('signing_key')
      .where('kid', '=', kid)
      .returning('state')
      .executeTakeFirstOrThrow();
    const record = (replacement: string | undefined, role: Withdrawal['role']) =>
      appendAudit(trx, now, [
        {
          act: 'key.withdraw',
          subject: `key:${kid}`,
          actor,
          before: { kid, alg, role },
          after: { kid: replacement },
        },
      ]);
    if (current?.kid !== kid) {
      const role = next.some((key) => key.kid === kid) ? 'next' : 'retired';
      await record(undefined, role);
      return { kid, alg, role, replacement: undefined };
    }
    // Begun a little ago, a process whose clock is behind does not fall back on the retired key meanwhile.
    const activatesAt = Math.max(
      now.getTime() - clockSkewSeconds * 1000,
      ...retired.slice(0, 1).map(({ key }) => key.activatesAt.getTime() + 1),
    );
    // In the place of the withdrawn one, for the version before too.
    await insertKey(trx, store, spare, {
      state: state === 'current' ? 'current' : 'next',
      activatesAt: new Date(activatesAt),
    });
    await record(spare.kid, 'current');
    return { kid, alg, role: 'current', replacement: spare.kid };
  });
}

function algorithmOf(
  kid: string,
  keys: readonly { readonly kid: string; readonly alg: string }[],
): RotatingAlgorithm {
  const stored = keys.find((key) => key.kid === kid);
  const alg = rotatingAlgorithms.find((known) => known === stored?.alg);
  if (alg !== undefined) return alg;
  throw new BrokerError('M-KEYS-001', {
    detail:
      stored === undefined
        ? `No key has the kid ${kid}: \`maillon keys list\` shows them.`
        : `${kid} is not a key to withdraw: \`sub\` and nonces are derived from it, and it is never published.`,
  });
}
