import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('processes that start together end with the same keys', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maillon-keys-'));
  const module = new URL('development.ts', import.meta.url).href;
  const script = `import { loadDevelopmentKeys } from ${JSON.stringify(module)};
    while (Date.now() < Number(process.argv[1])) {}
    console.log(JSON.stringify(loadDevelopmentKeys(process.argv[2])));`;
  const start = String(Date.now() + 1500);
  const node = join(import.meta.dirname, '../../node_modules/node/bin/node');
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(node, ['--input-type=module', '-e', script, start, folder]),
    ),
  );
  expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  expect(readdirSync(folder)).toEqual(['development.json']);
  rmSync(folder, { recursive: true });
});
