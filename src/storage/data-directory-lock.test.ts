import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataDirectory } from './data-directory-lock.ts';

describe('the lock of a data directory', () => {
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'maillon-lock-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(directory, { recursive: true });
  });

  /** A process that locks the directory, says what came of it, and stays. */
  async function otherProcess(): Promise<{ child: ChildProcess; said: string }> {
    const module = JSON.stringify(join(import.meta.dirname, 'data-directory-lock.ts'));
    const script = `
      const { lockDataDirectory } = await import(${module});
      await lockDataDirectory(${JSON.stringify(directory)}).then(() => console.log('held'), (error) => console.log(error.detail));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [said] = (await once(child.stdout, 'data')).map(String);
    return { child, said: said?.trim() ?? '' };
  }

  const refused = (pid: number) =>
    expect(lockDataDirectory(directory)).rejects.toMatchObject({
      code: 'M-STOR-001',
      message: `M-STOR-001: the data directory ${directory} is in use (pid ${pid}): stop it, or set DATABASE_URL to share a database`,
    });

  test('is held by one opening at a time, and free again after it', async () => {
    const release = await lockDataDirectory(directory);
    await refused(process.pid);
    expect((await otherProcess()).said).toContain(`in use (pid ${process.pid})`);
    await release();
    expect(await readdir(directory)).toEqual([]);
    await (
      await lockDataDirectory(directory)
    )();
  });

  test('is refused while another process lives, taken over once it is gone', async () => {
    const { child, said } = await otherProcess();
    expect(said).toBe('held');
    await refused(child.pid ?? 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const release = await lockDataDirectory(directory);
    expect(JSON.parse(await readFile(join(directory, 'pglite.lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await release();
  });

  test('is taken over from a process of the same number that began at another time (a container started again)', async () => {
    await writeFile(
      join(directory, 'pglite.lock'),
      JSON.stringify({ pid: process.ppid, started: 'long ago' }),
    );
    await (
      await lockDataDirectory(directory)
    )();
  });

  test('is taken over when it is unreadable', async () => {
    await writeFile(join(directory, 'pglite.lock'), 'not a lock');
    await (
      await lockDataDirectory(directory)
    )();
  });

  test('left by a dead process goes to one of several that come at once', async () => {
    await writeFile(join(directory, 'pglite.lock'), JSON.stringify({ pid: 999_999_999, started: '' }));
    const all = await Promise.all(Array.from({ length: 4 }, otherProcess));
    expect(all.filter(({ said }) => said === 'held')).toHaveLength(1);
    expect(all.filter(({ said }) => said.includes('in use'))).toHaveLength(3);
  });
});
