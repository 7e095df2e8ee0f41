import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { isCommuneCode, parseRna, parseSiret, sirenOf } from '../organizations/organizations.ts';
import type { StatedFacts } from '../organizations/organizations.ts';
import { applyOrganizations } from '../register/register.ts';
import { storesOf, type } from './testing/terminal.ts';

describe('maillon registry search', { timeout: 120_000 }, () => {
  let env: Readonly<Record<string, string>>;
  const now = new Date('2026-11-22T10:00:00Z');
  const search = (...argv: string[]) => type(['registry', 'search', ...argv], env, { clock: () => now });

  beforeAll(async () => {
    env = await newMigratedSettings();
    const stores = await storesOf(env, () => now);
    const siret = parseSiret('00000010900009');
    if (siret === undefined) throw new Error('sample');
    const [siren, rna] = [sirenOf(siret), parseRna('W561000001')];
    const applying = { asOf: '2026-11-01', now } as const;
    const fetes = (number: string, commune: string, said: StatedFacts) => ({
      rna: parseRna(number),
      facts: { name: 'Comité des fêtes', ...(isCommuneCode(commune) && { commune }), ...said },
    });
    const facts = { name: 'Association des maires', acronym: 'AMD-FICTIF', legalCategory: '9220', rna };
    await applyOrganizations(stores.db, [{ siren, facts }], { ...applying, source: 'sirene' });
    await applyOrganizations(
      stores.db,
      [
        fetes('W561000002', '56260', { createdOn: '1998-03-02' }),
        fetes('W561000003', '56260', { createdOn: '2004-05-06' }),
        fetes('W931000001', '93066', { unitState: 'C' }),
      ],
      { ...applying, source: 'rna' },
    );
    await stores.close();
  });
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('finds by an acronym or a number, and says what tells one from another', async () => {
    for (const text of ['amd', 'W561000001']) {
      const { code, out, err } = await search(text);
      expect({ code, err }, text).toEqual({ code: 0, err: '' });
      expect(out).toMatch(
        /^000 000 109 \(W561000001\) +Association des maires +AMD-FICTIF +declared association +active *\n1 found\.$/m,
      );
    }
    expect((await search('asociation maires')).out).toContain(
      'No name holds "asociation"; looked for: association.',
    );
  });

  it('gives homonyms the day that tells them apart, the closed one last', async () => {
    const { out } = await search('comité des fêtes');
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(-3))).toEqual([
      ['COMMUNE', 'STATE', 'CREATED'],
      ['Vannes (56260)', 'active', '1998-03-02'],
      ['Vannes (56260)', 'active', '2004-05-06'],
      ['declared association', 'Saint-Denis (93066)', 'closed'],
      ['3 found.'],
    ]);
  });

  it('takes a commune by its name, and asks which one where several have it', async () => {
    expect((await search('fêtes', '--commune', 'vannes')).out).toContain('2 found.');
    const several = await search('fêtes', '--commune', 'saint denis');
    expect(several.code).toBe(0);
    expect(several.out).toMatch(/^Several communes have this name; ask again with --commune/);
    expect(several.out).toMatch(/^93066 +Saint-Denis +93 *$/m);
    expect((await search('fêtes', '--commune', '93066')).out).toContain('1 found.');
  });

  it('says that there is nothing', async () => {
    expect(await search('zygomorphe')).toEqual({ code: 0, out: 'Nothing found.', err: '' });
  });

  it.each([
    ['a page that is none', ['fêtes', '--page', '0'], '--page is a number from 1 on.'],
    ['a page that is no number', ['fêtes', '--page', 'deux'], '--page is a number from 1 on.'],
    ['a number of which the key is wrong', ['130025266'], 'its length or its key is wrong'],
    ['a postcode', ['fêtes', '--commune', '93200'], 'A postcode is none.'],
  ])('refuses %s', async (_what, argv, message) => {
    const refused = await search(...argv);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(message);
  });
});
