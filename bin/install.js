/**
 * Plain JavaScript for whatever Node the host has (20 or newer), without any package: it runs before they are there.
 *
 * What is installed is what package-lock.json says: the hash of the lock file is kept beside the packages, and another
 * hash means another `npm ci`. Two starts at once take turns.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const modules = join(root, 'node_modules');
const stamp = join(modules, '.maillon-lock-hash');
const turn = join(root, 'var', '.install.lock');

/** The pinned Node, which every part of Maillon runs on. */
export const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Installs what the lock file says, if it is not there yet. Ends the process with one sentence when it cannot. */
export function ensureInstalled() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`Node ${process.versions.node} is too old to install Maillon: 20 or newer is needed.`);
  if (isInstalled()) return;
  takeTurn();
  try {
    // Another process may have installed while this one waited.
    if (!isInstalled()) install();
  } finally {
    rmSync(turn, { force: true });
  }
}

function isInstalled() {
  if (!existsSync(pinnedNode)) return false;
  if (readText(stamp) === lockHash()) return true;
  if (!installedByHand()) return false;
  writeFileSync(stamp, lockHash());
  return true;
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** Somebody ran `npm ci` or `npm install`: npm's own record then has every version and integrity of the lock file. */
function installedByHand() {
  const record = readText(join(modules, '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined
      ? optional === true
      : found.version === version && found.integrity === integrity;
  });
}

function install() {
  process.stderr.write('Installing the packages of Maillon (once; a minute or so)…\n');
  // npm started us: use that very npm. --include=dev: the pinned Node is among them, even with NODE_ENV=production.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (error) fail(`npm cannot be started: ${error.message}.`);
  if (status !== 0) fail('npm ci failed: see above. Is the package registry within reach?', status ?? 1);
  if (!existsSync(pinnedNode)) {
    fail(
      'npm installed no Node for this machine: install scripts must be allowed (npm config get ignore-scripts).',
    );
  }
  writeFileSync(stamp, lockHash());
}

/** Waits for the one who is installing, unless they are gone. */
function takeTurn() {
  mkdirSync(join(root, 'var'), { recursive: true });
  for (let waited = 0; ; waited += 1) {
    try {
      const file = openSync(turn, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned()) rmSync(turn, { force: true });
    else if (waited === 0)
      process.stderr.write('Another process is installing the packages: waiting for it…\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
}

function isAbandoned() {
  try {
    const pid = Number(readFileSync(turn, 'utf8'));
    if (pid === 0) return Date.now() - statSync(turn).mtimeMs > 5000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function fail(sentence, code = 1) {
  rmSync(turn, { force: true });
  process.stderr.write(`maillon: ${sentence}\n`);
  process.exit(code);
}
