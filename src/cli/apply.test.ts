import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir } from '../../test/support/services.ts';
import { type } from './testing/terminal.ts';

// One story, told in order: a database that is made, filled, looked at, changed and left alone.
let dataDir: string;
let folder: string;
beforeAll(async () => {
  dataDir = await newDataDir();
  folder = join(dataDir, 'declarations');
  mkdirSync(folder);
  declare('https://docs.test/');
}, 180_000);
afterAll(() => {
  rmSync(dataDir, { recursive: true });
});

const declare = (url: string): void => {
  const both = (text: string) => ({ fr: text, en: text });
  const team = { name: both('Team'), contact: 'mailto:team@docs.test' };
  const service = {
    id: 'docs',
    name: both('Docs'),
    description: both('D'),
    url,
    audience: both('A'),
    decided_by: team,
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'services.yaml'), JSON.stringify({ services: [service] }));
};
const maillon = (...argv: string[]) => type(argv, { DATA_DIR: dataDir });

describe('migrate and apply', { timeout: 180_000 }, () => {
  it('without tables, say so', async () => {
    expect(await maillon('apply', folder)).toMatchObject({
      code: 1,
      err: 'maillon: the database has no tables yet. Run `maillon migrate` first.',
    });
  });

  it('migrate makes them, and the second time has nothing to do', async () => {
    const first = await maillon('migrate');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^applied 0001_\S+\.sql/);
    expect(await maillon('migrate')).toMatchObject({
      code: 0,
      out: 'Nothing to do: every migration is applied.',
    });
  });

  it('a dry run shows the diff and changes nothing', async () => {
    const expected =
      '+ service docs\n1 added, 0 changed, 0 removed, 0 unchanged.\nDry run: nothing was applied.';
    expect(await maillon('apply', '--dry-run', folder)).toMatchObject({ code: 0, out: expected });
    expect(await maillon('apply', folder, '--dry-run')).toMatchObject({ code: 0, out: expected });
  });

  it('apply does it, and the second time has nothing to do', async () => {
    const first = await maillon('apply', folder);
    expect([first.code, first.out]).toEqual([
      0,
      '+ service docs\n1 added, 0 changed, 0 removed, 0 unchanged.',
    ]);
    const second = await maillon('apply', folder);
    expect([second.code, second.out]).toEqual([
      0,
      'Nothing to do: 0 added, 0 changed, 0 removed, 1 unchanged.',
    ]);
  });

  it('apply shows what changed', async () => {
    declare('https://new.test/');
    expect((await maillon('apply', folder)).out).toBe(
      '~ service docs\n    url: "https://docs.test/" → "https://new.test/"\n0 added, 1 changed, 0 removed, 0 unchanged.',
    );
  });

  it('apply refuses as a whole: file, line, reason', async () => {
    declare('javascript:alert(1)');
    const { code, out, err } = await maillon('apply', folder);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(
      `${join(folder, 'services.yaml')}:1: service "docs": "url" must be an https: address`,
    );
    declare('https://new.test/');
    expect((await maillon('apply', folder)).out).toMatch(/^Nothing to do/);
  });

  it('finds the folder from where the person stands', async () => {
    const { out } = await type(['apply', 'declarations'], { DATA_DIR: dataDir }, { cwd: dataDir });
    expect(out).toMatch(/^Nothing to do/);
  });
});
