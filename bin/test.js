#!/usr/bin/env node
/**
 * `npm test`: installs if needed, then types, rules, format and every suite that this machine can serve; says at the end
 * which ones it could not, and why. With CI=true a suite that is left out is a failure.
 * Arguments go to vitest: `npm test -- src/config` runs only those tests, after the same checks.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, pinnedNode, root } from './install.js';
import { machine } from './machine.js';

ensureInstalled();

const tool = (...path) => join(root, 'node_modules', ...path);
const steps = [
  ['Types', tool('typescript', 'bin', 'tsc')],
  ['Rules', tool('eslint', 'bin', 'eslint.js'), '.'],
  ['Format', tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['Tests', tool('vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)],
];

const chromium = machine().find(({ name }) => name === 'Chromium')?.file;
const env = chromium === undefined ? process.env : { CHROMIUM: chromium, ...process.env };
const failed = [];
for (const [name, ...command] of steps) {
  process.stdout.write(`\n── ${name} ──\n`);
  // Signals: the terminal gives Ctrl-C to the whole group, and spawnSync waits for the child to end.
  const { status, signal } = spawnSync(pinnedNode, command, { cwd: root, env, stdio: 'inherit' });
  if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
  if (status !== 0) failed.push(name);
}

const missing = machine().filter(({ file }) => file === undefined);
const inCi = process.env.CI === 'true';
process.stdout.write('\n── Summary ──\n');
for (const { name, suites, why } of missing) {
  process.stdout.write(`${inCi ? 'Failed' : 'Left out'}: ${suites} (${name}): ${why}.\n`);
}
if (missing.length === 0)
  process.stdout.write('Nothing was left out: Redis, PostgreSQL, Chromium and Apache were there.\n');
for (const name of failed) process.stdout.write(`Failed: ${name}.\n`);
const ok = failed.length === 0 && (missing.length === 0 || !inCi);
process.stdout.write(ok ? 'All passed.\n' : 'Not passed.\n');
process.exit(ok ? 0 : 1);
