import type { Kysely } from 'kysely';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { holdersOf } from './belongs.ts';
import type { LegalUnit } from './belongs.ts';
import { numbered, numberIn, say, unitOf, unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { absorb } from './absorb.ts';
import { bear, byNumber, concernedNumbers, hintOf, readRows, said } from './rows-at-hand.ts';
import type { RowsAtHand } from './rows-at-hand.ts';

/**
 * Puts what the RNA says of each number that changed hands into the row where it belongs (belongs.ts): rows that turn
 * out to be one are joined, rows that turn out to be two are separated. Reads the rows that the numbers lead to besides
 * those at hand; most batches need none.
 */
export async function settle(db: Kysely<Database>, rows: RowsAtHand): Promise<void> {
  let concerned = concernedNumbers(rows);
  for (;;) {
    const hints = [...concerned].flatMap((rna) => hintOf(rows, rna) ?? []);
    const isComplete =
      hints.every((siren) => rows.readSirens.has(siren)) &&
      [...concerned].every((rna) => rows.readRnas.has(rna));
    if (isComplete) break;
    await readRows(db, rows, { sirens: hints, rnas: concerned, localRegisters: [] });
    concerned = concernedNumbers(rows);
  }
  const units = namedUnits(rows);
  for (const draft of rows.all) if (draft.isTouched) draft.isShared = false;
  const moves = [...concerned].map((rna) => lift(rows, rna, units.get(rna) ?? []));
  // Everything is lifted before anything is put down: a row gives its number away and takes another one at once.
  for (const move of moves) putDown(rows, move);
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

function lift(rows: RowsAtHand, rna: string, units: readonly LegalUnit[]): Move {
  const hinted = rows.bySiren.get(hintOf(rows, rna) ?? '');
  const isFree = hinted !== undefined && [undefined, rna].includes(numberIn(hinted));
  const { home: siren, isShared } = holdersOf(rna, units, isFree ? unitOf(hinted) : undefined);
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
