import { addDays } from '../eligibility/eligibility.ts';
import type { Approval } from '../eligibility/eligibility.ts';
import { approvalId } from './approval-id.ts';
import { among, suspended } from './file.ts';
import type { RegistrationFile, Request, RequestState } from './file.ts';
import { trouble } from './held-back.ts';
import type { HeldBack } from './held-back.ts';
import { daysHeld } from './renounced.ts';

/** A row of `approval`, the one thing that `decide()` reads of a file. */
export interface ApprovalRow {
  readonly id: string;
  readonly siren: string;
  readonly service_id: string;
  readonly level: Approval['level'];
  readonly ground: Approval['ground'];
  readonly reason: string;
  readonly starts_on: string;
  readonly ends_on: string;
  readonly status: Approval['status'];
  /** Nothing but its last day ends it, or has ended it: only then may a policy let the right go on for a while. */
  readonly lapses: boolean;
  readonly decided_by: string;
  readonly decided_on: string;
}

/** What a request is to `decide()`: none is no row at all. */
const statuses: Readonly<Record<Exclude<RequestState, 'appealed'>, Approval['status'] | undefined>> = {
  draft: undefined,
  submitted: 'pending',
  under_review: 'pending',
  info_requested: 'pending',
  withdrawn: undefined,
  approved: 'active',
  refused: 'refused',
  implicitly_refused: 'refused',
  implicitly_accepted: 'active',
  renewal_due: 'active',
  // Their days say that they have ended.
  renewed: 'active',
  expired: 'active',
  renounced: 'active',
  suspension_notified: 'active',
  suspended: 'suspended',
  suspended_urgent: 'suspended',
  abrogated: 'refused',
  withdrawn_by_authority: 'refused',
  closed: 'refused',
  upheld: 'refused',
  implicitly_upheld: 'refused',
};

/** An appeal suspends nothing (CJA art. L4): what it is against stands. */
function statusOf({ state, appeal, decided, notice }: Request): Approval['status'] | undefined {
  // Giving a right up answers nothing: what held it back goes on speaking against it.
  const wasHeldBack = notice !== undefined || (decided !== undefined && among(suspended, decided.as));
  if (state === 'renounced' && wasHeldBack) return 'refused';
  if (state !== 'appealed') return statuses[state];
  const against = appeal?.against.as;
  return against === undefined || against === 'appealed' ? 'refused' : statuses[against];
}

/** A renewed one is followed by another: whatever becomes of that one, the former does not come back. */
const running = ['approved', 'implicitly_accepted', 'renewal_due', 'expired'] as const;

const lapses = (request: Request): boolean =>
  request.granted !== undefined &&
  request.renounced === undefined &&
  among(running, request.state) &&
  trouble(request) === undefined;

/** @param competent name of whoever answers for the service: author of what nobody signed */
export function approvalRowOf(
  file: RegistrationFile,
  request: Request,
  siren: string,
  competent: string,
): ApprovalRow | undefined {
  const status = statusOf(request);
  const decided = request.decided ?? request.granted;
  const decidedOn = decided?.on ?? file.receivedOn;
  if (status === undefined || decidedOn === undefined) return undefined;
  const author = decided?.author;
  const { terms } = request;
  const days = daysHeld(request);
  return {
    id: approvalId(file.id, request.service),
    siren,
    service_id: request.service,
    // A right without terms is no right: what is pending or refused shows none of these.
    level: terms?.level ?? 'guest',
    ground: terms?.ground ?? 'operator_doctrine',
    starts_on: days?.startsOn ?? decidedOn,
    ends_on: days?.endsOn ?? decidedOn,
    status,
    lapses: lapses(request),
    reason: decided?.text.trim() === '' || decided === undefined ? file.id : decided.text,
    decided_by: JSON.stringify(
      author === undefined
        ? { organization: competent }
        : {
            given_name: author.givenName,
            usual_name: author.usualName,
            capacity: author.capacity,
            organization: author.organization,
          },
    ),
    decided_on: decidedOn,
  };
}

/**
 * The row of a renewal while what it renews is in question: not to be used, from the day after the former right, which
 * goes on until its end while its suspension is only announced.
 */
export function heldBackRowOf(row: ApprovalRow, heldBack: HeldBack | undefined): ApprovalRow {
  if (heldBack === undefined || row.status !== 'active') return row;
  if (heldBack.because !== 'notified') return { ...row, status: 'suspended', lapses: false };
  const next = addDays(heldBack.endsOn, 1);
  const last = next < row.ends_on ? next : row.ends_on;
  const startsOn = last > row.starts_on ? last : row.starts_on;
  return { ...row, status: 'suspended', lapses: false, starts_on: startsOn };
}

/** The row of a request that another one has renewed ends where the new one begins. Undefined when nothing is left of it. */
export function renewedRowOf(former: ApprovalRow, newStartsOn: string): ApprovalRow | undefined {
  const lastDay = addDays(newStartsOn, -1);
  const endsOn = former.ends_on < lastDay ? former.ends_on : lastDay;
  return endsOn < former.starts_on ? undefined : { ...former, ends_on: endsOn };
}
