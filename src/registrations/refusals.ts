import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { ActName } from './act.ts';
import type { Refused } from './lifecycle.ts';

const codes: Readonly<Record<Refused, ErrorCode>> = {
  not_possible: 'M-FILE-003',
  nothing_proposed: 'M-FILE-003',
  proposer_out_of_charge: 'M-FILE-076',
  nothing_to_answer: 'M-FILE-003',
  second_person_needed: 'M-FILE-004',
  same_person: 'M-FILE-004',
  same_decider: 'M-FILE-004',
  own_organization: 'M-FILE-005',
  // Whoever is not the applicant is not told that the file exists.
  not_the_applicant: 'M-FILE-001',
  already_taken: 'M-FILE-016',
  not_taken: 'M-FILE-016',
  notice_running: 'M-FILE-007',
  too_late: 'M-FILE-007',
  too_early: 'M-FILE-007',
  terms_invalid: 'M-FILE-017',
  // Time has changed the file since the page was read.
  time_first: 'M-FILE-002',
  day_invalid: 'M-FILE-071',
  register_moved: 'M-FILE-080',
  clock: 'M-FILE-007',
};

/** What the lifecycle refuses, as an error that a page can show. */
export const refusal = (because: Refused, id: string, act: ActName): BrokerError =>
  new BrokerError(codes[because], { detail: `${id}, ${act}: ${because}` });

/** Whoever sent the file, and does not act for its organization any more. */
export const senderRevoked = (id: string): BrokerError =>
  new BrokerError('M-FILE-075', { detail: `${id}: the membership of its sender is revoked` });

export const unknownFile = (id: string): BrokerError =>
  new BrokerError('M-FILE-001', { detail: `no file ${id.slice(0, 40)} for this person` });
