import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { parseSiret, sirenOf } from '../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations, markSeen, openFindings } from '../register/register.ts';
import type { Stores } from '../storage/storage.ts';
import { storesOf, type } from './testing/terminal.ts';

// One story, told in order: a name that changes, is seen in the console, and changes again.
describe('maillon registry check', { timeout: 120_000 }, () => {
  let env: Readonly<Record<string, string>>;
  const siret = parseSiret('00000010900009');
  if (siret === undefined) throw new Error('samples');
  const siren = sirenOf(siret);
  const clock = () => new Date('2026-11-22T10:00:00Z');
  const check = async (...flags: string[]) =>
    (await type(['registry', 'check', ...flags], env, { clock })).out;
  const events = async () =>
    (await check('--json'))
      .split('\n')
      .map((line) => z.object({ event: z.string() }).parse(JSON.parse(line)).event);

  async function meanwhile(work: (stores: Stores) => Promise<unknown>): Promise<void> {
    const stores = await storesOf(env, clock);
    await work(stores);
    await stores.close();
  }
  const named = (name: string, day: string) =>
    meanwhile(({ db }) =>
      applyOrganizations(db, [{ siren, facts: { name, legalCategory: '9220', unitState: 'A' } }], {
        source: 'sirene',
        asOf: day,
        now: new Date(`${day}T12:00:00Z`),
      }),
    );

  beforeAll(async () => {
    env = await newMigratedSettings();
    await named('A', '2026-01-01');
    await named('B', '2026-11-01');
    await meanwhile(({ db }) =>
      db
        .insertInto('approval')
        .values({
          id: 'amd-docs',
          siren,
          service_id: 'docs',
          level: 'member',
          ground: 'members_all_public_law',
          reason: 'x',
          starts_on: '2026-02-01',
          ends_on: '2028-12-31',
          status: 'active',
          decided_by: '{}',
          decided_on: '2026-01-15',
          origin: 'configuration',
          updated_at: clock(),
        })
        .execute(),
    );
  });
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('says what is new, and what is still open', async () => {
    const out = await check();
    expect(out).toMatch(/^APPROVAL +ORGANIZATION +SERVICE +REVIEW BECAUSE +SINCE +SEEN +DETAIL$/mu);
    expect(out).toMatch(/^amd-docs +000000109 +docs +renamed +2026-11-22 +no +A → B$/mu);
    expect(out).toContain('Findings: 1, 1 of them new, 0 seen in the console.');
    expect(await events()).toEqual(['review_still_open']);
  });

  it('says what operators have seen, and goes on saying it', async () => {
    await meanwhile(async ({ db }) => markSeen(db, await openFindings(db, ['amd-docs'])));
    const out = await check();
    expect(out).toMatch(/^amd-docs +000000109 +docs +renamed +2026-11-22 +yes +A → B$/mu);
    expect(out).toContain('Findings: 1, 0 of them new, 1 seen in the console.');
    expect(await events()).toEqual(['review_seen']);
  });

  it('says as new what was seen and is something else now', async () => {
    await named('C', '2026-11-20');
    expect(await events()).toEqual(['review_opened']);
    expect(await check()).toContain('Findings: 1, 0 of them new, 0 seen in the console.');
  });

  it('gives organizations the commune of their head office, where an interrupted import left it out', async () => {
    const commune = ({ db }: Stores) =>
      db.selectFrom('organization').select('commune_code').where('siren', '=', siren).executeTakeFirst();
    await meanwhile(async (stores) => {
      const { db } = stores;
      const { id } = await db
        .insertInto('register_import')
        .values({
          source: 'sirene-establishments',
          file_name: 'StockEtablissement_2026-11-01.csv',
          file_sha256: 'a'.repeat(64),
          source_date: '2026-11-01',
          state: 'running',
          position: 1_000,
          started_at: clock(),
          updated_at: clock(),
          finished_at: null,
          undone_at: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await applyEstablishments(db, [{ siret, state: 'A', headOffice: true, communeCode: '56260' }], {
        source: 'sirene',
        asOf: '2026-11-01',
        now: clock(),
        importId: id,
      });
      await db
        .updateTable('organization')
        .set({ commune_code: '56121' })
        .where('siren', '=', siren)
        .execute();
    });
    await check();
    await meanwhile(async (stores) => {
      expect(await commune(stores)).toEqual({ commune_code: '56260' });
    });
  });
});
