import { z } from 'zod';
import type { profileClaims } from '../declarations/declarations.ts';
import type { ReceivedClaims } from './exchange.ts';
import { textClaim } from './text-claim.ts';

type Rule = (value: unknown) => string | number | undefined;

/** Characters: three of them travel in the snapshot of each grant. */
const longestUrl = 1024;
/** RFC 5646 §4.4.1: longer language tags may be cut. */
const longestTag = 35;
/** The last second of the year 9999: what is later was written in milliseconds. */
const latest = 253_402_300_799;

const written =
  (schema: z.ZodType<string | number>): Rule =>
  (value) => {
    const { success, data } = schema.safeParse(value);
    return success ? data : undefined;
  };

/**
 * Tools show it as a link or an image: https alone, nothing but the characters of RFC 3986 (what parsers understand in
 * two ways is left out) and no userinfo (§3.2.1), which makes one host look like another.
 */
const url = written(
  z
    .string()
    .max(longestUrl)
    .regex(/^https:\/\/[\w.\-:[\]]+(?:[/?#][\w\-.~:/?#[\]@!$&'()*+,;=%]*)?$/i)
    .refine((value) => URL.canParse(value)),
);

/** ISO 8601 day; its year `0000` when the person keeps it back, or the year alone. */
const birthdate = written(
  z.union([
    z.iso.date(),
    z
      .string()
      .regex(/^\d{4}$/)
      .refine((year) => year !== '0000'),
  ]),
);

/** The form of a name of the time zone database: its list changes several times a year. */
const zoneinfo = written(
  z
    .string()
    .max(64)
    .regex(/^[A-Z]\w*(?:[+-]\w+)*(?:\/[A-Z]\w*(?:[+-]\w+)*){0,2}$/i),
);

const locale = written(z.string().max(longestTag).refine(isLanguageTag));

/** Digits and what people write between them, an extension (RFC 3966 §3): what a directory says instead of a number is none. */
const telephone: Rule = (value) => {
  const text = textClaim(value);
  if (text === undefined || !/^\+?[\d(][\d ().-]*(?:;ext=\d{1,8})?$/.test(text)) return undefined;
  const digits = text.replace(/;.*|\D/g, '').length;
  return digits >= 3 && digits <= 20 ? text : undefined;
};

/**
 * The claims of OpenID Connect Core §5.1 behind `profile` and `phone` that the broker has no use of: passed on when the
 * IdP asserts them, and left out when they are malformed (as ProConnect does with the telephone), never an error.
 */
const rules = {
  middle_name: textClaim,
  nickname: textClaim,
  profile: url,
  picture: url,
  website: url,
  gender: textClaim,
  birthdate,
  zoneinfo,
  locale,
  updated_at: written(z.int().positive().max(latest)),
  phone_number: telephone,
} satisfies Readonly<Record<(typeof profileClaims)[number] | 'phone_number', Rule>>;

const verified = 'phone_number_verified';

/** @returns those that are well-formed, userinfo before the ID token */
export function standardClaims(userinfo: ReceivedClaims, idToken: ReceivedClaims): ReceivedClaims {
  const claims: ReceivedClaims = Object.fromEntries(
    Object.entries<Rule>(rules).flatMap(([claim, rule]) => {
      const value = rule(userinfo[claim] ?? idToken[claim]);
      return value === undefined ? [] : [[claim, value] as const];
    }),
  );
  // Said of the very number that is passed on: the other source may speak of another.
  const source = (userinfo.phone_number ?? undefined) === undefined ? idToken : userinfo;
  return claims.phone_number !== undefined && typeof source[verified] === 'boolean'
    ? { ...claims, [verified]: source[verified] }
    : claims;
}

function isLanguageTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}
