#!/usr/bin/env node
/** `maillon COMMAND`: installs if needed, then runs src/main.ts on the pinned Node. */
import { join } from 'node:path';
import { ensureInstalled, root } from './install.js';
import { runPinned } from './run-pinned.js';

ensureInstalled();
// Young objects die young here: a small nursery spares about 70 MB of the process.
runPinned(['--max-semi-space-size=8', join(root, 'src', 'main.ts'), ...process.argv.slice(2)]);
