import type { ActName, Actor } from './act.ts';
import { besides, contestable } from './appeals.ts';
import { proposable, proposalStands, somethingProposable } from './decisions.ts';
import { examined, inForce, suspended } from './file.ts';
import type { RequestState } from './file.ts';
import {
  anotherDecider,
  anotherPerson,
  appealToAnswer,
  asked,
  askedByNobody,
  free,
  heard,
  held,
  heldOrLetGo,
  inTimeForCourt,
  itsDayHasCome,
  motivesNotAsked,
  motivesOwed,
  nobodyElse,
  noNotice,
  notAppealedYet,
  notBefore,
  nothingProposed,
  nothingProposedInFile,
  noticeToAnswer,
  notOver,
  onPaperUnlessTaken,
  proposed,
  proposerInCharge,
  somethingMoved,
  somethingToDo,
} from './guards.ts';
import type { FileGuard, RequestGuard } from './guards.ts';

interface Concerning<Guard> {
  readonly by: Actor['kind'];
  /** Of the file: at least one of its requests is in one of these, and those that are move. Of a request: it is. */
  readonly from: readonly RequestState[];
  readonly guards: readonly Guard[];
  /** Where it may lead; `stays`: the state does not change. */
  readonly to: readonly (RequestState | 'stays')[];
  /** Even by who acts for the organization: it decides nothing. */
  readonly ownOrganization?: true;
  /** It also comes by post or by word of mouth: an operator then records it, with the day on which it was received. */
  readonly recorded?: true;
}
export type Rule =
  | ({ readonly concerns: 'file' } & Concerning<FileGuard>)
  | ({ readonly concerns: 'request' } & Concerning<RequestGuard>);

/** Granted by a person or by silence, and nobody wants to take it away. */
const granted = ['approved', 'implicitly_accepted', 'renewal_due'] as const;

/** What the organization can complain of (CRPA art. L411-2: any administrative decision). */
const unfavourable = [
  'refused',
  'implicitly_refused',
  'abrogated',
  'withdrawn_by_authority',
  ...suspended,
] as const;

/** An appeal was sent, and answered by somebody or by silence: only in place of one that an operator recorded. */
const contested = ['appealed', 'upheld', 'implicitly_upheld'] as const;

/** Files in which there is something left to decide. */
const open = [
  ...examined,
  'implicitly_refused',
  ...inForce,
  ...suspended,
  'appealed',
  'implicitly_upheld',
] as const;

const all = [...open, 'withdrawn', 'refused', 'renewed', 'expired', 'renounced', 'abrogated'] as const;
const everything = [...all, 'withdrawn_by_authority', 'closed', 'upheld'] as const;

/** The lifecycle: who may do what, from where, under which conditions, and where it leads. Nothing else is possible. */
export const rules: Readonly<Record<ActName, Rule>> = {
  // ── The applicant ────────────────────────────────────────────────────────────────────────────────────────────────
  submit: { concerns: 'file', by: 'applicant', from: ['draft'], guards: [], to: ['submitted'] },
  supply: { concerns: 'file', by: 'applicant', from: examined, guards: [asked], to: ['under_review'] },
  withdraw_request: { concerns: 'file', by: 'applicant', from: examined, guards: [], to: ['withdrawn'] },
  ask_motives: {
    concerns: 'request',
    by: 'applicant',
    from: ['implicitly_refused'],
    guards: [motivesNotAsked, inTimeForCourt],
    to: ['stays'],
  },
  answer_notice: {
    concerns: 'request',
    by: 'applicant',
    from: ['suspension_notified', 'suspended_urgent'],
    guards: [noticeToAnswer, notBefore(({ notice }) => notice?.on)],
    to: ['stays'],
    recorded: true,
  },
  appeal: {
    concerns: 'request',
    by: 'applicant',
    from: [...unfavourable, ...contested, ...contestable],
    guards: [onPaperUnlessTaken, notAppealedYet, inTimeForCourt, notBefore(({ decided }) => decided?.on)],
    to: ['appealed', 'stays'],
    recorded: true,
  },
  // Its own act, and nobody's decision: what the administration may not end by itself (CRPA art. L242-1), whoever has it
  // may leave, suspended or not. Nobody is heard before (art. L121-1). On paper: by two people (decisions.ts).
  renounce: {
    concerns: 'request',
    by: 'applicant',
    from: [...inForce, ...suspended],
    guards: [],
    to: ['renounced', 'approved', 'stays'],
  },

  // ── The operator, examining ──────────────────────────────────────────────────────────────────────────────────────
  take: {
    concerns: 'file',
    by: 'operator',
    from: everything,
    guards: [somethingToDo(open), free],
    to: ['under_review', 'stays'],
  },
  release: {
    concerns: 'file',
    by: 'operator',
    from: everything,
    guards: [heldOrLetGo],
    to: ['stays'],
    ownOrganization: true,
  },
  note: {
    concerns: 'file',
    by: 'operator',
    from: everything,
    guards: [],
    to: ['stays'],
    ownOrganization: true,
  },
  ask_pieces: {
    concerns: 'file',
    by: 'operator',
    from: ['under_review', 'info_requested'],
    guards: [held, nothingProposedInFile],
    to: ['info_requested'],
  },
  check_evidence: { concerns: 'file', by: 'operator', from: examined, guards: [held], to: ['stays'] },
  transfer: {
    concerns: 'file',
    by: 'operator',
    from: examined,
    guards: [held, nothingProposedInFile],
    to: ['stays'],
  },
  // It says why nothing is decided: the right goes on as it is, until the register says something else.
  see_changes: {
    concerns: 'file',
    by: 'operator',
    from: everything,
    guards: [nobodyElse, somethingMoved],
    to: ['stays'],
  },

  // ── The operator, deciding ───────────────────────────────────────────────────────────────────────────────────────
  // On the administration's own initiative: nobody has asked, and a draft of somebody is theirs.
  grant: { concerns: 'file', by: 'operator', from: ['draft'], guards: [askedByNobody], to: ['approved'] },
  // A favourable decision that comes late replaces the refusal that silence had made.
  approve: {
    concerns: 'request',
    by: 'operator',
    from: ['under_review', 'info_requested', 'implicitly_refused'],
    guards: [held, nothingProposed],
    to: ['approved'],
  },
  propose: {
    concerns: 'request',
    by: 'operator',
    from: proposable,
    guards: [held, nothingProposed, somethingProposable],
    to: ['stays'],
  },
  // The second person has not taken the file: the first one has.
  confirm: {
    concerns: 'request',
    by: 'operator',
    from: proposable,
    guards: [proposed, anotherPerson, proposerInCharge, proposalStands],
    to: ['refused', 'abrogated', 'withdrawn_by_authority', 'renounced', 'approved', 'stays'],
  },
  decline: { concerns: 'request', by: 'operator', from: proposable, guards: [proposed], to: ['stays'] },
  communicate_motives: {
    concerns: 'request',
    by: 'operator',
    from: ['implicitly_refused', 'appealed'],
    guards: [held, motivesOwed],
    to: ['stays'],
  },
  // After an urgent suspension the organization is heard too (CRPA art. L121-2 only lets that come later).
  notify_suspension: {
    concerns: 'request',
    by: 'operator',
    from: [...granted, 'suspended_urgent'],
    guards: [held, nothingProposed, noNotice],
    to: ['suspension_notified', 'stays'],
  },
  suspend: {
    concerns: 'request',
    by: 'operator',
    from: ['suspension_notified', 'suspended_urgent'],
    guards: [held, nothingProposed, heard],
    to: ['suspended'],
  },
  // Nothing is waited for (CRPA art. L121-2 1°): not a hearing, not who holds the file, not a second person, nor the
  // date of an event that a wrong clock has written.
  suspend_urgently: {
    concerns: 'request',
    by: 'operator',
    from: [...inForce, 'expired'],
    guards: [notOver],
    to: ['suspended_urgent'],
  },
  reinstate: {
    concerns: 'request',
    by: 'operator',
    from: ['suspension_notified', ...suspended],
    guards: [held, nothingProposed],
    to: ['approved'],
  },
  // Silence has refused the appeal (CRPA art. L411-7): an answer that comes late replaces that too.
  decide_appeal: {
    concerns: 'request',
    by: 'operator',
    from: ['appealed', 'implicitly_upheld', ...besides],
    guards: [appealToAnswer, held, nothingProposed, anotherDecider],
    to: ['approved', 'upheld', ...suspended, 'stays'],
  },

  // ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  silence: {
    concerns: 'request',
    by: 'clock',
    from: [...examined, 'appealed', ...besides],
    guards: [itsDayHasCome('silence')],
    to: ['implicitly_refused', 'implicitly_accepted', 'implicitly_upheld', ...suspended, 'stays'],
  },
  renewal_due: {
    concerns: 'request',
    by: 'clock',
    from: ['approved', 'implicitly_accepted'],
    guards: [itsDayHasCome('renewal_due')],
    to: ['renewal_due'],
  },
  remind: {
    concerns: 'request',
    by: 'clock',
    from: ['renewal_due', 'suspension_notified'],
    guards: [itsDayHasCome('remind')],
    to: ['stays'],
  },
  expire: {
    concerns: 'request',
    by: 'clock',
    from: [...inForce, ...suspended],
    guards: [itsDayHasCome('expire')],
    to: ['expired', 'renounced'],
  },
  // When the file that renews it is granted: what is left of this right then follows the new one. While somebody wants to
  // take it away, the new one waits (held-back.ts).
  renewed_by: {
    concerns: 'request',
    by: 'clock',
    from: [...granted, 'expired'],
    guards: [],
    to: ['renewed'],
  },
  // When the file that renewed it is taken back, as if it had never been: what is left of this right goes on.
  revive: {
    concerns: 'request',
    by: 'clock',
    from: ['renewed'],
    guards: [notOver],
    to: ['approved'],
  },

  // ── The registers ────────────────────────────────────────────────────────────────────────────────────────────────
  // It has a SIREN now, or it turns out that it has not: who signs in for it is known from there.
  identify: { concerns: 'file', by: 'register', from: everything, guards: [], to: ['stays'] },
  // The organization has ceased to exist. What is not decided yet is decided by a person.
  close: {
    concerns: 'request',
    by: 'register',
    from: [...inForce, ...suspended],
    guards: [],
    to: ['closed'],
  },
};
