/**
 * importers/: the files that public registers publish, read into the register.
 *
 * What it does: knows the exact shape of each file (one importer a file: header, separator, what a line says), reads it
 * whatever its packing (plain, gzip, zip, Parquet; UTF-8 or Windows-1252) without ever holding it whole, and hands what
 * it says to register/, batch by batch. Keeps only the columns that an importer declares, and no personal data.
 *
 * Flow: `maillon import` → run-import.ts: reading/open-file.ts and inspect.ts read the file to its end (cut short,
 * damaged, which letters) → header.ts compares its columns → import-into.ts: rows → batches.ts, where the importer reads
 * each line → write-batches.ts: one transaction a batch, in which the import record moves too, so that an interrupted
 * import goes on where it was. Lines that are wrong go to the rejects file; report.ts says what became of the rest. What
 * a complete list no longer names is withdrawn at its end (withdraw-absent.ts).
 *
 * A dry run does the same and takes each batch back at once, so that nobody waits for it longer than for a batch. Its
 * counts are those of the import, except for a key that stands in two batches, and for what needs a row that only an
 * earlier batch of the same file would bring.
 *
 * A line of our own form may come by another way than a file of it (own-line.ts): it is read by the same rules.
 *
 * May import: register, organizations, storage (tables), config, errors.
 */
export { everyImporter } from './every-importer.ts';
export type { ImportName, Importer } from './importer.ts';
export { importById, listImports } from './import-records.ts';
export type { ImportRecord } from './import-records.ts';
export { withImportLock } from './lock.ts';
export { mendInterrupted } from './mend-interrupted.ts';
export { csvRows } from './reading/csv.ts';
export { enterOwnLine, readOwnLine } from './own-line.ts';
export type { OwnCells } from './own-line.ts';
export { ownColumns } from './own-organizations.ts';
export type { OwnColumn } from './own-organizations.ts';
export { count } from './reading/progress.ts';
export { reportText } from './report.ts';
export type { ImportReport } from './report.ts';
export { runImport } from './run-import.ts';
export type { RunImportOptions } from './run-import.ts';
export type { WrongReason } from './wrong-reasons.ts';
