import { z } from 'zod';
import { acrValues, compareAcr, toAcr } from './acr.ts';
import type { Acr } from './acr.ts';
import {
  accepted,
  bounds,
  compareNumbers,
  compareRanks,
  isBounds,
  oneOf,
  ordered,
  turnsOf,
  withinBounds,
} from './literals.ts';
import type { Bounds, Compare, OneOf } from './literals.ts';
import { endOfParisDay, startOfParisDay } from './paris-time.ts';
import { nextOf, predicate } from './predicate.ts';
import type { Context, FactValue, Predicate, Reading } from './predicate.ts';
import type { ReasonCode } from './reasons.ts';
import { linkLevels } from './subject.ts';
import type { LinkLevel } from './subject.ts';

const always = (reason: ReasonCode) => (): ReasonCode => reason;

/** Told by the identity provider, at the time of the authentication. */
function ofAuthentication<V extends FactValue>(
  { subject: { auth } }: Context,
  value: V | undefined,
): Reading<V> {
  return { value, source: `identity provider ${auth.idp}`, asOf: auth.authTime.toISOString() };
}

function holdsOrdered<T extends string>(
  literal: OneOf<T> | Bounds<T>,
  compare: Compare<T>,
): (value: T) => boolean {
  if (isBounds(literal)) return withinBounds(literal, compare);
  const values = accepted(literal);
  return (value) => values.has(value);
}

function text(
  { item, what }: { item: z.ZodType<string>; what: string },
  read: (context: Context) => string | undefined,
  reason?: ReasonCode,
): Predicate {
  return predicate<OneOf<string>, string>({
    literal: oneOf(item, what),
    read: (context) => ofAuthentication(context, read(context)),
    holds: (literal) => {
      const values = accepted(literal);
      return (value) => values.has(value);
    },
    ...(reason && { reason: always(reason) }),
  });
}

function set(
  what: string,
  read: (context: Context) => readonly string[] | undefined,
  more: { readonly reason?: () => ReasonCode; readonly reauthenticates?: boolean } = {},
): Predicate {
  return predicate<OneOf<string>, readonly string[]>({
    literal: oneOf(z.string().min(1), what),
    read: (context) => ofAuthentication(context, read(context)),
    holds: (literal) => {
      const values = accepted(literal);
      return (present) => present.some((value) => values.has(value));
    },
    ...more,
  });
}

const link = predicate<OneOf<LinkLevel> | Bounds<LinkLevel>, LinkLevel>({
  literal: ordered(z.enum(linkLevels), `one of ${linkLevels.join(', ')}`),
  read: (context) => ofAuthentication(context, context.subject.user.link),
  holds: (literal) => holdsOrdered(literal, compareRanks(linkLevels)),
  reason: always('membership_not_verified'),
});

const acr = predicate<OneOf<Acr> | Bounds<Acr>, Acr>({
  literal: ordered(z.enum(acrValues), `one of ${acrValues.join(', ')}`),
  read: (context) => ofAuthentication(context, toAcr(context.subject.auth.acr)),
  holds: (literal) => holdsOrdered(literal, compareAcr),
  reason: always('acr_insufficient'),
  reauthenticates: true,
});

/** Ten years: longer than any session. */
const longestSession = 315_360_000;

/** Whole seconds since the authentication; never negative, whatever the clocks say. */
const age = predicate<Bounds<number>, number>({
  literal: bounds(z.int().nonnegative().max(longestSession)),
  read: (context, literal) => {
    const { now, subject } = context;
    const since = subject.auth.authTime.getTime();
    const { reaching, passing } = turnsOf(literal);
    const turns = [...reaching, ...passing.map((seconds) => seconds + 1)];
    return {
      ...ofAuthentication(context, Math.max(0, Math.floor((now.getTime() - since) / 1000))),
      until: nextOf(
        turns.map((seconds) => since + seconds * 1000),
        now,
      ),
    };
  },
  holds: (literal) => withinBounds(literal, compareNumbers),
  reason: always('session_too_old'),
  reauthenticates: true,
});

/** Civil days of Paris, written as ISO days. */
const time = predicate<Bounds<string>, string>({
  literal: bounds(z.iso.date()),
  read: ({ today, now }, literal) => {
    const { reaching, passing } = turnsOf(literal);
    const until = nextOf([...reaching.map(startOfParisDay), ...passing.map(endOfParisDay)], now);
    return { value: today, source: 'clock', asOf: today, until };
  },
  holds: (literal) => withinBounds(literal, (left, right) => (left === right ? 0 : left < right ? -1 : 1)),
});

const domain = z.string().regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/);
const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

export const personPredicates: Readonly<Record<string, Predicate>> = {
  'user.email_domain': text(
    { item: domain, what: 'a domain name in lower case' },
    ({ subject }) => subject.user.emailDomain?.toLowerCase(),
    'email_domain_not_allowed',
  ),
  'user.email_verified': predicate<boolean, boolean>({
    literal: z.boolean(),
    read: (context) => ofAuthentication(context, context.subject.user.emailVerified),
    holds: (literal) => (value) => value === literal,
    reason: always('membership_not_verified'),
  }),
  'user.link': link,
  'user.roles': set('a role', ({ subject }) => subject.user.roles),
  'auth.acr': acr,
  'auth.amr': set('an authentication method', ({ subject }) => subject.auth.amr, {
    reason: always('acr_insufficient'),
    reauthenticates: true,
  }),
  'auth.idp': text(
    { item: identifier, what: 'the id of an identity provider' },
    ({ subject }) => subject.auth.idp,
    'idp_not_allowed',
  ),
  'auth.age_s': age,
  'client.id': text({ item: identifier, what: 'the id of a client' }, ({ subject }) => subject.clientId),
  time,
};
