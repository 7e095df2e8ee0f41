import { z } from 'zod';
import type { IdpStatus } from './status.ts';

/** Where processes leave what they saw for one another; what is left there goes away by itself. */
export interface Board {
  readonly put: (process: string, text: string, ttlSeconds: number) => Promise<void>;
  /** Of every process, the one that asks included. */
  readonly all: () => Promise<readonly string[]>;
}

const everyMs = 15_000;
const ttlSeconds = 60;

const date = z.coerce.date().optional();
const statusSchema = z.object({
  id: z.string(),
  name: z.string(),
  reach: z.enum(['unknown', 'answers', 'failing', 'away']),
  breaker: z.enum(['closed', 'open', 'probing']),
  lastSuccess: date,
  lastFailure: z.object({ at: z.coerce.date(), code: z.string() }).optional(),
  recent: z.object({ asked: z.number(), failed: z.number() }),
  keyChanges: z.number(),
  keysChangedAt: date,
  metadataReadAt: date,
  keysReadAt: date,
  certificateEndsAt: date,
});
const leftSchema = z.object({ process: z.string(), statuses: z.array(statusSchema) });

export interface SharedStatuses {
  /** As all processes see them; as this one does when the others cannot be heard. */
  readonly all: () => Promise<readonly IdpStatus[]>;
  readonly stop: () => void;
}

export function shareStatuses(needs: {
  readonly own: () => readonly IdpStatus[];
  readonly board: Board;
  /** A name that no other process has. */
  readonly process: string;
  readonly onProblem: (error: unknown) => void;
}): SharedStatuses {
  const { own, board, process, onProblem } = needs;
  const leave = () =>
    board.put(process, JSON.stringify({ process, statuses: own() }), ttlSeconds).catch(onProblem);
  const timer = setInterval(() => void leave(), everyMs).unref();
  return {
    async all() {
      const mine = own();
      const left = await board.all().catch((error: unknown) => {
        onProblem(error);
        return [];
      });
      // A process of another version may write what this one does not read: it is left out.
      const others = left
        .map((text) => leftSchema.safeParse(jsonOf(text)).data)
        .filter((one) => one !== undefined && one.process !== process)
        .flatMap((one) => one?.statuses ?? []);
      return mine.map((status) =>
        others
          .filter(({ id }) => id === status.id)
          .reduce<IdpStatus>((one, other) => together(one, other), status),
      );
    },
    stop: () => clearInterval(timer),
  };
}

/** One server may reach an IdP that another does not: the worst is what operators have to know. */
const reaches: readonly IdpStatus['reach'][] = ['unknown', 'answers', 'failing', 'away'];
const breakers: readonly IdpStatus['breaker'][] = ['closed', 'probing', 'open'];

export function together(one: IdpStatus, other: z.output<typeof statusSchema>): IdpStatus {
  const later = (a: Date | undefined, b: Date | undefined) =>
    a === undefined || (b !== undefined && b > a) ? b : a;
  const worst = <T>(list: readonly T[], a: T, b: T): T => (list.indexOf(b) > list.indexOf(a) ? b : a);
  const readLater = later(one.metadataReadAt, other.metadataReadAt) === other.metadataReadAt;
  const failedLater = (other.lastFailure?.at ?? 0) > (one.lastFailure?.at ?? 0);
  return {
    ...one,
    reach: worst(reaches, one.reach, other.reach),
    breaker: worst(breakers, one.breaker, other.breaker),
    lastSuccess: later(one.lastSuccess, other.lastSuccess),
    lastFailure: failedLater ? other.lastFailure : one.lastFailure,
    recent: {
      asked: one.recent.asked + other.recent.asked,
      failed: one.recent.failed + other.recent.failed,
    },
    // Each of them notices the same change.
    keyChanges: Math.max(one.keyChanges, other.keyChanges),
    keysChangedAt: later(one.keysChangedAt, other.keysChangedAt),
    metadataReadAt: later(one.metadataReadAt, other.metadataReadAt),
    keysReadAt: later(one.keysReadAt, other.keysReadAt),
    certificateEndsAt: (readLater ? other.certificateEndsAt : undefined) ?? one.certificateEndsAt,
  };
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
