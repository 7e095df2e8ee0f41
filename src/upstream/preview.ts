import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { ClaimRule, IdentityProvider } from '../declarations/declarations.ts';
import { authenticationOf } from './acr.ts';
import type { Authentication } from './acr.ts';
import { assertedEmail } from './asserted-email.ts';
import { optionalOf } from './asserted-identity.ts';
import { assertedName, candidates } from './asserted-names.ts';
import { assertedSiret } from './asserted-siret.ts';
import { isNothing, pathOf } from './claim-rule.ts';
import { isOwnClaim, isPersonClaim, isProtocolClaim } from './claims.ts';
import type { ReceivedClaims } from './exchange.ts';
import { mapClaims } from './map-claims.ts';
import type { MappedClaims } from './map-claims.ts';

export interface ReadClaim {
  readonly claim: string;
  readonly value: unknown;
  /** What filled it, in words: the rule, or where it was found under its own name. */
  readonly from: string;
}

export interface Answers {
  readonly idToken: ReceivedClaims;
  readonly userinfo: ReceivedClaims;
}

/** What a record would make of answers that nobody has verified. */
export interface Preview {
  readonly read: readonly ReadClaim[];
  readonly authentication: Authentication;
  /** Its methods earn the level, not the one that it says. */
  readonly earned: boolean;
  /** Each would refuse the sign-in. */
  readonly refused: readonly { readonly code: ErrorCode; readonly detail: string }[];
  /** Known claims that would be dropped, and why. */
  readonly leftOut: readonly { readonly claim: string; readonly why: string }[];
  /** Names that are unknown here, and passed on as they are. */
  readonly custom: readonly string[];
}

/** The same rules as a sign-in, one by one, so that one refusal does not hide what the others say. */
export function previewClaims(idp: IdentityProvider, answers: Answers): Preview {
  const mapped = mapClaims(idp.claims, answers);
  const refused: { code: ErrorCode; detail: string }[] = [];
  const attempted = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      refused.push({ code: error.code, detail: error.detail ?? '' });
      return undefined;
    }
  };
  const given = attempted(() => assertedName(idp, mapped, 'given_name'));
  const usual = attempted(() => assertedName(idp, mapped, 'usual_name'));
  const address = attempted(() => assertedEmail(idp, mapped));
  const establishment = attempted(() => assertedSiret(idp, mapped));
  const { custom, ...optional } = optionalOf(mapped);
  const passedOn = Object.keys(typeof custom === 'object' && custom !== null ? custom : {});
  const found: ReceivedClaims = {
    ...(given === undefined ? {} : { given_name: given }),
    ...(usual === undefined ? {} : { usual_name: usual }),
    ...(address === undefined ? {} : { email: address.email, email_verified: address.emailVerified }),
    ...(establishment === undefined ? {} : { siret: establishment.siret }),
    ...optional,
  };
  const origin = (claim: string) =>
    claim === 'siret' && establishment?.source === 'default'
      ? 'default_siret of the record'
      : claim === 'email_verified' && idp.gives_organization === false
        ? 'this provider vouches for no address'
        : originOf(claim, { mapping: idp.claims, mapped });
  const authentication = authenticationOf(idp, answers.idToken);
  return {
    read: Object.entries(found).map(([claim, value]) => ({ claim, value, from: origin(claim) })),
    authentication,
    earned: authenticationOf({ ...idp, amr: undefined }, answers.idToken).acr !== authentication.acr,
    refused,
    leftOut: leftOut(idp, { mapped, found, passedOn }),
    custom: passedOn.map((name) => {
      const rule = idp.claims?.[`custom.${name}`];
      return rule === undefined ? name : `${name} (${ruleText(rule)})`;
    }),
  };
}

function originOf(
  claim: string,
  { mapping, mapped }: { readonly mapping: IdentityProvider['claims']; readonly mapped: MappedClaims },
): string {
  const rule = mapping?.[claim];
  if (rule !== undefined) return ruleText(rule);
  for (const name of claim === 'usual_name' ? candidates.usual_name : [claim]) {
    if (!isNothing(mapped.userinfo[name])) return `userinfo ${name}`;
    if (!isNothing(mapped.idToken[name])) return `id_token ${name}`;
  }
  return claim === 'email_verified' ? 'said nowhere: the domain is its own' : 'said nowhere';
}

/** Written anew from what was read: nothing is lost. */
const rewritten: ReadonlySet<string> = new Set(['name', 'family_name', 'preferred_username', 'siren']);

function* leftOutOf(
  idp: IdentityProvider,
  {
    mapped,
    found,
    passedOn,
  }: { readonly mapped: MappedClaims; readonly found: ReceivedClaims; readonly passedOn: readonly string[] },
): Generator<Preview['leftOut'][number]> {
  for (const { target, value } of mapped.applied)
    if (value === undefined && !(target in found)) yield { claim: target, why: 'its rule found nothing' };
  const spent = new Set(
    mapped.applied.flatMap(({ rule }) => (rule.from === 'constant' ? [] : pathOf(rule).slice(0, 1))),
  );
  for (const claim of new Set([...Object.keys(mapped.userinfo), ...Object.keys(mapped.idToken)])) {
    const value = mapped.userinfo[claim] ?? mapped.idToken[claim];
    if (isNothing(value) || claim in found || passedOn.includes(claim) || spent.has(claim)) continue;
    if (claim === 'siret' && idp.gives_organization === false)
      yield { claim, why: 'this provider gives no organization' };
    else if (isPersonClaim(claim)) yield { claim, why: 'malformed, or refused above' };
    else if (isProtocolClaim(claim) || rewritten.has(claim)) continue;
    else if (isOwnClaim(claim)) yield { claim, why: 'ours to say, and nobody else’s' };
    else if (claim in mapped.userinfo) yield { claim, why: 'too large with the others, or no plain text' };
    else yield { claim, why: 'unknown, and only what userinfo adds is passed on' };
  }
}

const leftOut = (...given: Parameters<typeof leftOutOf>): Preview['leftOut'] => [...leftOutOf(...given)];

/** A rule as a person would say it. */
function ruleText(rule: ClaimRule): string {
  if (rule.from === 'constant') return 'rule: constant';
  const { from, pick, split, lower_case: lower, default: otherwise } = rule;
  const steps = [
    pick === undefined ? '' : `pick ${typeof pick === 'object' ? JSON.stringify(pick) : pick}`,
    split === undefined ? '' : `split on ${JSON.stringify(split.on)}, keep ${split.keep}`,
    lower === undefined ? '' : `${lower} in lower case`,
    otherwise === undefined ? '' : `default ${JSON.stringify(otherwise)}`,
  ].filter((step) => step !== '');
  return [`rule: ${from} ${pathOf(rule).join(' → ')}`, ...steps].join(', ');
}
