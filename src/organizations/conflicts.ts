import type { DataQualityFlag } from './data-quality.ts';
import { sirenOf } from './identifiers.ts';
import { isAssociation, legalCategory } from './legal-category.ts';
import { isInsee, isTakenBack, rnaSources } from './merge-rules.ts';
import { organizationCategory } from './organization-type.ts';
import type { FactName, StatedFacts, Statements } from './statement.ts';
import type { Source, Statement } from './statement.ts';

export interface Spoken {
  readonly source: Source;
  readonly statement: Statement;
}

/** What looks wrong in the truth itself, whoever said it. */
export function doubts(values: StatedFacts): DataQualityFlag[] {
  const found: DataQualityFlag[] = [];
  const { legalCategory: code, rna, type } = values;
  if (values.unitState === 'C') found.push('unit_closed');
  if (values.successor !== undefined) found.push('replaced');
  if (values.diffusion === 'P') found.push('masked');
  if (type === undefined && legalCategory(code).type === 'unknown') found.push('legal_category_unknown');
  if (typeof rna === 'string' && isKnownNonAssociation(values)) found.push('rna_on_non_association');
  return found;
}

function isKnownNonAssociation({ legalCategory: code, type }: StatedFacts): boolean {
  if (type !== undefined) return organizationCategory(type) !== 'association';
  return legalCategory(code).type !== 'unknown' && !isAssociation(code, undefined);
}

/**
 * Where sources contradict each other. A fact that an operator decided is no question any more: somebody has looked.
 * `spoken` is in the order newest first.
 */
export function disagreements(
  spoken: readonly Spoken[],
  statements: Statements,
  values: StatedFacts,
): DataQualityFlag[] {
  const found: DataQualityFlag[] = [];
  const decided = statements.operator?.facts;
  const isOpen = (fact: FactName): boolean => decided?.[fact] === undefined;
  const association = rnaSources.map((source) => statements[source]).find((one) => one !== undefined)?.facts;

  if (spoken.length > 1) {
    if (isOpen('legalCategory') && isOpen('type')) found.push(...categories(spoken));
    if (isOpen('headOffice') && differ(spoken, ({ headOffice }) => headOffice))
      found.push('head_office_disagreement');
    if (isOpen('rna') && differ(stillSaying('rna', spoken), ({ rna }) => rna ?? undefined))
      found.push('rna_disagreement');
    if (isOpen('unitState') && disagreeOnState(spoken)) found.push('unit_state_disagreement');
  }
  if (association === undefined) return found;

  const { headOffice, dissolvedOn, unitState, publicUtility } = association;
  const isDissolved = dissolvedOn !== undefined || unitState === 'C';
  if (isDissolved && isOpen('dissolvedOn')) found.push('dissolved');
  if (isOpen('unitState')) {
    if (isDissolved && values.unitState === 'A') found.push('unit_active_association_dissolved');
    if (!isDissolved && unitState === 'A' && values.unitState === 'C')
      found.push('unit_closed_association_active');
  }
  if (isKnownNonAssociation(values) && isOpen('rna')) found.push('rna_on_non_association');
  if (
    headOffice !== undefined &&
    values.headOffice !== undefined &&
    sirenOf(headOffice) !== sirenOf(values.headOffice) &&
    isOpen('headOffice')
  )
    found.push('rna_names_another_unit');
  if (contradictsPublicUtility(values, publicUtility) && isOpen('publicUtility') && isOpen('type'))
    found.push('public_utility_disagreement');
  return found;
}

function contradictsPublicUtility(
  { legalCategory: code }: StatedFacts,
  stated: boolean | undefined,
): boolean {
  if (stated === undefined || !isAssociation(code, undefined)) return false;
  // Alsace-Moselle has a recognition of its own that changes no category.
  return stated !== (code === '9230') && code !== '9260' && code !== '5195';
}

/**
 * Whether the organization is active. INSEE speaks with its newest word, for the older ones were true in their time; what
 * the RNA says is about the association, and has flags of its own.
 */
function disagreeOnState(spoken: readonly Spoken[]): boolean {
  const state = ({ unitState }: StatedFacts): string | undefined => unitState;
  const newest = spoken.find(
    ({ source, statement }) => isInsee(source) && state(statement.facts) !== undefined,
  );
  const others = spoken.filter(({ source }) => !isInsee(source) && !ofRna.has(source));
  return differ(newest === undefined ? others : [newest, ...others], state);
}

const ofRna: ReadonlySet<Source> = new Set(rnaSources);

/** Inside the INSEE family an older category has been replaced; between others somebody is wrong. */
function categories(spoken: readonly Spoken[]): DataQualityFlag[] {
  const code = ({ legalCategory: stated }: StatedFacts): string | undefined => stated;
  const family = spoken.filter(({ source }) => isInsee(source));
  const newest = family.find(({ statement }) => statement.facts.legalCategory !== undefined);
  const others = spoken.filter(({ source }) => !isInsee(source));
  return [
    ...(differ(family, code) ? (['legal_category_changed'] as const) : []),
    ...(differ(newest === undefined ? others : [newest, ...others], code)
      ? (['legal_category_disagreement'] as const)
      : []),
  ];
}

/** Without the older copies of INSEE, where INSEE takes the fact back by leaving it out. */
function stillSaying(fact: FactName, spoken: readonly Spoken[]): readonly Spoken[] {
  const newestOfInsee = spoken.find(({ source }) => isInsee(source))?.source;
  return spoken.filter(({ source }) => !isTakenBack(fact, source, newestOfInsee));
}

function differ(spoken: readonly Spoken[], read: (facts: StatedFacts) => string | undefined): boolean {
  let first: string | undefined;
  for (const { statement } of spoken) {
    const value = read(statement.facts);
    if (value === undefined) continue;
    if (first !== undefined && first !== value) return true;
    first = value;
  }
  return false;
}
