import { rm } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
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
    const [row, ...others] = z
      .array(z.record(z.string(), z.string()))
      .parse(parse(csv.out, { columns: true }));
    const { licence, date_export: day, ...organization } = row ?? {};
    expect([others, licence?.slice(0, 19), day]).toEqual([[], 'Licence Ouverte 2.0', '2026-11-22']);
    expect(organization).toMatchObject({ siren: '000000109', service_nom: 'Docs', departement: '56' });
    const published: unknown = JSON.parse(json.out);
    expect(published).toMatchObject({ producteur: 'http://localhost:3000', organisations: [organization] });
  });

  it('refuses another format', async () => {
    const { code, err } = await type(['export', 'approved', '--format', 'xlsx'], env, { clock });
    expect(code).toBe(2);
    expect(err).toContain('--format must be csv or json, not "xlsx"');
  });
});
