import type { Kysely } from 'kysely';
import { sirenOf } from '../organizations/organizations.ts';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { draftOf, newDraft, numbered, numberIn, unitOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { heldOrganizations, organizationsThatHint } from './held-organization.ts';
import type { HeldOrganization, Identifiers } from './held-organization.ts';

/** The rows that a batch concerns, by each number that leads to them. */
export interface RowsAtHand {
  readonly all: Set<Draft>;
  readonly bySiren: Map<string, Draft>;
  /** Rows that live by their RNA number. */
  readonly byNumber: Map<string, Draft>;
  readonly byLocalRegister: Map<string, Draft>;
  /** Rows that hold what the RNA says of the number. */
  readonly bearers: Map<string, Set<Draft>>;
  /** Legal units that named the number when they were read. */
  readonly namers: Map<string, Draft[]>;
  /** Numbers whose rows were all read. */
  readonly readRnas: Set<string>;
  readonly readSirens: Set<string>;
  /** Legal units of which the rows were all read that the RNA gives a SIRET of. */
  readonly readHints: Set<string>;
}

export function noRows(): RowsAtHand {
  return {
    all: new Set(),
    bySiren: new Map(),
    byNumber: new Map(),
    byLocalRegister: new Map(),
    bearers: new Map(),
    namers: new Map(),
    readRnas: new Set(),
    readSirens: new Set(),
    readHints: new Set(),
  };
}

/** Adds the rows that bear these numbers, those already there excepted. */
export async function readRows(
  db: Kysely<Database>,
  rows: RowsAtHand,
  identifiers: Identifiers,
): Promise<void> {
  const sirens = [...new Set(identifiers.sirens)].filter((siren) => !rows.readSirens.has(siren));
  const rnas = [...new Set(identifiers.rnas)].filter((rna) => !rows.readRnas.has(rna));
  const localRegisters = new Set(identifiers.localRegisters);
  for (const siren of sirens) rows.readSirens.add(siren);
  for (const rna of rnas) rows.readRnas.add(rna);
  for (const held of await heldOrganizations(db, { sirens, rnas, localRegisters })) addHeld(rows, held);
}

/** Adds the rows of numbers that the RNA gives a SIRET of these legal units for. */
export async function readHints(
  db: Kysely<Database>,
  rows: RowsAtHand,
  hinted: Iterable<string>,
): Promise<void> {
  const sirens = [...hinted].filter((siren) => !rows.readHints.has(siren));
  for (const siren of sirens) rows.readHints.add(siren);
  for (const held of await organizationsThatHint(db, sirens)) addHeld(rows, held);
}

export function addHeld(rows: RowsAtHand, held: HeldOrganization): void {
  const isThere =
    held.siren !== null
      ? rows.bySiren.has(held.siren)
      : held.rna !== null
        ? rows.byNumber.has(held.rna)
        : rows.byLocalRegister.has(held.local_register ?? '');
  if (isThere) return;
  const draft = add(rows, draftOf(held));
  if (held.siren === null || held.rna === null) return;
  const namers = rows.namers.get(held.rna);
  if (namers === undefined) rows.namers.set(held.rna, [draft]);
  else namers.push(draft);
}

export function add(rows: RowsAtHand, draft: Draft): Draft {
  const { siren, number, localRegister } = draft;
  rows.all.add(draft);
  if (siren !== undefined) {
    rows.bySiren.set(siren, draft);
    rows.readSirens.add(siren);
  }
  if (number !== undefined) rows.byNumber.set(number, draft);
  if (localRegister !== undefined) rows.byLocalRegister.set(localRegister, draft);
  const rna = numberIn(draft);
  if (rna !== undefined) bear(rows, rna, draft);
  return draft;
}

export function bear(rows: RowsAtHand, rna: string, draft: Draft): void {
  const bearers = rows.bearers.get(rna);
  if (bearers === undefined) rows.bearers.set(rna, new Set([draft]));
  else bearers.add(draft);
}

export const bySiren = (rows: RowsAtHand, siren: string): Draft =>
  rows.bySiren.get(siren) ?? add(rows, newDraft({ siren }));

export const byNumber = (rows: RowsAtHand, number: string): Draft =>
  rows.byNumber.get(number) ?? add(rows, newDraft({ number }));

export const byLocalRegister = (rows: RowsAtHand, localRegister: string): Draft =>
  rows.byLocalRegister.get(localRegister) ?? add(rows, newDraft({ localRegister }));

/** What the RNA says of a number, with the row that holds it: the newest, should two hold it. */
export function said(
  rows: RowsAtHand,
  rna: string,
  source: Source,
): { readonly draft: Draft; readonly statement: Statement } | undefined {
  let newest: { draft: Draft; statement: Statement } | undefined;
  for (const draft of rows.bearers.get(rna) ?? []) {
    const statement = draft.statements.get(source);
    if (statement === undefined || statement.facts.rna !== rna) continue;
    if (newest === undefined || newest.statement.asOf < statement.asOf) newest = { draft, statement };
  }
  return newest;
}

/** The SIREN that the RNA itself gives for the number. */
export function hintOf(rows: RowsAtHand, rna: string): string | undefined {
  for (const source of numbered) {
    const headOffice = said(rows, rna, source)?.statement.facts.headOffice;
    if (headOffice !== undefined) return sirenOf(headOffice);
  }
  return undefined;
}

/** What a batch may have moved. */
export interface Concerned {
  readonly numbers: ReadonlySet<string>;
  /** Legal units that a number may gain or lose by the SIRET that the RNA gives. */
  readonly hinted: ReadonlySet<string>;
}

/**
 * The numbers that a touched row names, named or bears, with those that the RNA gives, or gave, the same legal unit for:
 * where they belong has to be asked again.
 */
export function concernedBy(rows: RowsAtHand): Concerned {
  const numbers = new Set<string>();
  const hinted = new Set<string>();
  for (const draft of rows.all) {
    if (!draft.isTouched) continue;
    if (draft.siren !== undefined) hinted.add(draft.siren);
    for (const source of numbered) {
      const headOffice = draft.before.get(source)?.facts.headOffice;
      if (headOffice !== undefined) hinted.add(sirenOf(headOffice));
    }
    for (const rna of [draft.held?.rna, unitOf(draft)?.rna, numberIn(draft), draft.number])
      if (rna !== undefined && rna !== null) numbers.add(rna);
  }
  for (const rna of numbers) {
    const hint = hintOf(rows, rna);
    if (hint !== undefined) hinted.add(hint);
  }
  for (const rna of rows.bearers.keys()) if (hinted.has(hintOf(rows, rna) ?? '')) numbers.add(rna);
  return { numbers, hinted };
}
