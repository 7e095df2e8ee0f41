#!/usr/bin/env node
/** `maillon COMMAND`: installs if needed, then runs src/main.ts on the pinned Node. */
import { join } from 'node:path';
import { ensureInstalled, root } from './install.js';
import { runPinned } from './run-pinned.js';

ensureInstalled();
runPinned([join(root, 'src', 'main.ts'), ...process.argv.slice(2)]);
