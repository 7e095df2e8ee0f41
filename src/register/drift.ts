import { isInsee, legalCategory, sources, unitStateOf } from '../organizations/organizations.ts';
import type {
  DataQualityFlag,
  MergedFacts,
  Source,
  Statement,
  Statements,
} from '../organizations/organizations.ts';
import { wordsOf } from './search-words.ts';

/** Why an approval should be looked at again. Each is a fact of the register, none is a judgement. */
export const reviewReasons = [
  'not_in_register',
  'unit_closed',
  'every_establishment_closed',
  'head_office_closed',
  'dissolved',
  'merged',
  'legal_category_changed',
  'type_changed',
  'public_service_changed',
  'renamed',
  'rna_changed',
  'head_office_moved',
  'sources_disagree',
  'facts_outdated',
] as const;
export type ReviewReason = (typeof reviewReasons)[number];

export interface Finding {
  readonly reason: ReviewReason;
  /** What was, and what is, in a few words; for operators. */
  readonly detail: string;
}

/** What is believed, and who said what. */
export interface Held extends MergedFacts {
  readonly statements: Statements;
  /** Undefined when no establishment is the head office, or its commune is not known. */
  readonly seat?: Seat | undefined;
}

/** The establishment that is the head office. */
export interface Seat {
  readonly siret: string;
  /** INSEE code. */
  readonly commune: string;
}

/** What the register holds of one organization, at two moments. */
export interface Drifting {
  /** Undefined when the register does not hold the organization. */
  readonly now: Held | undefined;
  /** When the approval was decided; undefined when the register learnt of the organization later. */
  readonly then: Held | undefined;
  /** Whether one of its establishments is open; undefined when the register holds none. */
  readonly open: boolean | undefined;
  /** Whether its head office is; undefined when the register holds none. */
  readonly headOfficeOpen: boolean | undefined;
  /** ISO date of the newest statement of a register. */
  readonly newest: string | undefined;
}

/** Doubts that nobody has settled. Closing, dissolution and the like have a reason of their own. */
const disagreements: ReadonlySet<DataQualityFlag> = new Set<DataQualityFlag>([
  'unit_closed_association_active',
  'unit_state_disagreement',
  'legal_category_unknown',
  'legal_category_disagreement',
  'public_utility_disagreement',
  'rna_on_non_association',
  'rna_disagreement',
  'rna_shared',
  'siren_shared',
  'rna_names_another_unit',
  'head_office_disagreement',
]);

const typeOf = ({ values }: MergedFacts): string => values.type ?? legalCategory(values.legalCategory).type;
const isPublic = ({ values }: MergedFacts): boolean =>
  values.publicService?.public ?? legalCategory(values.legalCategory).publicService;

const known = (facts: MergedFacts): boolean => typeOf(facts) !== 'unknown';

/** What was compared with what is. Learning a fact is not a change of it: what was has to be known. */
const compared: readonly (readonly [ReviewReason, (facts: MergedFacts) => Value])[] = [
  ['legal_category_changed', ({ values }) => values.legalCategory],
  ['type_changed', (facts) => (known(facts) ? typeOf(facts) : undefined)],
  [
    'public_service_changed',
    (facts) => (known(facts) ? (isPublic(facts) ? 'public service' : 'not public service') : undefined),
  ],
  ['rna_changed', ({ values }) => values.rna],
];

/** The copies of INSEE's register are one speaker, the two files of the RNA another. */
const speakerOf = (source: Source): string =>
  isInsee(source) ? 'insee' : source === 'rna_import' ? 'rna' : source;

function namesBySpeaker(statements: Statements): ReadonlyMap<string, string> {
  const newest = new Map<string, { readonly name: string; readonly asOf: string }>();
  for (const source of sources) {
    const { facts: { name } = {}, asOf = '' } = statements[source] ?? {};
    const known = newest.get(speakerOf(source));
    if (name !== undefined && (known === undefined || asOf > known.asOf))
      newest.set(speakerOf(source), { name, asOf });
  }
  return new Map([...newest].map(([speaker, { name }]) => [speaker, name]));
}

/**
 * Each source against itself: that two spell a name otherwise is no change of it, and the name that is believed hides
 * those that are not.
 */
function renamings(then: Statements, now: Statements): Finding[] {
  const before = namesBySpeaker(then);
  const details = new Set<string>();
  for (const [speaker, is] of namesBySpeaker(now)) {
    const was = before.get(speaker);
    if (was !== undefined && wordsOf(was).join(' ') !== wordsOf(is).join(' ')) details.add(`${was} → ${is}`);
  }
  return details.size === 0 ? [] : [{ reason: 'renamed', detail: [...details].join(' ; ') }];
}

function changes(then: Held, now: Held): Finding[] {
  return [
    ...compared.flatMap(([reason, read]) => change(reason, read(then), read(now))),
    ...moves(then, now).slice(0, 1),
    ...renamings(then.statements, now.statements),
  ];
}

type Value = string | null | undefined;

const change = (reason: ReviewReason, was: Value, is: Value): Finding[] =>
  was === undefined || was === null || is === undefined || was === is
    ? []
    : [{ reason, detail: `${was} → ${is ?? 'none'}` }];

/**
 * To another commune: Sirene says it by the establishments, others of the organization itself. A move makes another
 * establishment; where the same one is in another commune, that commune has merged, or was mistaken.
 */
function moves(then: Held, now: Held): Finding[] {
  const reason = 'head_office_moved';
  const another = then.seat?.siret === now.seat?.siret ? undefined : now.seat;
  return [
    ...change(reason, then.seat?.commune, another?.commune),
    ...change(reason, then.values.commune, now.values.commune),
  ];
}

/** Pure: what to look at again about one approval. `oldest` is the ISO date before which facts are outdated. */
export function drift({ now, then, open, headOfficeOpen, newest }: Drifting, oldest: string): Finding[] {
  if (now === undefined) return [{ reason: 'not_in_register', detail: 'the register does not hold it' }];
  const { values, flags } = now;
  const found: Finding[] = [];
  const isClosed = unitStateOf(values) === 'C';
  if (isClosed) found.push({ reason: 'unit_closed', detail: 'the legal unit has ceased' });
  if (!isClosed && open === false)
    found.push({
      reason: 'every_establishment_closed',
      detail: 'the legal unit is open, no establishment is',
    });
  if (!isClosed && open !== false && headOfficeOpen === false)
    found.push({
      reason: 'head_office_closed',
      detail: 'its head office is closed, another establishment is open',
    });
  if (values.dissolvedOn !== undefined)
    found.push({ reason: 'dissolved', detail: `declared dissolved on ${values.dissolvedOn}` });
  if (values.successor !== undefined)
    found.push({ reason: 'merged', detail: `replaced by ${values.successor}` });
  if (then !== undefined) found.push(...changes(then, now));
  const unsettled = flags.filter((flag) => disagreements.has(flag));
  if (unsettled.length > 0) found.push({ reason: 'sources_disagree', detail: unsettled.join(', ') });
  if (newest !== undefined && newest < oldest)
    found.push({ reason: 'facts_outdated', detail: `nothing newer than ${newest}` });
  return found;
}

export interface StatementChange {
  readonly source: Source;
  /** Undefined when the source said nothing until then. */
  readonly before: Statement | undefined;
}

/**
 * What the sources said at an earlier moment.
 *
 * @param later every change since that moment, the oldest first
 */
export function statementsBefore(current: Statements, later: readonly StatementChange[]): Statements {
  const first = new Map<Source, Statement | undefined>();
  for (const { source, before } of later) if (!first.has(source)) first.set(source, before);
  const merged = new Map(
    sources.flatMap((source) => {
      const statement = first.has(source) ? first.get(source) : current[source];
      return statement === undefined ? [] : [[source, statement] as const];
    }),
  );
  return Object.fromEntries(merged);
}
