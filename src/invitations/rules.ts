import { addDays } from '../eligibility/eligibility.ts';
import type { Assessment } from '../eligibility/eligibility.ts';
import { inOneLine } from '../http/http.ts';
import { canonicalEmail } from '../identity/identity.ts';

/** Open at once for one sponsor; those of the last day count even when they were taken back, since each sends a mail. */
export const mostInvitations = 50;
export const longestReason = 500;

/** As it was typed. */
export interface Proposal {
  readonly address: string;
  readonly service: string;
  readonly reason: string;
  readonly endsOn: string;
}

/** As it may be kept. */
export interface Terms {
  /** What is compared. */
  readonly address: string;
  /** Where mails go. */
  readonly writtenAddress: string;
  readonly service: string;
  readonly reason: string;
  readonly endsOn: string;
}

export interface Circumstances {
  /** Civil day in Paris. */
  readonly today: string;
  readonly sponsorEmail: string;
  /** Ids of those to which the sponsor may invite. */
  readonly services: readonly string[];
  /** Invitations of this sponsor that count against the most. */
  readonly count: number;
}

export type InvitationField = 'email' | 'service' | 'reason' | 'until';
export type ProblemWords =
  | 'email_missing'
  | 'email_malformed'
  | 'email_own'
  | 'email_already'
  | 'email_often'
  | 'too_many'
  | 'service_missing'
  | 'reason_missing'
  | 'reason_too_long'
  | 'until_missing'
  | 'until_malformed'
  | 'until_past'
  | 'until_too_late'
  | 'until_not_later'
  | 'renewed_today';
export interface InvitationProblem {
  readonly field: InvitationField;
  readonly words: ProblemWords;
}

export type Judgement =
  | { readonly kind: 'fine'; readonly terms: Terms }
  | { readonly kind: 'problems'; readonly problems: readonly InvitationProblem[] };

/**
 * The spelling by which an invitation finds its guest. Elsewhere the local part keeps its letter case, and no address
 * links anybody; here the mailbox was proven (invariant 3), and whoever invites does not know how a directory writes it.
 */
export const comparedAddress = (address: string): string => address.toLowerCase();

/** Who may invite to a service: its members, from a public service, if its policy has a way in for guests at all. */
export function mayInvite(
  { decision, organization }: Assessment,
  knowsGuests: boolean,
): 'yes' | 'step_up' | 'no' {
  if (!knowsGuests || organization?.publicService !== true) return 'no';
  if (decision.decision === 'step_up') return 'step_up';
  return decision.decision === 'allow' && decision.level === 'member' ? 'yes' : 'no';
}

/** The same day of the year after; 28 February for the 29th. */
export function latestEnd(today: string): string {
  const year = Number(today.slice(0, 4)) + 1;
  const day = today.slice(4) === '-02-29' ? '-02-28' : today.slice(4);
  return `${String(year)}${day}`;
}

/** Everything that has to be put right, at once: the fields in the order of the form. Pure. */
export function judge(proposal: Proposal, circumstances: Circumstances): Judgement {
  const typed = proposal.address.trim();
  const email = canonicalEmail(typed);
  const reason = inOneLine(proposal.reason);
  const endsOn = proposal.endsOn.trim();
  const problems: InvitationProblem[] = [];
  const add = (field: InvitationField, words: ProblemWords | undefined) => {
    if (words !== undefined) problems.push({ field, words });
  };
  add('email', addressProblem(typed, email?.address, circumstances));
  add('service', circumstances.services.includes(proposal.service) ? undefined : 'service_missing');
  if (reason === '') add('reason', 'reason_missing');
  else if (reason.length > longestReason) add('reason', 'reason_too_long');
  add('until', endProblem(endsOn, circumstances.today));
  if (email === undefined || problems.length > 0) return { kind: 'problems', problems };
  return {
    kind: 'fine',
    terms: {
      address: comparedAddress(email.address),
      writtenAddress: email.address,
      service: proposal.service,
      reason,
      endsOn,
    },
  };
}

function addressProblem(
  typed: string,
  address: string | undefined,
  { sponsorEmail, count }: Circumstances,
): ProblemWords | undefined {
  if (typed === '') return 'email_missing';
  if (address === undefined) return 'email_malformed';
  if (comparedAddress(address) === comparedAddress(sponsorEmail)) return 'email_own';
  return count >= mostInvitations ? 'too_many' : undefined;
}

export type TakeOverRefusal = 'service' | 'own_address' | 'too_many';

/**
 * Why somebody who may invite to these services cannot take over the guest of somebody else; undefined when they can. One's
 * own address is nobody's guest.
 */
export function takeOverRefusal(
  guest: { readonly service: string; readonly address: string },
  taker: {
    readonly sponsorEmail: string;
    readonly services: readonly { readonly service: string }[];
    readonly count: number;
  },
): TakeOverRefusal | undefined {
  if (!taker.services.some(({ service }) => service === guest.service)) return 'service';
  if (comparedAddress(guest.address) === comparedAddress(taker.sponsorEmail)) return 'own_address';
  return taker.count >= mostInvitations ? 'too_many' : undefined;
}

/** @param current what is renewed ends then */
export function renewalProblem(
  endsOn: string,
  today: string,
  current: { readonly endsOn: string; readonly renewedOn: string | undefined },
): InvitationProblem | undefined {
  const words = endProblem(endsOn, today);
  if (words !== undefined) return { field: 'until', words };
  if (endsOn <= current.endsOn) return { field: 'until', words: 'until_not_later' };
  // Each renewal sends a mail.
  return current.renewedOn === today ? { field: 'until', words: 'renewed_today' } : undefined;
}

function endProblem(endsOn: string, today: string): ProblemWords | undefined {
  if (endsOn === '') return 'until_missing';
  if (!isDay(endsOn)) return 'until_malformed';
  if (endsOn < today) return 'until_past';
  return endsOn > latestEnd(today) ? 'until_too_late' : undefined;
}

function isDay(written: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(written)) return false;
  try {
    return addDays(written, 0) === written;
  } catch {
    return false;
  }
}
