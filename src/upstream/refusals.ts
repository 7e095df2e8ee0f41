import type { Clock, Logger } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { createBoundedRecord } from './bounded-record.ts';
import type { Ceiling } from './bounded-record.ts';

/**
 * What leaves no event and no entry, and why, as docs/identity-providers/refusals.md says it: nothing wrong was answered.
 */
export const leavesNoTrace = {
  'M-UPST-001': 'no answer, which the page of identity providers and the metrics show',
  'M-UPST-003': 'the person cancelled',
  'M-UPST-004': 'no attempt of ours, or one that is over: whoever forges callbacks writes nothing',
  'M-UPST-034': 'our own limit on the number of sign-ins at once, which the metrics show',
  'M-UPST-046': 'an answer that took too long, which the page of identity providers and the metrics show',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** What whoever has a browser, or posts to us, may cause at any identity provider, or at one that is disabled, without it doing anything. */
const causedByAnybody: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'M-UPST-002',
  'M-UPST-005',
  'M-UPST-007',
  'M-UPST-014',
  'M-UPST-015',
  'M-UPST-029',
  'M-UPST-042',
  'M-UPST-043',
  'M-UPST-044',
  'M-UPST-045',
]);

/**
 * Entries in one hour of what anybody can cause, for one code and for all, whatever the crowd and the processes. What only an
 * identity provider can cause has no such ceiling: it would let others hide it, and its codes are few.
 */
export const refusalsPerHour = { code: 20, anybody: 60 } as const;

/** For the record of acts. No person in it: neither in the subject nor anywhere else. */
export interface RecordedRefusal {
  readonly act: 'upstream.refuse';
  /** `upstream:<idp>`: not the name of its declaration, whose author is somebody. */
  readonly subject: string;
  readonly after: {
    readonly code: ErrorCode;
    readonly rule: string;
    /** The identity provider in whose place the answer came, when it is another one. */
    readonly answered_at?: string;
    /** Not recorded one by one, in hours before, by this process: of the same kind, and of others for which there was no room. */
    readonly unrecorded_before?: number;
    readonly others_unrecorded_before?: number;
  };
}

export interface RefusalNeeds {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  /** Adds an entry to the record of acts. */
  readonly record: (at: Date, refusal: RecordedRefusal) => Promise<void>;
}

/**
 * What becomes of a refused answer beside the page: a security event in the log each time, and an entry in the record,
 * a few times an hour. To be called for an answer to an attempt of our own, or one that we asked an IdP for: whoever forges
 * callbacks without our cookie writes nothing. Logout tokens are the exception: anybody may post one. Never rejects, since the refusal stands in any case.
 *
 * @returns tells of one refusal, of the identity provider that was asked, and of the one that is declared where the answer
 *   came; resolves once the record has it
 */
export function createRefusals(
  needs: RefusalNeeds,
): (idp: Pick<IdentityProvider, 'id'>, code: ErrorCode, at?: Pick<IdentityProvider, 'id'>) => Promise<void> {
  const { logger } = needs;
  const record = createBoundedRecord<RecordedRefusal>(needs);

  return async ({ id }, code, at = { id }) => {
    if (Object.hasOwn(leavesNoTrace, code)) return;
    const rule = catalogue[code].hint;
    logger.warn(
      { event: 'upstream.refused', idp: id, code, rule },
      'an answer of an identity provider is refused',
    );
    try {
      await record({ kind: `upstream-refused:${id}:${code}`, ceilings: ceilingsOf(code) }, (unrecorded) => ({
        act: 'upstream.refuse',
        subject: `upstream:${id}`,
        after: {
          code,
          rule,
          ...(at.id === id ? {} : { answered_at: at.id }),
          ...(unrecorded.ofKind === 0 ? {} : { unrecorded_before: unrecorded.ofKind }),
          ...(unrecorded.ofOthers === 0 ? {} : { others_unrecorded_before: unrecorded.ofOthers }),
        },
      }));
    } catch (error) {
      logger.warn(
        { event: 'upstream.unrecorded', idp: id, code, err: error },
        'a refusal could not be recorded',
      );
    }
  };
}

function ceilingsOf(code: ErrorCode): readonly Ceiling[] {
  if (!causedByAnybody.has(code)) return [];
  return [
    { name: `upstream-refused-code:${code}`, entries: refusalsPerHour.code },
    { name: 'upstream-refused', entries: refusalsPerHour.anybody },
  ];
}
