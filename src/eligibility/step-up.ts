import { acrValues, isMultiFactor } from './acr.ts';
import type { Acr } from './acr.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { reconsider } from './condition.ts';
import type { Evaluation } from './condition.ts';
import type { Truth } from './kleene.ts';
import type { Context, Test } from './predicate.ts';
import type { ReasonCode } from './reasons.ts';
import type { Authentication } from './subject.ts';

export interface StepUp {
  readonly reason: ReasonCode;
  /** Any one of these would do; undefined when the level does not matter. */
  readonly requiredAcr: readonly Acr[] | undefined;
}

/** Every guard and every rule, as evaluated for the authentication of this session. */
export interface Evaluated {
  readonly guards: readonly Evaluation[];
  readonly rules: readonly Evaluation[];
}

/**
 * Would the same person, of the same organization, at the same identity provider, be let in after authenticating
 * again? Then only `auth.*` stands in the way, and the answer is to ask for that authentication, not to refuse.
 * Answered by trying every acr value, which is exact for any combination; only the tests that read the
 * authentication are taken again.
 */
export function stepUp(
  policy: CompiledPolicy,
  context: Context,
  evaluated: () => Evaluated,
): StepUp | undefined {
  if (!policy.reauthenticates) return undefined;
  const clauses = evaluated();
  // First as if nothing were known of the authentication: what is closed even then, no authentication opens.
  const hopeless =
    clauses.guards.some((guard) => reconsider(guard, forgotten) === true) ||
    clauses.rules.every((rule) => reconsider(rule, forgotten) === false);
  if (hopeless) return undefined;
  const { auth } = context.subject;
  const fresh = { ...auth, authTime: context.now };
  const enough = acrValues.filter((acr) =>
    methodsAfter(policy, fresh, acr).some((amr) =>
      allows(clauses, withAuth(context, { ...fresh, acr, amr })),
    ),
  );
  if (enough.length === 0) return undefined;
  return {
    reason: allows(clauses, withAuth(context, fresh)) ? 'session_too_old' : 'acr_insufficient',
    requiredAcr: enough.length === acrValues.length ? undefined : enough,
  };
}

function forgotten({ predicate, truth }: Test): Truth {
  return predicate.reauthenticates ? 'unknown' : truth;
}

/** With several factors the person may show any method that the policy names, or leave out those of this session. */
function methodsAfter(
  policy: CompiledPolicy,
  { amr }: Authentication,
  acr: Acr,
): readonly (readonly string[])[] {
  return isMultiFactor(acr) && policy.methods.length > 0
    ? [amr, [...amr, 'mfa', ...policy.methods], ['mfa']]
    : [amr];
}

function withAuth(context: Context, auth: Authentication): Context {
  return { ...context, subject: { ...context.subject, auth } };
}

function allows({ guards, rules }: Evaluated, context: Context): boolean {
  const again = ({ predicate, truth }: Test): Truth =>
    predicate.reauthenticates ? predicate.test(context).truth : truth;
  return (
    !guards.some((guard) => reconsider(guard, again) === true) &&
    rules.some((rule) => reconsider(rule, again) === true)
  );
}
