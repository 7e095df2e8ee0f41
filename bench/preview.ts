/**
 * `npm run bench -- preview [ROWS]`: the preview of a draft on an invented register (ROWS legal units, 150 000) that the
 * importers filled, on a PostgreSQL of its own. Prints CPU and time for 1.5 million organizations, and how long others on
 * the same process had to wait, beside what they wait while nothing is asked of it. Bounded; ends what it started, when it
 * is interrupted as well.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { parsePolicy } from '../src/eligibility/eligibility.ts';
import { demoDocument, demoPolicy } from '../src/eligibility/testing/factory.ts';
import { everyImporter } from '../src/importers/importers.ts';
import { loadPublicServiceExceptions, loadTerritories } from '../src/organizations/organizations.ts';
import { previewPolicy, totalOf } from '../src/policies/policies.ts';
import { migrate, openStores } from '../src/storage/storage.ts';
import { startOwnPostgres } from '../test/support/services.ts';
import { associationLine, establishmentLine, unitLine, writeRegister } from './registry-files.ts';

const units = Number(process.argv[2] ?? 150_000);
if (!Number.isSafeInteger(units) || units < 1_000 || units > 1_500_000)
  throw new Error('ROWS must be a number from 1000 to 1500000');
const clock = () => new Date();
const root = join(import.meta.dirname, '..');
const interrupted = new Promise<never>((_resolve, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
});
const postgres = await startOwnPostgres('The preview of a draft');
if (postgres === undefined) throw new Error('needs PostgreSQL');
const folder = await mkdtemp(join(tmpdir(), 'maillon-bench-'));
let importing: ChildProcess | undefined;

async function fill(databaseUrl: string): Promise<void> {
  const plan = [
    { name: 'sirene-units', rows: units, line: unitLine },
    { name: 'sirene-establishments', rows: units, line: establishmentLine },
    { name: 'rna-waldec', rows: Math.round(units / 2), line: associationLine },
  ] as const;
  for (const { name, rows, line } of plan) {
    const importer = everyImporter.find((one) => one.name === name);
    if (importer === undefined) throw new Error(name);
    const path = join(folder, `${name}-${rows}_2026-11-01.csv`);
    await writeRegister(path, importer, rows, line);
    const child = spawn(process.execPath, ['src/main.ts', 'import', name, path], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: databaseUrl, DATA_DIR: folder },
      stdio: 'ignore',
    });
    importing = child;
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
  }
}

/** A draft that opens a service to the associations of two départements beside what it says already. */
function drafted(service: string) {
  const document = demoDocument(service);
  const rules: readonly unknown[] = Array.isArray(document['rules']) ? document['rules'] : [];
  const local = { all: [{ 'org.category': 'association' }, { 'org.department': { in: ['35', '56'] } }] };
  const rule = { id: 'local', if: local, allow: { level: 'guest', entitlements: ['use'] }, basis: 'open' };
  return parsePolicy({ ...document, version: 2, rules: [...rules, rule] });
}

const delays = async (work: () => Promise<unknown>): Promise<string> => {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await work();
  histogram.disable();
  return `${(histogram.percentile(99) / 1e6).toFixed(0)} ms at the 99th percentile, ${(histogram.max / 1e6).toFixed(0)} ms at most`;
};

async function measure(databaseUrl: string): Promise<void> {
  const stores = await openStores({ databaseUrl, dataDir: folder, clock });
  await migrate(stores.db, join(root, 'migrations'));
  await fill(databaseUrl);
  // An organization in fifty has an approval, as many as there are large federations.
  await sql`
    insert into approval (id, siren, service_id, level, ground, reason, starts_on, ends_on, status, decided_by, decided_on,
      origin, updated_at)
    select 'bench-' || siren, siren, 'docs', 'member', 'operator_doctrine', 'bench', '2026-01-01', '2030-12-31', 'active',
      '{}', '2026-01-01', 'configuration', now()
    from organization where siren is not null and right(siren, 3)::int % 50 = 0`.execute(stores.db);
  await sql`analyze`.execute(stores.db);
  const [territories, exceptions] = [loadTerritories(), loadPublicServiceExceptions()];
  process.stdout.write(`event loop while nothing is asked: ${await delays(() => setTimeout(3000))}\n`);
  for (const service of ['docs', 'anct', 'docs', 'anct']) {
    const versions = { before: demoPolicy(service), after: drafted(service) };
    let line = '';
    const waited = await delays(async () => {
      const [cpu, start] = [process.cpuUsage(), performance.now()];
      const preview = await previewPolicy(versions, { db: stores.db, territories, exceptions, now: clock() });
      const { user, system } = process.cpuUsage(cpu);
      const count = totalOf(preview.organizations);
      const scaled = (seconds: number): string => ((seconds * 1_500_000) / count).toFixed(1);
      line = `${service}: ${count} organizations; for 1 500 000: ${scaled((performance.now() - start) / 1000)} s, CPU ${scaled((user + system) / 1e6)} s`;
    });
    process.stdout.write(`${line}; event loop ${waited}\n`);
  }
  await stores.close();
}

try {
  await Promise.race([measure(await postgres.createDatabase()), interrupted]);
} finally {
  importing?.kill();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
