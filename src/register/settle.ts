import type { Kysely } from 'kysely';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { holdersOf, takesHints } from './belongs.ts';
import type { LegalUnit } from './belongs.ts';
import { numbered, say, unitOf, unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { absorb } from './absorb.ts';
import { bear, byNumber, concernedBy, hintOf, readHints, readRows, said } from './rows-at-hand.ts';
import type { Concerned, RowsAtHand } from './rows-at-hand.ts';

/**
 * Puts what the RNA says of each number that changed hands into the row where it belongs (belongs.ts): rows that turn
 * out to be one are joined, rows that turn out to be two are separated. Reads the rows that the numbers lead to besides
 * those at hand; most batches need none.
 */
export async function settle(db: Kysely<Database>, rows: RowsAtHand): Promise<void> {
  let concerned = concernedBy(rows);
  for (;;) {
    const { numbers, hinted } = concerned;
    const isComplete =
      [...hinted].every((siren) => rows.readSirens.has(siren) && rows.readHints.has(siren)) &&
      [...numbers].every((rna) => rows.readRnas.has(rna));
    if (isComplete) break;
    await readRows(db, rows, { sirens: hinted, rnas: numbers, localRegisters: [] });
    await readHints(db, rows, hinted);
    concerned = concernedBy(rows);
  }
  const units = namedUnits(rows);
  const claims = claimsOn(rows, concerned, units);
  for (const draft of rows.all) if (draft.isTouched) draft.isShared = false;
  const moves = [...concerned.numbers].map((rna) => lift(rows, rna, { units: units.get(rna) ?? [], claims }));
  // Everything is lifted before anything is put down: a row gives its number away and takes another one at once.
  for (const move of moves) putDown(rows, move);
  flagClaims(rows, concerned, claims);
}

/** By legal unit, the numbers that nobody names, and that the RNA gives a SIRET of the unit for. */
type Claims = ReadonlyMap<string, readonly string[]>;

function claimsOn(
  rows: RowsAtHand,
  { numbers, hinted }: Concerned,
  units: ReadonlyMap<string, readonly LegalUnit[]>,
): Claims {
  const claims = new Map<string, string[]>([...hinted].map((siren) => [siren, []]));
  for (const rna of numbers) {
    const isNamed = units.get(rna)?.some(({ isAssociation }) => isAssociation) === true;
    if (!isNamed) claims.get(hintOf(rows, rna) ?? '')?.push(rna);
  }
  return claims;
}

function flagClaims(rows: RowsAtHand, { numbers, hinted }: Concerned, claims: Claims): void {
  const flagged = new Set<Draft | undefined>();
  for (const [siren, rnas] of claims) {
    const unit = rows.bySiren.get(siren);
    if (unit === undefined || rnas.length < 2 || !takesHints(unitOf(unit))) continue;
    for (const draft of [unit, ...rnas.map((rna) => rows.byNumber.get(rna))]) flagged.add(draft);
  }
  const own = [...numbers].map((rna) => rows.byNumber.get(rna));
  for (const draft of [...own, ...[...hinted].map((siren) => rows.bySiren.get(siren))]) {
    if (draft === undefined || draft.isSirenShared === flagged.has(draft)) continue;
    draft.isSirenShared = flagged.has(draft);
    draft.isTouched = true;
  }
}

function namedUnits(rows: RowsAtHand): ReadonlyMap<string, readonly LegalUnit[]> {
  const units = new Map<string, LegalUnit[]>();
  for (const draft of rows.bySiren.values()) {
    if (!draft.isTouched && (draft.held?.rna ?? null) === null) continue;
    const unit = unitOf(draft);
    if (unit?.rna === undefined) continue;
    const known = units.get(unit.rna);
    if (known === undefined) units.set(unit.rna, [unit]);
    else known.push(unit);
  }
  return units;
}

interface Move {
  readonly rna: string;
  /** Undefined: the number's own row. */
  readonly home: Draft | undefined;
  readonly isShared: boolean;
  readonly units: readonly LegalUnit[];
  readonly lifted: readonly {
    readonly source: Source;
    readonly statement: Statement;
    readonly from: Draft;
  }[];
}

function lift(
  rows: RowsAtHand,
  rna: string,
  { units, claims }: { readonly units: readonly LegalUnit[]; readonly claims: Claims },
): Move {
  const hint = hintOf(rows, rna) ?? '';
  const hinted = claims.get(hint)?.length === 1 ? rows.bySiren.get(hint) : undefined;
  const { home: siren, isShared } = holdersOf(rna, units, hinted && unitOf(hinted));
  const home = siren === undefined ? undefined : rows.bySiren.get(siren);
  const target = home ?? rows.byNumber.get(rna);
  const lifted = numbered.flatMap((source) => {
    const newest = said(rows, rna, source);
    if (newest === undefined) return [];
    for (const bearer of rows.bearers.get(rna) ?? []) {
      const isBorne = bearer.statements.get(source)?.facts.rna === rna;
      if (isBorne && (bearer !== target || newest.draft !== target)) unsay(bearer, source);
    }
    return newest.draft === target ? [] : [{ source, statement: newest.statement, from: newest.draft }];
  });
  return { rna, home, isShared, units, lifted };
}

function putDown(rows: RowsAtHand, { rna, home, isShared, units, lifted }: Move): void {
  for (const { source, statement, from } of lifted) {
    const target = home ?? byNumber(rows, rna);
    say(target, source, statement);
    bear(rows, rna, target);
    if (target.held === undefined && from.held !== undefined && from.siren !== undefined)
      target.separatedFrom = from;
  }
  const own = rows.byNumber.get(rna);
  if (own !== undefined && home !== undefined) absorb(own, home);
  const isFlagged = [
    own,
    ...units.filter((unit) => unit.isAssociation).map(({ siren }) => rows.bySiren.get(siren)),
  ];
  for (const draft of isFlagged) {
    if (draft === undefined || draft.isShared === isShared) continue;
    draft.isShared = isShared;
    draft.isTouched = true;
  }
}
