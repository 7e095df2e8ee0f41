#!/usr/bin/env node
/**
 * `npm run test:faults -- NAME`: installs if needed, then runs test/faults/NAME*.test.ts alone, measured for longer and
 * held to the figures that are promised. Without a name: all of them.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.js';
import { runPinned } from './run-pinned.js';

const [name = ''] = process.argv.slice(2).filter((argument) => argument !== '--');
const folder = join('test', 'faults');
const files = readdirSync(join(root, folder)).filter(
  (file) => file.startsWith(name) && file.endsWith('.test.ts'),
);

if (files.length === 0) {
  process.stderr.write(`No fault run begins with ${name}. See ${folder}/.\n`);
  process.exit(2);
}
ensureInstalled();
process.env.FAULTS_STRICT = 'true';
runPinned(
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--no-file-parallelism',
    ...files.map((file) => `${folder}/${file}`),
  ],
  { cwd: root },
);
