import type { Clock, Logger } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { createBoundedRecord } from './bounded-record.ts';

/**
 * Not a wrong answer: no answer, the person's own doing (cancelled, came back late or twice), what operators decided, and
 * our own limits.
 */
const innocent: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'M-UPST-001',
  'M-UPST-003',
  'M-UPST-004',
  'M-UPST-014',
  'M-UPST-034',
]);

/** Entries of all identity providers and codes together in one hour, whatever the crowd and the processes. */
export const refusalsPerHour = 60;

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
    /** Not recorded one by one, in hours before, by this process. */
    readonly unrecorded_before?: number;
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
  const record = createBoundedRecord<RecordedRefusal>({
    ...needs,
    ceiling: { name: 'upstream-refused', entries: refusalsPerHour },
  });

  return async ({ id }, code, at = { id }) => {
    if (innocent.has(code)) return;
    const rule = catalogue[code].hint;
    logger.warn(
      { event: 'upstream.refused', idp: id, code, rule },
      'an answer of an identity provider is refused',
    );
    try {
      await record(`upstream-refused:${id}:${code}`, (unrecorded) => ({
        act: 'upstream.refuse',
        subject: `upstream:${id}`,
        after: {
          code,
          rule,
          ...(at.id === id ? {} : { answered_at: at.id }),
          ...(unrecorded === 0 ? {} : { unrecorded_before: unrecorded }),
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
