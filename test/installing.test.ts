// `npm start` on a bare clone: bin/install.js with an npm that only pretends, in a project of its own.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

let project: string;
let fakeBin: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'maillon-install-'));
  fakeBin = join(project, 'fake-bin');
  path = `${fakeBin}:/usr/bin:/bin`;
  cpSync(join(root, 'bin'), join(project, 'bin'), { recursive: true });
  mkdirSync(join(project, 'src'));
  mkdirSync(fakeBin);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(project, 'src/main.ts'),
    'console.log("ran", process.argv.slice(2).join(" ")); process.exit(Number(process.argv[3] ?? 0));',
  );
  lock('1.0.0');
  // Takes a moment, so that two at once would meet; does what `npm ci` does: everything anew.
  npm(`sleep 0.7; rm -rf node_modules; mkdir -p node_modules/node/bin
ln -s '${process.execPath}' node_modules/node/bin/node; cp package-lock.json node_modules/.package-lock.json`);
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function npm(body: string): void {
  const file = join(fakeBin, 'npm');
  writeFileSync(file, `#!/bin/sh\necho "$@" >> npm-calls\n${body}\n`);
  chmodSync(file, 0o755);
}

function lock(version: string): void {
  const packages = {
    '': {},
    'node_modules/a': { version, integrity: `sha-${version}` },
    'node_modules/b': { version, optional: true },
  };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages }));
}

const calls = (): readonly string[] =>
  existsSync(join(project, 'npm-calls'))
    ? readFileSync(join(project, 'npm-calls'), 'utf8').trim().split('\n')
    : [];

let path: string;
function maillon(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  // Only what a shell has: not the npm that runs these tests.
  const env = { PATH: path };
  const child = spawn(process.execPath, [join(project, 'bin/maillon.js'), ...args], { env, cwd: project });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

describe('a bare clone', () => {
  it('is installed, once, with the pinned Node even in production, then the command runs', async () => {
    const first = await maillon('help');
    expect(first).toMatchObject({ code: 0, out: 'ran help\n' });
    expect(first.err).toContain('Installing the packages of Maillon');
    expect(calls()).toEqual(['ci --no-audit --no-fund --include=dev --loglevel=error']);
    expect(await maillon('help')).toEqual({ code: 0, out: 'ran help\n', err: '' });
    expect(calls()).toHaveLength(1);
  });

  it('is installed again when the lock file says something else', async () => {
    await maillon('help');
    lock('2.0.0');
    await maillon('help');
    await maillon('help');
    expect(calls()).toHaveLength(2);
  });

  it('is installed once by several starts at once', async () => {
    const results = await Promise.all([maillon('a'), maillon('b'), maillon('c')]);
    expect(results.map(({ code, out }) => [code, out])).toEqual([
      [0, 'ran a\n'],
      [0, 'ran b\n'],
      [0, 'ran c\n'],
    ]);
    expect(calls()).toHaveLength(1);
  });

  it('that somebody installed by hand is taken as it is, unless it is older than the lock file', async () => {
    mkdirSync(join(project, 'node_modules/node/bin'), { recursive: true });
    symlinkSync(process.execPath, join(project, 'node_modules/node/bin/node'));
    // npm does not record the optional packages of other platforms.
    const record = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha-1.0.0' } } };
    writeFileSync(join(project, 'node_modules/.package-lock.json'), JSON.stringify(record));
    expect(await maillon('help')).toMatchObject({ code: 0, err: '' });
    expect(calls()).toEqual([]);
    lock('2.0.0');
    await maillon('help');
    expect(calls()).toHaveLength(1);
  });

  it('does not wait for somebody who is gone', async () => {
    mkdirSync(join(project, 'var'));
    writeFileSync(join(project, 'var/.install.lock'), '999999999');
    expect(await maillon('help')).toMatchObject({ code: 0 });
    expect(existsSync(join(project, 'var/.install.lock'))).toBe(false);
  });
});

describe('what goes wrong', () => {
  it('in npm is one sentence and its exit code, and the next start tries again', async () => {
    npm('echo "npm error network" >&2; exit 7');
    const { code, out, err } = await maillon('help');
    expect([code, out]).toEqual([7, '']);
    expect(err).toContain('npm error network');
    expect(err).toContain('maillon: npm ci failed: see above.');
    expect((await maillon('help')).code).toBe(7);
    expect(calls()).toHaveLength(2);
  });

  it('without npm is one sentence', async () => {
    rmSync(join(fakeBin, 'npm'));
    path = fakeBin;
    const { code, err } = await maillon('help');
    expect(code).toBe(1);
    expect(err).toMatch(/maillon: npm cannot be started/);
  });

  it('with install scripts forbidden is one sentence', async () => {
    npm('mkdir -p node_modules');
    expect((await maillon('help')).err).toContain('install scripts must be allowed');
  });

  it('in the command is its own exit code', async () => {
    expect((await maillon('serve', '3')).code).toBe(3);
  });
});
