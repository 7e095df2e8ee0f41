import { basename, isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { BrokerError } from '../errors/errors.ts';
import {
  count,
  everyImporter,
  importById,
  listImports,
  reportText,
  runImport,
  withImportLock,
} from '../importers/importers.ts';
import type { Importer, ImportRecord, RunImportOptions } from '../importers/importers.ts';
import { defaultMaxAgeDays, reviewApprovals, settleSearch, undoImport } from '../register/register.ts';
import type { Stores } from '../storage/storage.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

const shown = 100;

export async function importCommand(surroundings: Surroundings, given: Arguments): Promise<void> {
  // Left to itself, V8 clears old objects away once they are four times what is alive: 100 MB that nobody needs.
  setFlagsFromString('--heap-growing-percent=100');
  const [source = '', file = ''] = given.positionals;
  const importer = importerNamed(source);
  const separator = given.values.get('separator');
  if (separator !== undefined && !/^(?:[,;|\t]|tab)$/.test(separator))
    throw new UsageError('--separator is one of , ; | and tab');
  const rejects = given.values.get('rejects') ?? `${basename(file)}.rejects.csv`;
  const { print, printError, rewriteLine } = surroundings;
  let stopped = 0;
  surroundings.onStopRequest(() => {
    stopped += 1;
    if (stopped > 1) surroundings.exitNow(130);
    printError('Stopping after the batch under way…');
  });
  const dryRun = given.flags.has('dry-run');
  const { report, toReview } = await withStores(
    surroundings,
    configOf(surroundings),
    async ({ db, kind }) => {
      const done = await runImport({
        db,
        beside: kind.database === 'postgresql' ? db : undefined,
        clock: surroundings.clock,
        importer,
        path: where(surroundings, file),
        dryRun,
        withdraw: given.flags.has('withdraw'),
        rejectsPath: where(surroundings, rejects),
        asOf: given.values.get('as-of'),
        separator: separator === 'tab' ? '\t' : separator,
        encoding: encodingNamed(given.values.get('encoding')),
        stopRequested: () => stopped > 0,
        tell: printError,
        rewrite: rewriteLine,
      });
      return { report: done, toReview: dryRun ? 0 : await settled(db, surroundings.clock()) };
    },
  ).finally(() => rewriteLine?.(''));
  print(reportText(report));
  tellReviews(surroundings, toReview);
}

/**
 * What follows once the register has moved: search is quick again, and the approvals that it moved under are found.
 *
 * @returns findings that were not there before
 */
async function settled(db: Stores['db'], now: Date): Promise<number> {
  await settleSearch(db);
  return (await reviewApprovals(db, { now, maxAgeDays: defaultMaxAgeDays })).fresh.length;
}

export async function importList(surroundings: Surroundings): Promise<void> {
  const imports = await withStores(surroundings, configOf(surroundings), ({ db }) => listImports(db, shown));
  surroundings.print(
    imports.length === 0
      ? 'Nothing was imported yet.'
      : table([
          [
            'ID',
            'SOURCE',
            'FILE',
            'AS OF',
            'STATE',
            'LINES',
            'NEW',
            'CHANGED',
            'SAME',
            'WRONG',
            'LEFT OUT',
            'STARTED',
          ],
          ...imports.map(row),
        ]),
  );
}

/** Takes back what an import wrote, except where somebody has changed it since. */
export async function importUndo(surroundings: Surroundings, { positionals }: Arguments): Promise<void> {
  const [written = ''] = positionals;
  if (!/^[1-9][0-9]{0,8}$/.test(written))
    throw new UsageError('an import is named by its number: maillon import list');
  const id = Number(written);
  const { undone, toReview } = await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const done = await withImportLock(db, async (held) => {
      const found = await importById(held, id);
      if (found === undefined) throw new BrokerError('M-IMPT-008', { detail: `There is no import ${id}.` });
      if (found.state === 'undone')
        throw new BrokerError('M-IMPT-008', {
          detail: `Import ${id} was undone on ${dayOf(found.undoneAt)}.`,
        });
      return undoImport(held, id, surroundings.clock());
    });
    return { undone: done, toReview: await settled(db, surroundings.clock()) };
  });
  surroundings.print(
    `Import ${id} is undone: ${count(undone.removed)} removed, ${count(undone.restored)} as they were before, ` +
      `${count(undone.keptBecauseChangedSince)} kept because they changed since.`,
  );
  if (undone.keptForEstablishments > 0)
    surroundings.print(
      `${count(undone.keptForEstablishments)} legal units stay as they are, because establishments are there that another import brought, ` +
        'or somebody declared: they go with the last of these. maillon import list names the import to undo too.',
    );
  if (undone.keptForDecisions > 0)
    surroundings.print(
      `${count(undone.keptForDecisions)} organizations stay as they are, because an operator decided something of them ` +
        '(suspended, qualified, population): they go with the next undoing after that decision is lifted.',
    );
  tellReviews(surroundings, toReview);
}

function tellReviews({ print }: Surroundings, found: number): void {
  if (found > 0) print(`${count(found)} more findings about approvals: see maillon registry check.`);
}

function row(one: ImportRecord): readonly string[] {
  const { tally } = one;
  const counts = [one.position, tally.new, tally.changed, tally.same, tally.wrong, tally.leftOut].map(count);
  const state = one.state === 'running' ? 'unfinished' : one.state;
  return [String(one.id), one.source, one.fileName, one.asOf, state, ...counts, one.startedAt.toISOString()];
}

const dayOf = (date: Date | null): string => date?.toISOString().slice(0, 10) ?? 'an unknown day';

function importerNamed(name: string): Importer {
  const found = everyImporter.find((importer) => importer.name === name);
  if (found !== undefined) return found;
  const known = everyImporter.map((importer) => `  ${importer.name.padEnd(21)}  ${importer.summary}`);
  throw new UsageError(`unknown source "${name}"; the sources are:\n${known.join('\n')}`);
}

function encodingNamed(name: string | undefined): RunImportOptions['encoding'] {
  switch (name?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'utf-8':
    case 'utf8':
      return 'utf-8';
    case 'latin1':
    case 'iso-8859-1':
    case 'windows-1252':
      return 'windows-1252';
    default:
      throw new UsageError('--encoding is utf-8 or latin1');
  }
}

const where = ({ cwd }: Surroundings, path: string): string =>
  isAbsolute(path) || cwd === process.cwd() ? path : join(cwd, path);
