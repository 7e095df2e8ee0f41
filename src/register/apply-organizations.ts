import type { Kysely } from 'kysely';
import { sirenOf } from '../organizations/organizations.ts';
import type { StatedFacts, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import type { Applying, OrganizationRecord, Outcome, RefusedRecord } from './applying.ts';
import { compareStatements } from './compare-statements.ts';
import { isNumbered, say, unitOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { asOnlyWriter } from './one-writer.ts';
import { byLocalRegister, byNumber, bySiren, noRows, readRows, said } from './rows-at-hand.ts';
import type { RowsAtHand } from './rows-at-hand.ts';
import { absorb } from './absorb.ts';
import { settle } from './settle.ts';
import { undoneImports } from './undone-imports.ts';
import { writeOrganizations } from './write-organizations.ts';

/**
 * Writes what one source says of organizations: each record is the whole statement of that source, and replaces what it
 * said before. What other sources said stays, and the columns become what all of them say together.
 *
 * @param db a transaction of the caller, or the database: then the batch is one transaction
 * @returns what became of each record: `new` when nobody had spoken of the organization, `changed` when this source says
 *   something else of it, `same` when it says the same as before
 */
export function applyOrganizations(
  db: Kysely<Database>,
  records: readonly OrganizationRecord[],
  applying: Applying,
): Promise<Outcome> {
  if (records.length === 0) return Promise.resolve({ new: 0, changed: 0, same: 0, refused: [] });
  return asOnlyWriter(db, (transaction) => apply(transaction, records, applying));
}

async function apply(
  db: Kysely<Database>,
  records: readonly OrganizationRecord[],
  applying: Applying,
): Promise<Outcome> {
  const refused: RefusedRecord[] = [];
  const kept = lastOfEach(records, applying, refused);
  const rows = noRows();
  await readRows(db, rows, identifiersOf(kept.values()));
  const undone = await undoneImports(db);
  const told: Told[] = [];
  let same = 0;
  for (const [index, record] of kept) {
    const facts = factsOf(record, applying);
    const place = placeOf(rows, record, applying);
    const compared = compareStatements(place.before, facts, { ...applying, undone });
    if (compared.is === 'older') {
      const detail = `${applying.asOf} is before ${compared.than}`;
      refused.push({ index, reason: 'older_than_held', detail });
      continue;
    }
    if (record.localRegister !== undefined) register(rows, place.draft, record.localRegister);
    if (compared.statement !== undefined) say(place.draft, applying.source, compared.statement);
    // A number is looked at again even when nothing is new: the unit that it belongs to may have come since.
    else if (isNumbered(applying.source)) place.draft.isTouched ||= isAstray(rows, place.draft, facts);
    if (compared.is === 'same') same += 1;
    else told.push({ draft: place.draft, record });
  }
  await settle(db, rows);
  let added = 0;
  for (const one of told) {
    const draft = finalRow(rows, one, applying);
    const isNew = draft.held === undefined && draft.joined.length === 0 && draft.separatedFrom === undefined;
    if (!isNew) continue;
    added += 1;
    draft.createdImport = applying.importId;
  }
  await writeOrganizations(db, rows.all, applying);
  return { new: added, changed: told.length - added, same, refused };
}

interface Told {
  readonly draft: Draft;
  readonly record: OrganizationRecord;
}

function subjectOf({ siren, rna, localRegister }: OrganizationRecord, { source }: Applying): string {
  if (rna !== undefined && isNumbered(source)) return rna;
  const subject = siren ?? rna ?? localRegister;
  if (subject === undefined) throw new TypeError('a record names a SIREN, an RNA number or a local register');
  return subject;
}

/** By place in the batch. Of two records of one organization the last counts, as in a file that corrects itself. */
function lastOfEach(
  records: readonly OrganizationRecord[],
  applying: Applying,
  refused: RefusedRecord[],
): ReadonlyMap<number, OrganizationRecord> {
  const lastIndex = new Map<string, number>();
  const kept = new Map<number, OrganizationRecord>();
  for (const [index, record] of records.entries()) {
    const subject = subjectOf(record, applying);
    const earlier = lastIndex.get(subject);
    if (earlier !== undefined) {
      kept.delete(earlier);
      refused.push({ index: earlier, reason: 'twice_in_batch', detail: subject });
    }
    lastIndex.set(subject, index);
    kept.set(index, record);
  }
  return kept;
}

function identifiersOf(records: Iterable<OrganizationRecord>) {
  const sirens: string[] = [];
  const rnas: string[] = [];
  const localRegisters: string[] = [];
  for (const { siren, rna, localRegister, facts } of records) {
    if (siren !== undefined) sirens.push(siren);
    if (facts.headOffice !== undefined && siren === undefined) sirens.push(sirenOf(facts.headOffice));
    if (rna !== undefined) rnas.push(rna);
    if (typeof facts.rna === 'string' && facts.rna !== rna) rnas.push(facts.rna);
    if (localRegister !== undefined) localRegisters.push(localRegister);
  }
  return { sirens, rnas, localRegisters };
}

/** The number that leads to the record is one of its facts. */
const factsOf = ({ rna, facts }: OrganizationRecord, { source }: Applying): StatedFacts =>
  rna === undefined || (facts.rna !== undefined && !isNumbered(source)) ? facts : { ...facts, rna };

interface Place {
  readonly draft: Draft;
  /** What the source said before. */
  readonly before: Statement | undefined;
}

function placeOf(rows: RowsAtHand, record: OrganizationRecord, { source }: Applying): Place {
  const { siren, rna, localRegister } = record;
  if (rna !== undefined && isNumbered(source)) {
    const known = said(rows, rna, source);
    return known === undefined
      ? { draft: byNumber(rows, rna), before: undefined }
      : { draft: known.draft, before: known.statement };
  }
  const draft =
    siren !== undefined
      ? bySiren(rows, siren)
      : rna !== undefined
        ? (ownerOf(rows, rna) ?? byNumber(rows, rna))
        : byLocalRegister(rows, localRegister ?? '');
  return { draft, before: draft.statements.get(source) };
}

/** The one association that named the number. */
function ownerOf(rows: RowsAtHand, rna: string): Draft | undefined {
  const owners = (rows.namers.get(rna) ?? []).filter((draft) => unitOf(draft)?.isAssociation === true);
  return owners.length === 1 ? owners[0] : undefined;
}

/** A row without SIREN whose number a legal unit may have come to bear. */
function isAstray(rows: RowsAtHand, draft: Draft, { headOffice }: StatedFacts): boolean {
  if (draft.siren !== undefined) return false;
  return headOffice !== undefined && rows.bySiren.has(sirenOf(headOffice));
}

function register(rows: RowsAtHand, draft: Draft, localRegister: string): void {
  const known = rows.byLocalRegister.get(localRegister);
  if (known === draft || draft.localRegister !== undefined) return;
  if (known !== undefined) {
    // Registered under a SIREN already: that of the record is somebody else's.
    if (known.siren !== undefined) return;
    absorb(known, draft);
  }
  draft.localRegister = localRegister;
  draft.isTouched = true;
  rows.byLocalRegister.set(localRegister, draft);
}

function finalRow(rows: RowsAtHand, { draft, record }: Told, { source }: Applying): Draft {
  const { rna } = record;
  if (rna !== undefined && isNumbered(source)) return said(rows, rna, source)?.draft ?? draft;
  return draft.joinedInto ?? draft;
}
