import { createHash } from 'node:crypto';
import { canonicalJson } from '../config/config.ts';
import { anyMember, compareDecisions, levels, simulate } from '../eligibility/eligibility.ts';
import type { Approval, Comparison, Decision, PolicyInForce } from '../eligibility/eligibility.ts';
import type { ForeseenCorrection } from '../register/register.ts';
import type { CorrectionKind } from './rules.ts';

/*
 * What an exception would open and close: the decision of each service for a member of whom the organization is all that
 * could be missing, with the facts as they are and as they would be. The same `decide()` as a login.
 */

export interface ServiceEffect extends Pick<Comparison, 'verdict' | 'before' | 'after'> {
  readonly service: string;
}

export interface Rules {
  readonly services: readonly string[];
  readonly policyFor: (service: string, at: Date) => PolicyInForce | undefined;
  /** Of the organization. */
  readonly approvals: readonly Approval[];
  readonly now: Date;
}

/** Undefined while nobody can sign in for the organization. */
export function effectOf(
  { facts }: Pick<ForeseenCorrection, 'facts'>,
  { services, policyFor, approvals, now }: Rules,
): readonly ServiceEffect[] | undefined {
  if (facts === undefined) return undefined;
  const decided = (organization: typeof facts.before) =>
    simulate(services, { policyFor, subject: { ...anyMember(now), organization, approvals }, now });
  const after = new Map(decided(facts.after).map((one) => [one.service, one.decision]));
  return decided(facts.before).flatMap(({ service, decision }) => {
    const then = after.get(service);
    return then === undefined ? [] : [{ service, ...compareDecisions(decision, then) }];
  });
}

/**
 * Whether it takes something away and gives nothing: what one person may do at once. What is not known counts as given:
 * a rule of a closed service that comes nearer may open it for people of some e-mail domain.
 */
export function onlyCloses(effect: readonly ServiceEffect[] | undefined): boolean {
  if (effect === undefined) return false;
  const closes = effect.some(({ verdict }) => verdict === 'loses' || verdict === 'changes');
  return closes && !effect.some(({ before, after }) => opensMore(before, after));
}

/** Facts of which the effect, which tells of one establishment of one organization, tells too little. */
const beyondEffect: ReadonlySet<string> = new Set(['rna', 'commune']);

/**
 * Whether one person ends a correction. Never that of the RNA number, with which what the register says moves to another
 * organization, nor that of the commune, without which each establishment is where it stands.
 */
export const endsAlone = (
  { kind, fact }: { readonly kind: CorrectionKind; readonly fact: string },
  effect: readonly ServiceEffect[] | undefined,
): boolean => kind === 'end' && !beyondEffect.has(fact) && onlyCloses(effect);

function opensMore(before: Decision, after: Decision): boolean {
  if (before.decision === 'deny') return after.decision !== 'deny' || comesNearer(before, after);
  if (after.decision === 'deny') return false;
  return (
    before.decision !== after.decision ||
    rank(after) > rank(before) ||
    after.entitlements.some((one) => !before.entitlements.includes(one))
  );
}

const rank = ({ level }: Decision): number => (level === undefined ? -1 : levels.indexOf(level));

/** Of two refusals: a rule is less false, or a guard less true, than it was. */
function comesNearer(before: Decision, after: Decision): boolean {
  const was = new Map(before.trace.map((entry) => [`${entry.part} ${entry.id}`, entry.truth]));
  return after.trace.some(({ part, id, truth }) => {
    const former = was.get(`${part} ${id}`);
    if (former === undefined) return truth !== false;
    return part === 'guard' ? weight(truth) < weight(former) : weight(truth) > weight(former);
  });
}
const weight = (truth: boolean | 'unknown'): number => (truth === 'unknown' ? 1 : truth ? 2 : 0);

/** Of everything that the page of a proposal shows and that may change: whoever confirms has seen this, not another. */
export function shownDigest(
  { value }: Pick<ForeseenCorrection, 'value'>,
  effect: readonly ServiceEffect[] | undefined,
): string {
  const seen = {
    value,
    effect: effect?.map(({ service, verdict, before, after }) => [
      service,
      verdict,
      ...[before, after].map(({ decision, level, policy, rule }) => [
        decision,
        level ?? null,
        policy,
        rule ?? null,
      ]),
    ]),
  };
  return createHash('sha256').update(canonicalJson(seen)).digest('hex');
}
