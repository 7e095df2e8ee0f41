/**
 * Throwaway servers for tests: each on a free loopback port, in a directory of its own, ended by its pid. A machine
 * without the server gets one line that says which suite did not run, and why; with CI=true that is a failure.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, cpSync, existsSync } from 'node:fs';
import { access, appendFile, chown, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { createDatabaseAt, databaseAt, query, sharedPostgresVariable } from './databases.ts';

const run = promisify(execFile);

export interface RedisService {
  /** `redis://127.0.0.1:port`; append `/1`, `/2`… for other databases. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface PostgresService {
  /** A new, empty database; the answer is its URL, with a password that nobody checks. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** @param suite what the line says when there is no redis-server on this machine */
export async function startRedis(suite: string): Promise<RedisService | undefined> {
  const binary = await firstExecutable(['/usr/bin/redis-server', ...onPath('redis-server')]);
  if (binary === undefined) {
    missing(suite, 'redis-server', 'redis-server');
    return;
  }
  const directory = await mkdtemp(join(tmpdir(), 'maillon-redis-'));
  const port = await freePort();
  const options = {
    port,
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
  };
  const server = spawn(
    binary,
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    {
      stdio: 'ignore',
    },
  );
  const pid = await ready(server, port, 'redis-server');
  return { url: `redis://127.0.0.1:${port}`, pid, stop: () => end(server, directory, 'SIGTERM') };
}

/**
 * The PostgreSQL that all files of a run share, or one for this file where none is shared. For a test that ends its
 * server, or looks at all that happens there: `startOwnPostgres`.
 *
 * @param suite what the line says when there is no PostgreSQL on this machine
 */
export async function startPostgres(suite: string): Promise<PostgresService | undefined> {
  const server = process.env[sharedPostgresVariable];
  if (server === undefined || server === '') return startOwnPostgres(suite);
  return { createDatabase: () => createDatabaseAt(server), stop: async () => undefined };
}

export interface OwnPostgres extends PostgresService {
  /** `127.0.0.1:port` */
  readonly server: string;
  readonly pid: number;
}

/** @param durable settings of a bench that has to count what a real server does; tests do without */
export async function startOwnPostgres(
  suite: string | undefined,
  durable: Readonly<Record<string, string>> = {},
): Promise<OwnPostgres | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((each) => `/usr/lib/postgresql/${each}/bin`);
  const initdb = await firstExecutable([
    ...folders.map((folder) => join(folder, 'initdb')),
    ...onPath('initdb'),
  ]);
  if (initdb === undefined) {
    if (suite !== undefined) missing(suite, 'PostgreSQL (initdb)', 'postgresql');
    return;
  }
  const directory = await mkdtemp(join(tmpdir(), 'maillon-postgres-'));
  // PostgreSQL refuses to run as root: its own user does then.
  const owner = process.getuid?.() === 0 ? await userIds('postgres') : undefined;
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid);
  const port = await freePort();
  const data = join(directory, 'data');
  await run(
    initdb,
    [
      '-D',
      data,
      '-U',
      'maillon',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...owner, cwd: directory },
  );
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 200,
    shared_buffers: '32MB',
    ...durable,
  };
  const server = spawn(
    join(initdb, '..', 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner, cwd: directory, stdio: 'ignore' },
  );
  const pid = await ready(server, port, 'postgres');
  const at = `127.0.0.1:${port}`;
  await retry(() => query(databaseAt(at, 'postgres'), 'select 1'));
  return {
    server: at,
    pid,
    createDatabase: () => createDatabaseAt(at),
    // SIGINT is the fast shutdown of postgres(1): open connections are closed.
    stop: () => end(server, directory, 'SIGINT'),
  };
}

/**
 * A new data directory whose embedded database is already initialized, which takes seconds of work otherwise. Delete it
 * afterwards.
 */
export const newDataDir = (): Promise<string> => copyOfPrepared('initialized', async () => undefined);

/**
 * A copy of a data directory that whoever comes first prepares, and leaves in node_modules/.cache for all later tests.
 *
 * @param name of what `prepare` does: another name as soon as it does anything else
 */
export async function copyOfPrepared(
  name: string,
  prepare: (dataDir: string) => Promise<void>,
): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(pgliteManifest, 'utf8')));
  const prepared = join(cache, `maillon-pglite-${version}-${name}`);
  if (!existsSync(prepared)) {
    await mkdir(cache, { recursive: true });
    const draft = await mkdtemp(`${prepared}-`);
    try {
      await initialize(join(draft, 'pglite'));
      await prepare(draft);
      // Whoever comes second finds the directory there, and keeps the first one.
      await rename(draft, prepared).catch((error: unknown) => {
        if (!existsSync(prepared)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'maillon-data-'));
  // The asynchronous one takes ten times as long for hundreds of files.
  cpSync(prepared, dataDir, { recursive: true });
  return dataDir;
}

/** Small, because each world copies and opens it: no database to make others from, 8 MB of memory instead of 128. */
async function initialize(folder: string): Promise<void> {
  const database = await PGlite.create(folder);
  await database.exec('update pg_database set datistemplate = false');
  await database.exec('drop database template0');
  await database.exec('drop database template1');
  await database.close();
  await appendFile(join(folder, 'postgresql.conf'), 'shared_buffers = 8MB\n');
}

const modules = join(import.meta.dirname, '../../node_modules');
const cache = join(modules, '.cache');
const pgliteManifest = join(modules, '@electric-sql/pglite/package.json');

/**
 * A loopback port that nothing listens on at this moment. Outside of the range from which the kernel draws the ports of
 * outgoing connections (32768 and up on Linux), and by worker: nobody takes it before whoever asked does.
 */
export async function freePort(): Promise<number> {
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % 4;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    nextPort = (nextPort + 1) % portsEach;
    const port = 10_000 + worker * portsEach + nextPort;
    if (await bindable(port)) return port;
  }
  throw new Error('no port');
}

const portsEach = 5_000;
let nextPort = Math.floor(Math.random() * portsEach);

async function bindable(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return free;
}

export function missing(suite: string, what: string, debianPackage: string): undefined {
  const line = `${suite}: not run, this machine has no ${what} (Debian package ${debianPackage}).`;
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stdout.write(`${line}\n`);
  return undefined;
}

export const onPath = (name: string): string[] =>
  (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));

export async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

async function userIds(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
  );
  if (uid === undefined || gid === undefined) throw new Error(`no user ${name}`);
  return { uid, gid };
}

export async function ready(server: ChildProcess, port: number, name: string): Promise<number> {
  // Whatever ends this process ends the server too.
  const kill = () => void server.kill('SIGKILL');
  process.once('exit', kill);
  server.once('exit', () => process.removeListener('exit', kill));
  const failed = new Promise<never>((_, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`${name} ended at once (exit code ${String(code)})`)));
  });
  await Promise.race([retry(() => accepts(port)), failed]);
  if (server.pid === undefined) throw new Error(`${name} has no pid`);
  return server.pid;
}

async function accepts(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

async function retry(attempt: () => Promise<unknown>): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export async function end(server: ChildProcess, directory: string, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    const timer = setTimeout(() => void server.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  }
  await rm(directory, { recursive: true, force: true });
}
