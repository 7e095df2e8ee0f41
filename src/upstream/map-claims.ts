import { customPrefix } from '../declarations/declarations.ts';
import type { ClaimRule, IdentityProvider } from '../declarations/declarations.ts';
import { isNothing, pathOf, valueOf } from './claim-rule.ts';
import type { Sources } from './claim-rule.ts';
import type { ReceivedClaims } from './exchange.ts';

/** What a rule of the record did. */
export interface AppliedRule {
  readonly target: string;
  readonly rule: ClaimRule;
  /** Undefined: it found nothing. */
  readonly value: unknown;
}

/** The two answers as the rest of this room reads them: claims under our names, whatever the IdP calls them. */
export interface MappedClaims {
  readonly idToken: ReceivedClaims;
  readonly userinfo: ReceivedClaims;
  /** Names that userinfo spent on a rule: they are no surprise any more, and not passed on as such. */
  readonly spent: ReadonlySet<string>;
  readonly applied: readonly AppliedRule[];
}

/** Names that are read in place of one that has a rule: the rule alone speaks then. */
const standIns: Readonly<Record<string, readonly string[]>> = { usual_name: ['family_name'] };

/**
 * Applies the rules of a record to answers that passed every check. A claim with a rule comes from where the rule says and
 * from nowhere else; the others are left as they are. `iss`, `sub`, `acr`, `amr` and the like have no rules.
 */
export function mapClaims(
  mapping: IdentityProvider['claims'],
  { idToken, userinfo }: { readonly idToken: ReceivedClaims; readonly userinfo: ReceivedClaims },
): MappedClaims {
  const rules = Object.entries(mapping ?? {});
  if (rules.length === 0) return { idToken, userinfo, spent: new Set(), applied: [] };
  const sources: Sources = { id_token: idToken, userinfo };
  const applied = rules.map(([target, rule]): AppliedRule => {
    const value = valueOf(rule, sources);
    const read = target.endsWith('_verified') ? isTrue(value) : value;
    return { target, rule, value: isNothing(read) ? undefined : read };
  });
  const ruled = new Set(rules.flatMap(([target]) => [target, ...(standIns[target] ?? [])]));
  const without = (claims: ReceivedClaims) => Object.entries(claims).filter(([name]) => !ruled.has(name));
  const given = (source: keyof Sources) =>
    applied.flatMap(({ target, rule, value }): [string, unknown][] => {
      if (value === undefined) return [];
      const custom = target.startsWith(customPrefix);
      // What is passed on unknown is looked for in userinfo; a constant is said of whichever answer is read.
      const there = custom ? source === 'userinfo' : rule.from === 'constant' || rule.from === source;
      return there ? [[custom ? target.slice(customPrefix.length) : target, value]] : [];
    });
  const renamed = new Set(given('userinfo').map(([name]) => name));
  return {
    idToken: Object.fromEntries([...without(idToken), ...given('id_token')]),
    userinfo: Object.fromEntries([...without(userinfo), ...given('userinfo')]),
    spent: new Set(
      rules
        .flatMap(([, rule]) => (rule.from === 'userinfo' ? pathOf(rule).slice(0, 1) : []))
        .filter((name) => !renamed.has(name)),
    ),
    applied,
  };
}

/** `xms_edov` of Entra ID is true, 1, "1" or "true"; whatever else is not a yes, and neither is silence. */
const isTrue = (value: unknown): boolean =>
  value === true || value === 1 || value === '1' || value === 'true';
