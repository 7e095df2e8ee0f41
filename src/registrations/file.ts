import type { Motive, OperatorActor, Proposal, RegistrationEvent, Terms } from './act.ts';
import type { SilenceMode } from './legal-clock.ts';

/** Where one request (one service asked for in one file) stands. */
export const requestStates = [
  'draft',
  'submitted',
  'under_review',
  'info_requested',
  'withdrawn',
  'approved',
  'refused',
  'implicitly_refused',
  'implicitly_accepted',
  'renewal_due',
  'renewed',
  'expired',
  'renounced',
  'suspension_notified',
  'suspended',
  'suspended_urgent',
  'abrogated',
  'withdrawn_by_authority',
  'closed',
  'appealed',
  'upheld',
  'implicitly_upheld',
] as const;
export type RequestState = (typeof requestStates)[number];

/** The three of the examination, which every request of a file leaves and enters together until it is decided. */
export const examined = [
  'submitted',
  'under_review',
  'info_requested',
] as const satisfies readonly RequestState[];

/** In these the organization has the right to use the service, between the days of its terms. */
export const inForce = [
  'approved',
  'implicitly_accepted',
  'renewal_due',
  'suspension_notified',
] as const satisfies readonly RequestState[];

/** In these the right exists and cannot be used. */
export const suspended = ['suspended', 'suspended_urgent'] as const satisfies readonly RequestState[];

/** Is the state one of these? */
export function among<S extends RequestState>(states: readonly S[], state: RequestState): state is S {
  return states.some((one) => one === state);
}

/** Who took a decision, and who confirmed it. */
export interface Authors {
  readonly author: OperatorActor;
  readonly second?: OperatorActor | undefined;
}

export interface Decided extends Partial<Authors> {
  /** What was decided, in the word of the state that it leads to. */
  readonly as: RequestState;
  /** Civil day in Paris. */
  readonly on: string;
  readonly motive?: Motive | undefined;
  readonly text: string;
  readonly rule?: string | undefined;
}

export interface Request {
  readonly service: string;
  readonly state: RequestState;
  /** Since the request was granted, the last terms granted. */
  readonly terms?: Terms | undefined;
  /** The last decision, explicit or implicit. */
  readonly decided?: Decided | undefined;
  /** The decision that granted the right: what the four months of its withdrawal run from. */
  readonly granted?: Decided | undefined;
  /** What waits for a second person. */
  readonly proposed?:
    { readonly proposal: Proposal; readonly by: OperatorActor; readonly on: string } | undefined;
  /** The adversarial phase before what takes the right away, or after a suspension that could not wait. */
  readonly notice?:
    | {
        readonly on: string;
        readonly answerBy: string;
        readonly answer?: string | undefined;
        /** Who recorded that answer, when it did not come from the page of the file. */
        readonly recordedBy?: OperatorActor | undefined;
      }
    | undefined;
  /** Of the last decision. `settled`: an answer that left a suspension as it was, and may not be asked for again. */
  readonly appeal?:
    | {
        readonly on: string;
        readonly against: Decided;
        readonly settled?: Decided | undefined;
        /** Who recorded it, when it did not come from the page of the file. */
        readonly recordedBy?: OperatorActor | undefined;
      }
    | undefined;
  /** The applicant asked why silence was a refusal (CRPA art. L232-4): the answer is due a month later. */
  readonly motivesAskedOn?: string | undefined;
  /** That answer. The decision stays the one that nobody took: its reasons have an author, it has none. */
  readonly motivesGiven?:
    | {
        readonly on: string;
        readonly by: OperatorActor;
        readonly motive: Motive;
        readonly text: string;
        readonly rule: string;
      }
    | undefined;
  /** The organization gives the right up, or has: `from` is the first day without it, to come or not. */
  readonly renounced?:
    | {
        readonly from: string;
        /** The day on which it said so here. */
        readonly on: string;
        /** Who recorded it, when it did not come from the page of the file. */
        readonly recordedBy?: OperatorActor | undefined;
      }
    | undefined;
  /** Reminders already sent: 90, 30, 7. */
  readonly reminded: readonly number[];
}

/** A time during which the clock of silence stands still, for missing pieces (CRPA art. L114-5). Civil days in Paris. */
export interface Pause {
  readonly askedOn: string;
  /** Days given. */
  readonly days: number;
  /** The day on which the pieces came. */
  readonly suppliedOn?: string | undefined;
}

export interface RegistrationFile {
  readonly id: string;
  /** How many events made it. */
  readonly version: number;
  /** Who sent it; undefined: the administration opened it on its own initiative. */
  readonly accountId?: string | undefined;
  /** The lot whose decision opened it, and where its letters go; without an address they are posted. */
  readonly opened?: { readonly lot: string; readonly contact?: string | undefined } | undefined;
  readonly requests: readonly Request[];
  /** Civil day on which it was received, or opened by the administration; undefined for a draft. */
  readonly receivedOn?: string | undefined;
  /** What silence was on that day. Events of before it was written down say nothing: a refusal. */
  readonly silence?: SilenceMode | undefined;
  /** The day on which it came to the authority that has to decide, when another one received it (CRPA art. L114-3). */
  readonly transferredOn?: string | undefined;
  /** The last question to the applicant, until it is answered. */
  readonly asked?:
    | { readonly on: string; readonly answerBy: string; readonly blocking: boolean; readonly text: string }
    | undefined;
  readonly pauses: readonly Pause[];
  /** Who examines it, since when, and when they last did something: a file is not held by somebody who went home. */
  readonly taken?: { readonly by: OperatorActor; readonly at: Date; readonly lastAt: Date } | undefined;
  readonly events: readonly RegistrationEvent[];
}
