/**
 * policies/: writing the rules of a service, trying them, and publishing them by two people.
 *
 * What it does: keeps drafts (drafts.ts) with what may be done to each by whom (rules.ts, pure); reads a document with its
 * faults line by line (read-document.ts); changes one rule in it by the fields of a form (rule-form.ts and edit-document.ts,
 * pure); says what a draft would change for every organization that the register holds (preview.ts; bounded-preview.ts for
 * somebody who waits), whom of those who have the service open it shuts out (who-loses.ts) and what it changes in the text
 * (line-diff.ts). Which version is in force is decided elsewhere, by date
 * (eligibility/policy.ts, declarations/snapshot.ts); what a version says of somebody, by `decide()` alone.
 *
 * Flow: author ──▶ draft (text, base version) ──▶ propose: read, base still the last, first day not past ──▶ second person:
 * preview, publish ──▶ declarations/published-policies.ts: one object more, `service@version`, of origin `console`, which
 * `maillon apply` leaves alone ──▶ every process at its next poll. To roll back is to publish a former document again.
 *
 * May import: audit, declarations, register, eligibility, organizations, storage, config, errors.
 */
export { createBoundedPreview } from './bounded-preview.ts';
export type { BoundedPreview, PreviewWithin } from './bounded-preview.ts';
export { createPolicyDrafts } from './drafts.ts';
export type { Draft, NamedPerson, PolicyDrafts, PolicyPerson, VersionOfPolicy } from './drafts.ts';
export { diffLines } from './line-diff.ts';
export type { DiffLine } from './line-diff.ts';
export { instantOf, previewPolicy, sideOf, totalOf } from './preview.ts';
export type { Counts, Listed, ListedAfterwards, Preview, PreviewNeeds, Side } from './preview.ts';
export { editDocument } from './edit-document.ts';
export type { EditedDocument, PolicyEdit } from './edit-document.ts';
export { longestDocument, policyText, readPolicyDocument } from './read-document.ts';
export type { DocumentProblem, ProblemKind, ReadDocument } from './read-document.ts';
export { formOf, ruleFields, ruleOf, sayTheSame } from './rule-form.ts';
export type { RuleField, RulePart, Ruling } from './rule-form.ts';
export { peopleWhoLose } from './who-loses.ts';
export type { PeopleWhoLose, WhoLoses } from './who-loses.ts';
export { draftStates, possibleActs, refusedAct } from './rules.ts';
export type { DraftAct, DraftState } from './rules.ts';
