import type { Proposal } from './act.ts';
import { among, inForce, suspended } from './file.ts';
import type { Request, RequestState } from './file.ts';
import { daysGivenAreOver, heard, notBefore } from './guards.ts';
import type { Moment, Refused, RequestGuard } from './guards.ts';
import { withdrawalLimit } from './legal-clock.ts';

interface Decision {
  readonly from: readonly RequestState[];
  readonly guards: readonly RequestGuard[];
  readonly to: RequestState;
}

/**
 * States in which an organization may have been heard. Whatever takes a right away for good comes after observations,
 * a withdrawal too: both are decisions that state reasons (CRPA art. L211-2 4°, L121-1), and fraud is no exception
 * (art. L121-2). What cannot wait is suspended at once meanwhile.
 */
const heardIn = ['suspension_notified', 'suspended', 'suspended_urgent'] as const;

/** Decisions that two people take: one proposes, another confirms. */
export const decisions = {
  // A refusal of what was asked for needs no hearing (CRPA art. L121-1). One that comes late replaces the implicit one.
  refuse: {
    from: ['under_review', 'info_requested', 'implicitly_refused'],
    guards: [daysGivenAreOver],
    to: 'refused',
  },
  abrogate: { from: heardIn, guards: [heard], to: 'abrogated' },
  withdraw: { from: heardIn, guards: [heard], to: 'withdrawn_by_authority' },
  // The holder's own words, which came by post: that they are theirs, two people say.
  renounce: {
    from: [...inForce, ...suspended],
    guards: [notBefore(({ granted }) => granted?.on)],
    to: 'renounced',
  },
} as const satisfies Record<Proposal['decision'], Decision>;

const kinds = [
  'refuse',
  'abrogate',
  'withdraw',
  'renounce',
] as const satisfies readonly Proposal['decision'][];

/** States in which there is something to propose. */
export const proposable: readonly RequestState[] = [
  ...new Set(kinds.flatMap((kind) => decisions[kind].from)),
];

const standing = (kind: Proposal['decision'], moment: Moment, request: Request): Refused | undefined => {
  const { from, guards }: Decision = decisions[kind];
  if (!among(from, request.state)) return 'not_possible';
  for (const guard of guards) {
    const because = guard(moment, request);
    if (because !== undefined) return because;
  }
  return undefined;
};

/** Decisions that could be proposed now, whatever their reasons. */
export const proposableNow = (moment: Moment, request: Request): readonly Proposal['decision'][] =>
  kinds.filter((kind) => standing(kind, moment, request) === undefined);

export const somethingProposable: RequestGuard = (moment, request) => {
  const answers = kinds.map((kind) => standing(kind, moment, request));
  if (answers.includes(undefined)) return undefined;
  return answers.find((because) => because !== 'not_possible') ?? 'not_possible';
};

/** Why this may not be decided now; asked when it is proposed and again when it is confirmed, which is when it is decided. */
export function proposalProblem(moment: Moment, request: Request, proposal: Proposal): Refused | undefined {
  const because = standing(proposal.decision, moment, request);
  if (because !== undefined || proposal.decision === 'refuse') return because;
  if (proposal.decision === 'renounce') return renunciationProblem(moment, request, proposal);
  const fraud = proposal.decision === 'withdraw' && proposal.because === 'fraud';
  // The reason that opens a longer time has to be the reason that is written.
  if (fraud && proposal.motive !== 'fraud') return 'not_possible';
  // Taken back or ended because it was illegal: four months (CRPA art. L242-1). Because a condition is not met any more
  // (art. L242-2 1°) or was obtained by fraud (art. L241-2): at any time.
  const illegal = proposal.decision === 'withdraw' ? !fraud : proposal.motive === 'decision_illegal';
  const grantedOn = request.granted?.on;
  if (illegal && (grantedOn === undefined || moment.today > withdrawalLimit(grantedOn))) return 'too_late';
  return undefined;
}

/** Received since the right was given, and for the future only; confirmed later than its first day, it counts from then. */
function renunciationProblem(
  { today }: Moment,
  { granted, terms, proposed }: Request,
  { from, receivedOn }: Extract<Proposal, { decision: 'renounce' }>,
): Refused | undefined {
  if (granted === undefined || receivedOn < granted.on || receivedOn > today) return 'day_invalid';
  const isPast = proposed === undefined && from < today;
  return isPast || terms === undefined || from > terms.endsOn ? 'terms_invalid' : undefined;
}

export const proposalStands: RequestGuard = (moment, request) =>
  request.proposed === undefined ? undefined : proposalProblem(moment, request, request.proposed.proposal);
