import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { sirenOf } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import type { Applying, EstablishmentRecord, Outcome, RefusedRecord } from './applying.ts';
import { writeChanges } from './changes.ts';
import type { ChangeToWrite } from './changes.ts';
import { documentOf, heldEstablishments, sameEstablishment } from './held-establishment.ts';
import type { EstablishmentDocument, HeldEstablishment } from './held-establishment.ts';
import { asOnlyWriter } from './one-writer.ts';
import { remakeOrganizations } from './remake-organizations.ts';
import { confirmEstablishments, writeEstablishments } from './write-establishments.ts';
import type { EstablishmentToWrite } from './write-establishments.ts';

/**
 * Writes what one source says of establishments. A row is one source's at a time, the newest; what people declare or
 * correct is always written, and stays until a register says something newer. A legal unit has one head office: a new
 * one takes its place, in the history as in the table.
 *
 * @param db a transaction of the caller, or the database: then the batch is one transaction
 */
export function applyEstablishments(
  db: Kysely<Database>,
  records: readonly EstablishmentRecord[],
  applying: Applying,
): Promise<Outcome> {
  if (records.length === 0) return Promise.resolve({ new: 0, changed: 0, same: 0, refused: [] });
  const { seats } = applying;
  return asOnlyWriter(db, async (transaction) => {
    seats?.begin();
    try {
      return await apply(transaction, records, applying);
    } finally {
      await seats?.done();
    }
  });
}

async function apply(
  db: Kysely<Database>,
  records: readonly EstablishmentRecord[],
  applying: Applying,
): Promise<Outcome> {
  const refused: RefusedRecord[] = [];
  const kept = lastOfEach(records, refused);
  const { held, headOffices, units } = await read(db, [...kept.values()]);
  const lastHeadOffice = new Map<string, Siret>();
  for (const { siret, headOffice } of kept.values())
    if (headOffice) lastHeadOffice.set(sirenOf(siret), siret);

  const written = new Map<Siret, EstablishmentToWrite>();
  const confirmed: EstablishmentDocument[] = [];
  const changes: ChangeToWrite[] = [];
  const write = (before: HeldEstablishment | undefined, document: EstablishmentDocument): void => {
    const createdImport = before === undefined ? (applying.importId ?? null) : before.created_import;
    written.set(document.siret, { document, createdImport });
    if (before !== undefined || applying.importId === undefined)
      changes.push(changeOf(before, document, applying));
  };
  let [added, changed, same] = [0, 0, 0];
  for (const [index, record] of kept) {
    const { siret } = record;
    const siren = sirenOf(siret);
    const before = held.get(siret);
    const newer = before !== undefined && isOlder(applying, before) ? before : undefined;
    if (!units.has(siren)) refused.push({ index, reason: 'unit_unknown', detail: siren });
    else if (newer !== undefined)
      refused.push({
        index,
        reason: 'older_than_held',
        detail: `${applying.asOf} is before ${dateOf(newer)}`,
      });
    else {
      const others = headOffices.get(siren) ?? [];
      const isHeadOffice =
        record.headOffice &&
        lastHeadOffice.get(siren) === siret &&
        others.every((one) => one.siret === siret || !isOlder(applying, one));
      const document = documentFor(record, isHeadOffice, applying);
      if (before?.source === document.source && sameEstablishment(documentOf(before), document)) {
        same += 1;
        if (dateOf(before) !== applying.asOf || applying.fetchedAt !== undefined) confirmed.push(document);
      } else {
        if (before === undefined) added += 1;
        else changed += 1;
        write(before, document);
      }
    }
  }
  for (const { document } of [...written.values()]) {
    if (!document.head_office) continue;
    for (const former of headOffices.get(sirenOf(document.siret)) ?? []) {
      // Written already: its own record says what it is now.
      if (!written.has(former.siret)) write(former, { ...documentOf(former), head_office: false });
    }
  }
  await writeEstablishments(db, [...written.values()], applying);
  const unseated = withoutSeat(written, headOffices);
  if (unseated.length > 0) await applying.seats?.done();
  await remakeOrganizations(db, unseated, applying.now);
  await confirmEstablishments(db, confirmed);
  await writeChanges(db, changes, applying);
  return { new: added, changed, same, refused };
}

/** Legal units whose head office is one no longer, or has lost its commune, while no other takes its place. */
function withoutSeat(
  written: ReadonlyMap<Siret, EstablishmentToWrite>,
  headOffices: ReadonlyMap<string, readonly HeldEstablishment[]>,
): readonly string[] {
  const hasSeat = (one: EstablishmentDocument): boolean => one.head_office && one.commune_code !== null;
  const seated = new Set<string>();
  for (const { document } of written.values()) if (hasSeat(document)) seated.add(document.siret.slice(0, 9));
  const lost = [...headOffices.values()].flat().filter(({ siret, siren, commune_code: commune }) => {
    const now = written.get(siret)?.document;
    return commune !== null && now !== undefined && !hasSeat(now) && !seated.has(siren);
  });
  return [...new Set(lost.map(({ siren }) => siren))];
}

/** By place in the batch; of two records of one establishment the last counts. */
function lastOfEach(
  records: readonly EstablishmentRecord[],
  refused: RefusedRecord[],
): ReadonlyMap<number, EstablishmentRecord> {
  const lastIndex = new Map<Siret, number>();
  const kept = new Map<number, EstablishmentRecord>();
  for (const [index, record] of records.entries()) {
    const earlier = lastIndex.get(record.siret);
    if (earlier !== undefined) {
      kept.delete(earlier);
      refused.push({ index: earlier, reason: 'twice_in_batch', detail: record.siret });
    }
    lastIndex.set(record.siret, index);
    kept.set(index, record);
  }
  return kept;
}

async function read(db: Kysely<Database>, records: readonly EstablishmentRecord[]) {
  const sirets = records.map(({ siret }) => siret);
  const sirens = [...new Set(sirets.map(sirenOf))];
  const moved = [...new Set(records.filter((one) => one.headOffice).map(({ siret }) => sirenOf(siret)))];
  const rows = await heldEstablishments(
    db,
    sql`siret = any(${sirets}::text[]) or (head_office and siren = any(${moved}::text[]))`,
  );
  const known = await sql`select siren from organization where siren = any(${sirens}::text[])`.execute(db);
  const headOffices = new Map<string, HeldEstablishment[]>();
  for (const row of rows) {
    if (!row.head_office) continue;
    const others = headOffices.get(row.siren);
    if (others === undefined) headOffices.set(row.siren, [row]);
    else others.push(row);
  }
  return {
    held: new Map(rows.map((row) => [row.siret, row])),
    headOffices,
    units: new Set(unitSchema.parse(known.rows).map(({ siren }) => siren)),
  };
}

const unitSchema = z.array(z.object({ siren: z.string() }));

/** The rows of version N−1 bear no date: whatever speaks is newer. */
const dateOf = (row: HeldEstablishment): string => row.source_date ?? '';

/** By a line of a lot, and no file: it was true until a register says anything, of whatever day. */
const isEntered = ({ source, import_id: importId }: HeldEstablishment): boolean =>
  source === 'organizations' && importId === null;

function isOlder({ source, asOf, fetchedAt }: Applying, held: HeldEstablishment): boolean {
  if (source === 'configuration' || source === 'operator' || isEntered(held)) return false;
  if (asOf !== dateOf(held)) return asOf < dateOf(held);
  return fetchedAt !== undefined && held.fetched_at !== null && new Date(fetchedAt) < held.fetched_at;
}

const documentFor = (
  record: EstablishmentRecord,
  isHeadOffice: boolean,
  { source, asOf, importId, fetchedAt }: Applying,
): EstablishmentDocument => ({
  siret: record.siret,
  state: record.state,
  head_office: isHeadOffice,
  commune_code: record.communeCode ?? null,
  postal_code: record.postalCode ?? null,
  naf: record.naf ?? null,
  naf25: record.naf25 ?? null,
  size_band: record.sizeBand ?? null,
  usual_name: record.usualName ?? null,
  created_on: record.createdOn ?? null,
  diffusion: record.diffusion ?? 'O',
  source,
  source_date: asOf,
  import_id: importId ?? null,
  former_source_date: null,
  former_import_id: null,
  fetched_at: fetchedAt === undefined ? null : new Date(fetchedAt).toISOString(),
});

const changeOf = (
  before: HeldEstablishment | undefined,
  after: EstablishmentDocument,
  { source }: Applying,
): ChangeToWrite => ({
  shelf: 'establishment',
  subject: after.siret,
  source,
  before: before === undefined ? undefined : documentOf(before),
  after,
});
