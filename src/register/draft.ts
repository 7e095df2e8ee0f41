import {
  isAssociation,
  mergeStatements,
  organizationCategory,
  sources,
} from '../organizations/organizations.ts';
import type {
  DataQualityFlag,
  MergedFacts,
  Source,
  Statement,
  Statements,
} from '../organizations/organizations.ts';
import type { LegalUnit } from './belongs.ts';
import type { HeldOrganization } from './held-organization.ts';
import { heldStatements } from './held-organization.ts';

/** A row of `organization` on its way from what the table holds to what it will hold. */
export interface Draft {
  readonly held: HeldOrganization | undefined;
  readonly siren: string | undefined;
  /** The RNA number by which a row without SIREN lives. */
  readonly number: string | undefined;
  localRegister: string | undefined;
  /** Each statement is replaced as a whole; through `say` and `unsay` only. */
  readonly statements: Map<Source, Statement>;
  /** What they were in the table. */
  readonly before: ReadonlyMap<Source, Statement>;
  /** To be written, whatever its changes. */
  isTouched: boolean;
  /** Several associations bear its RNA number. */
  isShared: boolean;
  /** The RNA gives its SIREN, or the one that it would belong to, for several associations. */
  isSirenShared: boolean;
  createdImport: number | undefined;
  /** The row that this one is from now on: this one goes. */
  joinedInto: Draft | undefined;
  /** Rows of the table that are this one from now on. */
  readonly joined: Draft[];
  /** The row that it was a part of until now. */
  separatedFrom: Draft | undefined;
  /** Made of the statements, on demand. */
  merged: MergedFacts | undefined;
  unit: LegalUnit | undefined;
}

/** What the RNA says is known by its number, and belongs where that does. */
export const numbered = ['rna', 'rna_import'] as const satisfies readonly Source[];
export const isNumbered = (source: Source): boolean => source === 'rna' || source === 'rna_import';

export function draftOf(held: HeldOrganization): Draft {
  const before = heldStatements(held);
  return {
    held,
    siren: held.siren ?? undefined,
    number: held.siren === null ? (held.rna ?? undefined) : undefined,
    localRegister: held.local_register ?? undefined,
    statements: new Map(before),
    before,
    isTouched: false,
    isShared: held.flags.includes('"rna_shared"'),
    isSirenShared: held.flags.includes('"siren_shared"'),
    createdImport: held.created_import ?? undefined,
    joinedInto: undefined,
    joined: [],
    separatedFrom: undefined,
    merged: undefined,
    unit: undefined,
  };
}

const none: ReadonlyMap<Source, Statement> = new Map();

export function newDraft(identifiers: {
  readonly siren?: string | undefined;
  readonly number?: string | undefined;
  readonly localRegister?: string | undefined;
}): Draft {
  return {
    held: undefined,
    siren: identifiers.siren,
    number: identifiers.number,
    localRegister: identifiers.localRegister,
    statements: new Map(),
    before: none,
    isTouched: false,
    isShared: false,
    isSirenShared: false,
    createdImport: undefined,
    joinedInto: undefined,
    joined: [],
    separatedFrom: undefined,
    merged: undefined,
    unit: undefined,
  };
}

/** As the table will generate it. */
export function idOf({ siren, number, localRegister }: Draft): string {
  const id = siren ?? number ?? localRegister;
  if (id === undefined) throw new TypeError('an organization has a SIREN, an RNA number or a local register');
  return id;
}

export function say(draft: Draft, source: Source, statement: Statement): void {
  draft.statements.set(source, statement);
  touch(draft);
}

export function unsay(draft: Draft, source: Source): void {
  draft.statements.delete(source);
  touch(draft);
}

function touch(draft: Draft): void {
  draft.isTouched = true;
  draft.merged = undefined;
  draft.unit = undefined;
}

/**
 * Whether somebody says what the row is. An operator's corrections are about what others say; what the RNA says of a legal
 * unit leaves with its number, as soon as nobody else describes the unit.
 */
export const isDescribed = (
  draft: Pick<Draft, 'siren' | 'statements'>,
  statements: ReadonlyMap<Source, Statement> = draft.statements,
): boolean => [...statements.keys()].some((source) => source !== 'operator' && staysFor(draft, source));

/** Whether the row is still there when the source no longer speaks of it. */
export const staysWithout = (draft: Draft, source: Source): boolean =>
  [...draft.statements.keys()].some((other) => other !== source && staysFor(draft, other));

const staysFor = ({ siren }: Pick<Draft, 'siren'>, source: Source): boolean =>
  siren === undefined || !isNumbered(source);

/** In the order of the sources: equal statements are equal texts. */
export function statementsOf(draft: Draft, speaks: (source: Source) => boolean = () => true): Statements {
  const all: Partial<Record<Source, Statement>> = {};
  for (const source of sources) {
    const statement = draft.statements.get(source);
    if (statement !== undefined && speaks(source)) all[source] = statement;
  }
  return all;
}

export function mergedOf(draft: Draft): MergedFacts {
  draft.merged ??= mergeStatements(statementsOf(draft));
  return draft.merged;
}

/** Those that its own statements show, and those that only show beside other rows. */
export const flagsOf = (draft: Draft): readonly DataQualityFlag[] => [
  ...mergedOf(draft).flags,
  ...(draft.isShared ? (['rna_shared'] as const) : []),
  ...(draft.isSirenShared ? (['siren_shared'] as const) : []),
];

/**
 * The legal unit as those describe it that know it by its SIREN; undefined without SIREN, or when nobody does. What the
 * RNA says plays no part: it would prove itself.
 */
export function unitOf(draft: Draft): LegalUnit | undefined {
  const { siren, statements } = draft;
  if (siren === undefined) return undefined;
  if (draft.unit !== undefined) return draft.unit;
  const isBorne = numbered.some((source) => statements.has(source));
  const own = isBorne ? statementsOf(draft, (source) => !isNumbered(source)) : undefined;
  if (own === undefined ? statements.size === 0 : Object.keys(own).length === 0) return undefined;
  const { values } = own === undefined ? mergedOf(draft) : mergeStatements(own);
  const rna = values.rna ?? undefined;
  const association =
    values.type === undefined
      ? isAssociation(values.legalCategory, rna)
      : organizationCategory(values.type) === 'association';
  draft.unit = { siren, rna, isAssociation: association };
  return draft.unit;
}

/** The RNA number of what the RNA says in this row. */
export function numberIn(draft: Draft): string | undefined {
  for (const source of numbered) {
    const rna = draft.statements.get(source)?.facts.rna;
    if (typeof rna === 'string') return rna;
  }
  return draft.number;
}
