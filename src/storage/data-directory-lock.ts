import { link, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';

const holderSchema = z.object({ pid: z.number().int().positive(), started: z.string() });
type Holder = z.output<typeof holderSchema>;

/** Locks of this very process: its pid alone does not tell a second opening from a lock left by a former container. */
const held = new Set<string>();

/**
 * Takes the lock of a PGlite directory: PGlite takes none itself, and two processes in one directory destroy it. A lock
 * whose process is gone is taken over.
 *
 * @returns releases the lock
 * @throws BrokerError M-STOR-001 when a living process holds it
 */
export async function lockDataDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'pglite.lock');
  const draft = join(directory, `pglite.lock.${process.pid}`);
  if (held.has(path)) throw inUse(directory, process.pid);
  held.add(path);
  try {
    await writeFile(draft, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
    if (!(await claim(draft, path))) await takeOver(directory, draft, path);
  } catch (error) {
    held.delete(path);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    await rm(path, { force: true });
    held.delete(path);
  };
}

/** A link appears with its content or not at all, and never over another one. */
async function claim(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** One process at a time removes a dead lock: else the second would remove the fresh lock of the first. */
async function takeOver(directory: string, draft: string, path: string): Promise<void> {
  const gate = `${path}.recovery`;
  if ((await ageOf(gate)) > 10_000) await rm(gate, { force: true });
  const handle = await open(gate, 'wx').catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw inUse(directory, undefined);
    throw error;
  });
  try {
    const holder = await readHolder(path);
    if (holder !== undefined && isAlive(holder)) throw inUse(directory, holder.pid);
    await rm(path, { force: true });
    if (!(await claim(draft, path))) throw inUse(directory, undefined);
  } finally {
    await handle.close();
    await rm(gate, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  // A pid is used again, always the same ones in containers: the same number is another process if it began at another time.
  if (holder.started !== startOf(holder.pid)) return false;
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** When a process began, in ticks since boot (proc(5), field 22); empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  );
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const inUse = (directory: string, pid: number | undefined): BrokerError =>
  new BrokerError('M-STOR-001', {
    detail: `the data directory ${directory} is in use${pid === undefined ? '' : ` (pid ${pid})`}: stop it, or set DATABASE_URL to share a database`,
  });
