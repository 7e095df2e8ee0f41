import type { ErrorCode } from '../../errors/errors.ts';

/** Why a file is no piece of evidence. */
export const evidenceRefusals = [
  'empty',
  'too_large',
  'not_accepted',
  'damaged',
  'encrypted',
  'active',
  'foreign',
] as const;
export type EvidenceRefusal = (typeof evidenceRefusals)[number];

export const refusalCodes = {
  empty: 'M-FILE-020',
  too_large: 'M-FILE-008',
  not_accepted: 'M-FILE-009',
  damaged: 'M-FILE-021',
  encrypted: 'M-FILE-022',
  active: 'M-FILE-023',
  foreign: 'M-FILE-024',
} as const satisfies Record<EvidenceRefusal, ErrorCode>;

/** What one look at a file found wrong; undefined: nothing. */
export interface Flaw {
  readonly because: EvidenceRefusal;
  /** For the log. */
  readonly detail: string;
}

export const flaw = (because: EvidenceRefusal, detail: string): Flaw => ({ because, detail });
