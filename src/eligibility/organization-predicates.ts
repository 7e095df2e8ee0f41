import { z } from 'zod';
import {
  isCommuneCode,
  isSiren,
  isSiret,
  organizationTypes,
  publicServiceFacets,
} from '../organizations/organizations.ts';
import type { Population } from '../organizations/organizations.ts';
import { of, ofActive, ofEstablishment, ofOperators, ofPlace, ofPublicService, ofRow } from './answerable.ts';
import type { Answerable } from './answerable.ts';
import {
  accepted,
  bounds,
  compareNumbers,
  hasLimit,
  listed,
  oneOf,
  turnsOf,
  withinBounds,
} from './literals.ts';
import type { Bounds, OneOf } from './literals.ts';
import { addDays, daysBetween, endOfParisDay, startOfParisDay } from './paris-time.ts';
import { measures, nextOf, predicate } from './predicate.ts';
import type { Context, FactValue, Measure, Predicate, Reading } from './predicate.ts';
import type { ReasonCode } from './reasons.ts';

const ofType = of('type', 'legalCategory');
const ofCreation = of('createdOn');

function ofRegister<V extends FactValue>(
  context: Context,
  value: V | null | undefined,
  answerable: Answerable,
  until?: number,
): Reading<V> {
  const { label, asOf } = answerable(context);
  return { value, source: label, asOf, until };
}

/** One text of the register against a list of texts. */
function text<T extends string>(
  { item, what }: { item: z.ZodType<T>; what: string },
  read: (context: Context) => string | undefined,
  answerable: Answerable,
  reason?: (value: string | null | undefined) => ReasonCode | undefined,
): Predicate {
  return predicate<OneOf<T>, string>({
    literal: oneOf(item, what),
    read: (context) => ofRegister(context, read(context), answerable),
    holds: (literal) => {
      const values: ReadonlySet<string> = accepted(literal);
      return (value) => values.has(value);
    },
    ...(reason && { reason }),
  });
}

function flag(
  read: (context: Context) => boolean | undefined,
  answerable: Answerable,
  reason?: (value: boolean | null | undefined) => ReasonCode | undefined,
): Predicate {
  return predicate<boolean, boolean>({
    literal: z.boolean(),
    read: (context) => ofRegister(context, read(context), answerable),
    holds: (literal) => (value) => value === literal,
    ...(reason && { reason }),
  });
}

/** A set of the register: the literal asks that one of the values be in it. */
function set<T extends string>(
  { item, what }: { item: z.ZodType<T>; what: string },
  read: (context: Context) => readonly string[] | undefined,
  answerable: Answerable,
  until?: (context: Context, literal: OneOf<T>) => number,
): Predicate {
  return predicate<OneOf<T>, readonly string[]>({
    literal: oneOf(item, what),
    read: (context, literal) => ofRegister(context, read(context), answerable, until?.(context, literal)),
    holds: (literal) => {
      const values: ReadonlySet<string> = accepted(literal);
      return (present) => present.some((value) => values.has(value));
    },
  });
}

type Inhabitants = Bounds<number> & { readonly measure?: Measure | undefined };

const inhabitantsSchema: z.ZodType<Inhabitants> = z
  .strictObject({
    lt: z.int().nonnegative().optional(),
    lte: z.int().nonnegative().optional(),
    gt: z.int().nonnegative().optional(),
    gte: z.int().nonnegative().optional(),
    measure: z.enum(measures).optional(),
  })
  .readonly()
  .refine(hasLimit, { error: 'expected at least one of lt, lte, gt, gte' });

/** "Fewer than 3 500" is strict: La Buisse and Saint-Colomban have exactly 3 500 inhabitants. */
function population(read: (context: Context) => Population | null | undefined): Predicate {
  return predicate<Inhabitants, number>({
    literal: inhabitantsSchema,
    read: (context, literal) => {
      const found = read(context);
      if (found === null || found === undefined) return ofRegister<number>(context, found, ofEstablishment);
      const total = (literal.measure ?? context.measure) === 'totale';
      return {
        value: total ? found.total : found.municipal,
        source: found.source,
        asOf: total ? (found.totalEdition ?? found.edition) : found.edition,
      };
    },
    holds: (literal) => withinBounds(literal, compareNumbers),
    reason: (value, { lt, lte }) => {
      if (value === undefined) return 'population_unknown';
      if (value === null) return undefined;
      return value >= (lt ?? Infinity) || value > (lte ?? Infinity) ? 'population_too_large' : undefined;
    },
  });
}

/** A commune that the register places, and places in no grouping, has none: four islands and the collectivities overseas. */
function epciPopulation({ organization: { territory } }: Context): Population | null | undefined {
  const none = territory.commune !== undefined && territory.epci === undefined;
  return none ? null : territory.epciPopulation;
}

/** Two centuries and more: what lies beyond is a slip of the pen, and no calendar to compute with. */
const longestAge = 100_000;

const ageInDays = predicate<Bounds<number>, number>({
  literal: bounds(z.int().nonnegative().max(longestAge)),
  read: (context, literal) => {
    const { createdOn } = context.organization;
    if (createdOn === undefined) return ofRegister<number>(context, undefined, ofCreation);
    const { reaching, passing } = turnsOf(literal);
    const turns = [...reaching, ...passing.map((age) => age + 1)];
    const until = nextOf(
      turns.map((age) => startOfParisDay(addDays(createdOn, age))),
      context.now,
    );
    return ofRegister(context, daysBetween(createdOn, context.today), ofCreation, until);
  },
  holds: (literal) => withinBounds(literal, compareNumbers),
});

/** Unknown rather than false: a category newer than our table may well be public. */
function publicService({
  organization: { publicService: value, type, active },
}: Context): boolean | undefined {
  return !value && type === 'unknown' && active ? undefined : value;
}

const known = (value: string): string | undefined => (value === 'unknown' ? undefined : value);
const ifUnknown =
  (reason: ReasonCode) =>
  (value: unknown): ReasonCode | undefined =>
    value === undefined ? reason : undefined;
const outOfScope = (): ReasonCode => 'department_out_of_scope';
const withoutDots = (naf: string | undefined): string | undefined => naf?.replace('.', '');

// `unknown` is the absence of a fact: no policy can ask for it, no rule fires on it.
const knownTypes = organizationTypes.filter((type) => type !== 'unknown');
const slug = z.string().regex(/^[a-z][a-z0-9_]*$/);
const code = (pattern: RegExp): z.ZodType<string> => z.string().regex(pattern);
const checked = (isValid: (text: string) => boolean): z.ZodType<string> => z.string().refine(isValid);

export const organizationPredicates: Readonly<Record<string, Predicate>> = {
  'org.type': text(
    { item: z.enum(knownTypes), what: 'a type of organization' },
    ({ organization }) => known(organization.type),
    ofType,
    ifUnknown('legal_category_unknown'),
  ),
  'org.category': text(
    {
      item: z.enum(knownTypes.map((type) => type.split('.')[0] ?? type)),
      what: 'a category of organization',
    },
    ({ organization }) => known(organization.category),
    ofType,
    ifUnknown('legal_category_unknown'),
  ),
  'org.sector': text(
    listed(['public_law', 'private_law_public_mission', 'private_law', 'foreign_or_international'] as const),
    ({ organization }) => known(organization.sector),
    ofType,
    ifUnknown('legal_category_unknown'),
  ),
  'org.legal_category': text(
    { item: code(/^[0-9]{4}$/), what: 'an INSEE legal category as a string of 4 digits' },
    ({ organization }) => organization.legalCategory,
    of('legalCategory'),
    ifUnknown('legal_category_unknown'),
  ),
  'org.public_service': flag(publicService, ofPublicService, ifUnknown('legal_category_unknown')),
  'org.facets': set(
    listed(publicServiceFacets),
    ({ organization }) =>
      organization.type === 'unknown' && !organization.publicService ? undefined : organization.facets,
    ofPublicService,
  ),
  'org.qualifications': set(
    { item: slug, what: 'a qualification' },
    ({ organization, today }) =>
      organization.qualifications
        .filter(({ startsOn, endsOn }) => startsOn <= today && today <= (endsOn ?? today))
        .map(({ id }) => id),
    ofOperators,
    ({ organization, now }, literal) => {
      const ids: ReadonlySet<string> = accepted(literal);
      return nextOf(
        organization.qualifications
          .filter(({ id }) => ids.has(id))
          .flatMap(({ startsOn, endsOn }) => [
            startOfParisDay(startsOn),
            endsOn === undefined ? Infinity : endOfParisDay(endsOn),
          ]),
        now,
      );
    },
  ),
  'org.siren': text(
    { item: checked(isSiren), what: 'a SIREN as a string of 9 digits' },
    ({ organization }) => organization.siren,
    ofRow,
  ),
  'org.siret': text(
    { item: checked(isSiret), what: 'a SIRET as a string of 14 digits' },
    ({ organization }) => organization.siret,
    ofRow,
  ),
  'org.population': population(({ organization }) => organization.territory.population),
  'org.epci.population': population(epciPopulation),
  'org.department': text(
    {
      item: code(/^(?!20)(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|9[78][0-9])$/),
      what: 'a département code as a string',
    },
    ({ organization }) => organization.territory.department,
    ofPlace,
    outOfScope,
  ),
  'org.region': text(
    { item: code(/^[0-9]{2}$/), what: 'a region code as a string of 2 digits' },
    ({ organization }) => organization.territory.region,
    ofPlace,
    outOfScope,
  ),
  'org.commune': text(
    { item: checked(isCommuneCode), what: 'a commune code as a string of 5 characters' },
    ({ organization }) => organization.territory.commune,
    ofPlace,
    outOfScope,
  ),
  'org.naf': text(
    { item: code(/^[0-9]{4}[A-Z]$/), what: 'a NAF code without its dot, "8411Z"' },
    ({ organization }) => withoutDots(organization.naf),
    ofEstablishment,
  ),
  'org.active': flag(
    ({ organization }) => organization.active,
    ofActive,
    (value) => (value === false ? 'organization_closed' : undefined),
  ),
  'org.age_days': ageInDays,
  'org.suspended': flag(
    ({ organization }) => organization.suspended,
    ofOperators,
    (value) => (value === true ? 'organization_suspended' : undefined),
  ),
};
