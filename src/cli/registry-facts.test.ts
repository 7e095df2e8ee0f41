import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { parseRna, parseSiret, sirenOf } from '../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations } from '../register/register.ts';
import { storesOf, type } from './testing/terminal.ts';

// One story, told in order: an organization that is shown, corrected, and no longer corrected.
describe('maillon registry show and correct', { timeout: 120_000 }, () => {
  let env: Readonly<Record<string, string>>;
  const now = new Date('2026-11-22T10:00:00Z');
  const maillon = (...argv: string[]) => type(argv, env, { clock: () => now });
  const decided = ['--reason', 'The decree says so', '--author', 'Ada Martin, Head of unit, DINUM'];

  beforeAll(async () => {
    env = await newMigratedSettings();
    const stores = await storesOf(env, () => now);
    const [siret, rna] = [parseSiret('00000010900009'), parseRna('W561000001')];
    const other = parseSiret('21440109300015');
    if (siret === undefined || rna === undefined || other === undefined) throw new Error('samples');
    const sirene = { source: 'sirene', asOf: '2026-11-01', now, importId: 7 } as const;
    const facts = { name: 'AMD', legalCategory: '9220', rna } as const;
    await applyOrganizations(stores.db, [{ siren: sirenOf(siret), facts }], sirene);
    await applyEstablishments(
      stores.db,
      [{ siret, state: 'A', headOffice: true, communeCode: '56260' }],
      sirene,
    );
    await sql`
      insert into register_import (id, source, file_name, file_sha256, source_date, state, started_at, updated_at)
      overriding system value
      values (7, 'sirene-units', 'stock.csv', ${'0'.repeat(64)}, '2026-11-01', 'finished',
        '2026-11-22T09:00:00Z', '2026-11-22T09:00:00Z')`.execute(stores.db);
    const hospital = { siren: sirenOf(other), facts: { name: 'CHU', legalCategory: '7364' } } as const;
    await applyOrganizations(stores.db, [hospital], sirene);
    await stores.db
      .updateTable('organization')
      .set({ qualifications: '[{"id":"france-services","startsOn":"2026-01-01"}]' })
      .where('siren', '=', sirenOf(other))
      .execute();
    await stores.close();
  });
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('shows each fact with its source, by any number', async () => {
    for (const asked of ['000000109', '000 000 109 00009', 'W561000001']) {
      const { code, out } = await maillon('registry', 'show', asked);
      expect(code).toBe(0);
      expect(out).toMatch(/^legalCategory +9220 +sirene +2026-11-01 +import 7$/m);
      expect(out).toMatch(/^00000010900009 +A +yes +56260 +sirene +2026-11-01$/m);
      expect(out).toMatch(/^Type: declared association \(association\.declared\)$/m);
      expect(out).toMatch(/^Public service: no$/m);
      expect(out).toMatch(/^CHANGED +OF +BY +WHAT THIS SOURCE SAYS$/m);
      expect(out).toMatch(
        /^2026-11-22T09:00:00\.000Z +000000109 +sirene-units, import 7 +came into the register, with stock\.csv$/m,
      );
      expect(out).toMatch(/^2026-11-22T09:00:00\.000Z +00000010900009 +sirene-units, import 7 +came into /m);
      expect(out).toContain('Nothing has changed since it came.');
    }
    expect(await maillon('registry', 'show', '130025265')).toEqual({
      code: 1,
      out: '',
      err: 'maillon: The register holds no such organization. Nothing that was imported or declared names 130025265. (M-REGI-002)',
    });
    expect((await maillon('registry', 'show', '130025266')).err).toContain(
      '"130025266" is no SIREN, SIRET or RNA number',
    );
  });

  it('says in words what an organization is: its type, its public service, its qualifications', async () => {
    const { out } = await maillon('registry', 'show', '214401093');
    expect(out).toMatch(/^Type: public hospital \(health\.public_hospital\)$/m);
    expect(out).toMatch(
      /^Public service: yes, administrative public service, public hospital; its legal category says so$/m,
    );
    expect(out).toMatch(/^Qualified by an operator as france-services, from 2026-01-01 on$/m);
  });

  it('corrects a fact that no right follows from, shows who and why, and ends the correction', async () => {
    const corrected = await maillon(
      'registry',
      'correct',
      '000000109',
      'name',
      'AMD du Morbihan',
      ...decided,
    );
    expect(corrected).toMatchObject({ code: 0, err: '' });
    const { out } = await maillon('registry', 'show', '000000109');
    expect(out).toMatch(
      /^name +AMD du Morbihan +operator .*corrected by Ada Martin, Head of unit, DINUM: The decree/m,
    );
    expect(out).toMatch(
      /operator +name: \(nothing\) → AMD du Morbihan +Ada Martin, Head of unit, DINUM: The decree/,
    );
    const ended = await maillon('registry', 'end-correction', '000000109', 'name', ...decided);
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect((await maillon('registry', 'show', '000000109')).out).toMatch(/^name +AMD +sirene/m);
  });

  it('never makes an exception alone: a fact that rights follow from waits for a second person', async () => {
    const proposed = await maillon(
      'registry',
      'correct',
      '000000109',
      'public-service',
      'public',
      ...decided,
    );
    expect(proposed).toMatchObject({ code: 0, err: '' });
    expect(proposed.out).toContain('Nothing has changed yet');
    expect(proposed.out).toContain('Nobody may confirm it today');
    expect((await maillon('registry', 'show', '000000109')).out).not.toContain('publicService');
    const again = await maillon('registry', 'correct', '000000109', 'public-service', 'state', ...decided);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('M-REGI-006');
  });

  it.each([
    ['a fact that nobody corrects', ['siren', '130025265', ...decided], 2, 'cannot be corrected'],
    ['a value that is none', ['legal-category', '9999', ...decided], 1, 'is not a legal category of INSEE'],
    [
      'a type that is none',
      ['type', 'commune', ...decided],
      1,
      'type: is not a type of organization; the types are',
    ],
    ['a state that is none', ['unit-state', 'closed', ...decided], 1, 'is neither A (active) nor C (ceased)'],
    ['inhabitants that are none', ['population', 'many', ...decided], 1, 'is not a number of inhabitants'],
    [
      'a facet that is none',
      ['public-service', 'city', ...decided],
      1,
      'is not public, none, or some of state,',
    ],
    ['no reason', ['name', 'A', '--author', 'Ada Martin, Head, DINUM'], 2, '--reason'],
    ['no capacity', ['name', 'A', '--reason', 'r', '--author', 'Ada Martin'], 2, '--author'],
  ])('refuses %s', async (_what, given, code, message) => {
    const refused = await maillon('registry', 'correct', '000000109', ...given);
    expect(refused).toMatchObject({ code, out: '' });
    expect(refused.err).toContain(message);
  });

  it('says why the word of an import that was undone is still there', async () => {
    const stores = await storesOf(env, () => now);
    await stores.db.updateTable('register_import').set({ state: 'undone' }).execute();
    await stores.close();
    expect((await maillon('registry', 'show', '000000109')).out).toMatch(
      /^legalCategory +9220 +sirene +2026-11-01 +import 7, undone: kept because establishments are there$/m,
    );
    expect((await maillon('registry', 'show', '214401093')).out).toMatch(
      /^legalCategory +7364 +sirene +2026-11-01 +import 7, undone: kept because an operator decided something of it$/m,
    );
  });
});
