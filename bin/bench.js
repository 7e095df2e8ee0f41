#!/usr/bin/env node
/** `npm run bench -- NAME`: installs if needed, then runs bench/NAME.ts on the pinned Node. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.js';
import { runPinned } from './run-pinned.js';

const [name = '', ...rest] = process.argv.slice(2).filter((argument) => argument !== '--');
const file = join(root, 'bench', `${name}.ts`);

if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(join(root, 'bench'))
    .filter((entry) => entry.endsWith('.ts') && !entry.endsWith('.test.ts'))
    .map((entry) => entry.slice(0, -'.ts'.length));
  process.stderr.write(`Usage: npm run bench -- NAME, where NAME is one of: ${names.join(', ')}\n`);
  process.exit(2);
}
ensureInstalled();
runPinned(['--expose-gc', file, ...rest], { cwd: root });
