/**
 * eligibility/: may this person, acting for this organization, use this service, at what level, why, until when?
 *
 * What it does: reads policy documents (policy.ts, strict), compiles them once (compiled-policy.ts), and decides
 * (decide.ts): guards, then rules in order, the first that is true wins, otherwise denied. The vocabulary is a table
 * (predicates.ts) of typed predicates in three-valued logic; what is unknown never allows.
 *
 * Flow: assess.ts gathers the live facts (organization, approvals, invitations) → `decide(policy, subject, now)` → Decision with
 * rule, basis, ground, reason, facts used, unknown facts, `validUntil` → claims, refusal page, `explain`. When no rule
 * is true: grace.ts (does a right go on after its approval?), step-up.ts (would another authentication do?), then
 * exact-reason.ts (what stands in the way?).
 *
 * Everything is pure except approvals.ts (database, clock) and what assess.ts is given.
 * May import: organizations, storage (table types), config (clock), errors (codes).
 */
export { afterwardVerdicts, compareAfterwards, knowsGrace } from './afterwards.ts';
export type { Afterwards, AfterwardVerdict } from './afterwards.ts';
export { acrAtLeast, acrValues, compareAcr, toAcr, withSecondFactor } from './acr.ts';
export type { Acr } from './acr.ts';
export { publicRights } from './approval-predicates.ts';
export { createApprovals } from './approvals.ts';
export type { Approvals, ApprovalsOptions } from './approvals.ts';
export { approvalsBetween, approvalsOf } from './approvals.ts';
export { createAssess } from './assess.ts';
export type { Applicant, Assess, Assessment } from './assess.ts';
export { knowsGuests } from './compiled-policy.ts';
export { decide, revokedRule } from './decide.ts';
export type { Circumstances } from './decide.ts';
export type { Decision, FactUsed, TraceEntry, TracedTest } from './decision.ts';
export { explain } from './explain.ts';
export { factsRead } from './facts-read.ts';
export type { FactsRead } from './facts-read.ts';
export { graceDays, sureGrace } from './grace.ts';
export { basisTexts, graceText, levelTexts, reasonTexts } from './explanation-texts.ts';
export type { Explanation } from './explain.ts';
export { addDays, daysBetween, endOfParisDay, parisDate, startOfParisDay } from './paris-time.ts';
export { bases, longestGraceDays, parsePolicy, policyHash, policyInForce, policySchema } from './policy.ts';
export type { Basis, Policy, PolicyInForce } from './policy.ts';
export { anyMember, compare, compareDecisions, decisiveTests, simulate, verdicts } from './simulate.ts';
export type { ChangeableField, Comparison, Simulated, SupposedPerson, Verdict } from './simulate.ts';
export { clause, policyWords, valueWords } from './words.ts';
export type { PolicyLine, PolicyWords } from './words.ts';
export { nextSteps, reasonCodes, reasonErrorCode } from './reasons.ts';
export type { NextStep, ReasonCode } from './reasons.ts';
export { grounds, levels, linkLevels } from './subject.ts';
export type {
  Approval,
  Authentication,
  Ground,
  Invitation,
  KnownOrganization,
  Level,
  LinkLevel,
  OrganizationAbsence,
  Subject,
} from './subject.ts';
