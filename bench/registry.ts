/**
 * `npm run bench -- registry [ROWS]`: invented registers imported by the command itself, in a process of its own, then
 * searched and read; then a complete list, and the one of the week after that leaves out one in ten. ROWS is the number of Sirene units (1 000 000); there are as many establishments and half as many
 * again associations. PostgreSQL first, with its own defaults and durable writes; then the embedded one, with a fiftieth.
 * Bounded; ends what it started, also when it is interrupted; the files and databases are removed. On Linux it says beside
 * each time what share of the processors was stolen by other machines of the host, and what share had nothing to do.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyImporter } from '../src/importers/importers.ts';
import type { ImportName } from '../src/importers/importers.ts';
import { loadTerritories, isSiret } from '../src/organizations/organizations.ts';
import { createOrganizationRegistry } from '../src/register/register.ts';
import { migrate, openStores } from '../src/storage/storage.ts';
import type { Stores } from '../src/storage/storage.ts';
import { startOwnPostgres } from '../test/support/services.ts';
import type { OwnPostgres } from '../test/support/services.ts';
import {
  administrationLeftLine,
  administrationLine,
  associationLine,
  establishmentLine,
  numbersOf,
  unitLine,
  writeRegister,
} from './registry-files.ts';
import { cpuSeconds, peakMemory, processorTime, sharesText } from './registry-processors.ts';
import { measureSearch } from './registry-search.ts';

const units = Number(process.argv[2] ?? 1_000_000);
if (!Number.isSafeInteger(units) || units < 1_000) throw new Error('ROWS must be a number from 1000 on');
const clock = () => new Date();
const root = join(import.meta.dirname, '..');
const interrupted = new Promise<never>((_resolve, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
});
const folder = await mkdtemp(join(tmpdir(), 'maillon-bench-'));
let importing: ChildProcess | undefined;

interface File {
  readonly name: ImportName;
  readonly path: string;
  readonly rows: number;
}

async function filesOf(rows: number): Promise<readonly File[]> {
  const plan = [
    { name: 'sirene-units', rows, line: unitLine },
    { name: 'sirene-establishments', rows, line: establishmentLine },
    { name: 'rna-waldec', rows: Math.round(rows * 1.5), line: associationLine },
    { name: 'administrations', rows, line: administrationLine },
    { name: 'administrations', rows, line: administrationLeftLine, day: '2026-11-08' },
  ] as const;
  const files: File[] = [];
  for (const { name, rows: count, line, ...rest } of plan) {
    const importer = everyImporter.find((one) => one.name === name);
    if (importer === undefined) throw new Error(name);
    const path = join(folder, `${name}-${count}_${'day' in rest ? rest.day : '2026-11-01'}.csv`);
    files.push({ name, path, rows: await writeRegister(path, importer, count, line) });
  }
  return files;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const perSecond = (rows: number, ms: number): string => `${Math.round(rows / (ms / 1000))} rows/s`;

interface Sample {
  readonly ms: number;
  readonly position: number;
}

/** Runs `maillon import` and watches its record grow; `watch` is absent where one process holds the database. */
async function importFile(
  file: File,
  env: Readonly<Record<string, string>>,
  watch: (() => Promise<number>) | undefined,
  database: number | undefined,
): Promise<string> {
  const started = performance.now();
  const processorsBefore = await processorTime();
  const databaseBefore = database === undefined ? 0 : await cpuSeconds(database, 'children');
  // The same memory settings as bin/maillon.js.
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=8', 'src/main.ts', 'import', file.name, file.path],
    {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'test', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  importing = child;
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const samples: Sample[] = [];
  let [peak, cpu] = [0, 0];
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const running = { value: true };
  void ended.then(() => (running.value = false));
  while (running.value) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 250))]);
    peak = Math.max(peak, child.pid === undefined ? 0 : await peakMemory(child.pid));
    cpu = Math.max(cpu, child.pid === undefined ? 0 : await cpuSeconds(child.pid, 'itself'));
    if (watch !== undefined) samples.push({ ms: performance.now() - started, position: await watch() });
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${file.name} ended with ${String(code)}: ${said.slice(-500)}`);
  const total = performance.now() - started;
  const shares = sharesText(processorsBefore, await processorTime());
  const { size } = await stat(file.path);
  const perMillion = (spent: number): string => seconds((spent / file.rows) * 1e9);
  const databaseCpu =
    database === undefined
      ? ''
      : `, database ${perMillion((await cpuSeconds(database, 'children')) - databaseBefore)}`;
  const edge = Math.min(100_000, Math.floor(file.rows / 3));
  return [
    `  ${file.name.padEnd(22)} ${String(file.rows).padStart(8)} rows, ${(size / 1e6).toFixed(0)} MB: ${seconds(total)}`,
    `${seconds((total / file.rows) * 1e6)} per million`,
    ...(shares === '' ? [] : [shares]),
    `CPU per million: command ${perMillion(cpu)}${databaseCpu}`,
    perSecond(file.rows, total),
    ...(watch === undefined ? [] : [edges(samples, edge, file.rows)]),
    `peak memory ${(peak / 1e6).toFixed(0)} MB`,
  ].join(', ');
}

function edges(samples: readonly Sample[], edge: number, rows: number): string {
  const moving = samples.filter(({ position }) => position > 0 && position <= rows);
  const [first, last] = [moving.at(0), moving.at(-1)];
  const early = moving.find(({ position }) => position >= edge + (first?.position ?? 0));
  const late = moving.findLast(({ position }) => position <= rows - edge);
  if (first === undefined || last === undefined || early === undefined || late === undefined)
    return 'too short to tell';
  const rate = (from: Sample, to: Sample): string => perSecond(to.position - from.position, to.ms - from.ms);
  return `first ${edge}: ${rate(first, early)}, last ${edge}: ${rate(late, last)}`;
}

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

async function measureResolve(stores: Stores, rows: number): Promise<string> {
  const territories = loadTerritories();
  const registry = createOrganizationRegistry({ db: stores.db, territories: () => territories, clock });
  const times: number[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const { siret } = numbersOf((n * 7_919) % rows);
    if (!isSiret(siret)) throw new Error(siret);
    const started = performance.now();
    if ((await registry.bySiret(siret)) === undefined) throw new Error(`${siret} was not found`);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return `  resolve by SIRET, never seen before: p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${percentile(times, 0.95).toFixed(2)} ms`;
}

async function run(
  title: string,
  where: { readonly databaseUrl?: string; readonly databasePid?: number; readonly dataDir: string },
  rows: number,
): Promise<void> {
  console.log(`${title}, ${rows} units`);
  const open = () => openStores({ ...where, clock });
  const stores = await open();
  await migrate(stores.db, join(root, 'migrations'));
  const env = {
    DATA_DIR: where.dataDir,
    ...(where.databaseUrl === undefined ? {} : { DATABASE_URL: where.databaseUrl }),
  };
  const watch = async (): Promise<number> => {
    const row = await stores.db
      .selectFrom('register_import')
      .select('position')
      .where('state', '=', 'running')
      .executeTakeFirst();
    return row?.position ?? 0;
  };
  const embedded = where.databaseUrl === undefined;
  if (embedded) await stores.close();
  const files = await filesOf(rows);
  for (const file of files)
    console.log(await importFile(file, env, embedded ? undefined : watch, where.databasePid));
  const reading = embedded ? await open() : stores;
  console.log(await measureResolve(reading, rows));
  for (const line of await measureSearch(reading.db)) console.log(`  ${line}`);
  await reading.close();
}

let starting: Promise<OwnPostgres | undefined> | undefined;

async function measure(): Promise<void> {
  starting = startOwnPostgres('bench registry', {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: '128MB',
  });
  const postgres = await starting;
  if (postgres !== undefined)
    await run(
      'PostgreSQL',
      {
        databaseUrl: await postgres.createDatabase(),
        databasePid: postgres.pid,
        dataDir: join(folder, 'unused'),
      },
      units,
    );
  await postgres?.stop();
  starting = undefined;
  await run(
    'Embedded (PGlite)',
    { dataDir: join(folder, 'embedded') },
    Math.max(1_000, Math.round(units / 50)),
  );
}

try {
  await Promise.race([measure(), interrupted]);
} finally {
  importing?.kill('SIGKILL');
  await starting?.then((postgres) => postgres?.stop());
  await rm(folder, { recursive: true, force: true });
}
