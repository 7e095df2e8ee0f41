#!/usr/bin/env node
/**
 * `npm test`: installs if needed, then types, rules, format and every suite that this machine can serve; says at the end
 * which ones it could not, and why. With CI=true a suite that is left out is a failure.
 * Arguments go to vitest: `npm test -- src/config` runs only those tests, after the same checks.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, pinnedNode, root } from './install.js';
import { machine } from './machine.js';

ensureInstalled();

const tool = (...path) => join(root, 'node_modules', ...path);
const checks = [
  // The types of the whole program, and the trees of a file after the other: more than small machines grant unasked.
  ['Types and rules', '--max-old-space-size=4096', join(root, 'bin', 'types-and-rules.js')],
  ['Format', tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
];
const tests = ['Tests', tool('vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)];

const chromium = machine().find(({ name }) => name === 'Chromium')?.file;
const env = chromium === undefined ? process.env : { CHROMIUM: chromium, ...process.env };

/** Resolves with whether it passed, and with what it said when that was not shown at once. */
const run = ([name, ...command], stdio) =>
  new Promise((resolve) => {
    const child = spawn(pinnedNode, command, { cwd: root, env, stdio });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text));
    // Signals: the terminal gives Ctrl-C to the whole group; ours waits for the children to end.
    child.on('close', (status, signal) => resolve({ name, ok: status === 0, signal, said }));
  });
process.on('SIGINT', () => undefined);

/** One after the other, while the tests run: they wait for servers and clocks more than for a processor. */
const checked = (async () => {
  const results = [];
  for (const check of checks) results.push(await run(check, ['ignore', 'pipe', 'pipe']));
  return results;
})();
process.stdout.write('\n── Tests (types, rules and format are checked beside them) ──\n');
const results = [await run(tests, 'inherit'), ...(await checked)];
if (results.some(({ signal }) => signal === 'SIGINT' || signal === 'SIGTERM')) process.exit(130);
for (const { name, said } of results.slice(1)) process.stdout.write(`\n── ${name} ──\n${said}`);
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);

const missing = machine().filter(({ file }) => file === undefined);
const inCi = process.env.CI === 'true';
process.stdout.write('\n── Summary ──\n');
for (const { name, suites, why } of missing) {
  process.stdout.write(`${inCi ? 'Failed' : 'Left out'}: ${suites} (${name}): ${why}.\n`);
}
if (missing.length === 0)
  process.stdout.write(
    'Nothing was left out: Redis, PostgreSQL, Chromium, Apache and LemonLDAP::NG were there.\n',
  );
for (const name of failed) process.stdout.write(`Failed: ${name}.\n`);
const ok = failed.length === 0 && (missing.length === 0 || !inCi);
process.stdout.write(ok ? 'All passed.\n' : 'Not passed.\n');
process.exit(ok ? 0 : 1);
