import { rm } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { type } from './testing/terminal.ts';

const clock = () => new Date('2026-11-22T10:00:00Z');

describe('maillon export approved', () => {
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    env = { DATA_DIR: await newMigratedDataDir() };
    expect((await type(['apply', 'config/demo'], env, { clock })).code).toBe(0);
  }, 60_000);
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('prints CSV by default, JSON when asked: the same organizations', async () => {
    const csv = await type(['export', 'approved'], env, { clock });
    const json = await type(['export', 'approved', '--format', 'json'], env, { clock });
    const rows: unknown = parse(csv.out, { columns: true });
    const published: unknown = JSON.parse(json.out);
    expect(rows).toEqual([
      expect.objectContaining({ siren: '000000109', service_nom: 'Docs', departement: '56' }),
    ]);
    expect(published).toMatchObject({ producteur: 'http://localhost:3000', organisations: rows });
  });

  it('refuses another format', async () => {
    const { code, err } = await type(['export', 'approved', '--format', 'xlsx'], env, { clock });
    expect(code).toBe(2);
    expect(err).toContain('--format must be csv or json, not "xlsx"');
  });
});
