import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import type { Visitor } from '../visitor/visitor.ts';
import type { ActingOperator } from './actor.ts';

/** As long as a sign-in lets somebody into the console. */
const lifetimeSeconds = 12 * 3600;
/** More operators than that do not work at once in one process. */
const remembered = 1000;

/** One line of the record; `recordAccess` of audit/ takes it. */
export interface SignInEntry {
  readonly act: 'operator.sign_in';
  readonly subject: string;
  readonly actor: ActingOperator;
  readonly after: {
    readonly idp: string;
    readonly acr: string;
    readonly amr: readonly string[];
    readonly auth_time: string;
  };
}

/**
 * Each sign-in into the console leaves one entry, whatever the process that sees it first. Nobody works whose sign-in
 * could not be recorded.
 */
export function createSignInRecord({
  ephemeral,
  record,
  clock,
}: {
  readonly ephemeral: Pick<EphemeralStore, 'setIfAbsent' | 'delete'>;
  readonly record: (at: Date, entry: SignInEntry) => Promise<void>;
  readonly clock: Clock;
}): (actor: ActingOperator, visitor: Visitor) => Promise<void> {
  const known = new Set<string>();
  return async (actor, { sessionUid, authTime, idp, acr, amr }) => {
    const key = `operator-sign-in:${actor.id}:${sessionUid}:${authTime.getTime()}`;
    if (known.has(key)) return;
    if (await ephemeral.setIfAbsent(key, '1', lifetimeSeconds)) {
      try {
        await record(clock(), {
          act: 'operator.sign_in',
          subject: `operator:${actor.id}`,
          actor,
          after: { idp, acr, amr, auth_time: authTime.toISOString() },
        });
      } catch (error) {
        await ephemeral.delete(key);
        throw error;
      }
    }
    if (known.size >= remembered) known.clear();
    known.add(key);
  };
}
