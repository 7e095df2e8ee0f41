import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { createSeal } from '../config/config.ts';
import { applyDeclarations, idpSecretPurpose } from '../declarations/declarations.ts';
import { declaredWith } from '../declarations/testing/database.ts';
import { anOrganization, aPolicy } from '../declarations/testing/samples.ts';
import { storesOf, type } from './testing/terminal.ts';

// One database for all: these commands only read.
describe('maillon policy', { timeout: 120_000 }, () => {
  let env: Readonly<Record<string, string>>;
  const clock = () => new Date('2026-11-22T10:00:00Z');
  const maillon = (...argv: string[]) => type(['policy', ...argv], env, { clock });
  const file = async (document: object): Promise<string> => {
    const path = join(env['DATA_DIR'] ?? '', 'draft.yaml');
    await writeFile(path, stringify(document));
    return path;
  };

  beforeAll(async () => {
    env = await newMigratedSettings();
    const stores = await storesOf(env, clock);
    const association = { ...anOrganization, siret: '00000010900009', name: 'AMD', legal_category: '9220' };
    const declared = declaredWith({
      policies: [aPolicy, { ...aPolicy, version: 2, valid_from: '2027-01-01', measure: 'totale' }],
      organizations: [anOrganization, association],
    });
    await applyDeclarations(declared, {
      db: stores.db,
      seal: createSeal(['e'.repeat(32)], idpSecretPurpose),
      clock,
    });
    await stores.close();
  });
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('lists the versions, and says one in plain sentences', async () => {
    const { out } = await maillon('list');
    expect(out).toMatch(/^docs@2 +2027-01-01 +to come +files/m);
    expect(out).toMatch(/^docs@1 +2026-01-01 +in force +files/m);
    expect((await maillon('show', 'docs')).out).toContain(
      'Open if the organization belongs to the public service',
    );
    expect((await maillon('show', 'docs@2', '--language', 'fr')).out).toContain('population totale');
    expect(JSON.parse((await maillon('show', 'docs', '--json')).out)).toMatchObject({ version: 1 });
    expect((await maillon('diff', 'docs@1', 'docs@2')).out).toMatch(/^\+ version: 2$/m);
  });

  it('decides for an organization, with each fact', async () => {
    const { code, out } = await maillon('simulate', '130025265', '--service', 'docs');
    expect(code).toBe(0);
    expect(out).toContain('docs: allowed as member by rule public, public_service [docs@1]');
    expect(out).toMatch(/^rule public \(true\) +org\.public_service +true +true +true +test +2026-11-21$/m);
    expect((await maillon('simulate', '000 000 109 00009')).out).toContain('docs: refused: not_eligible');
  });

  it('shows what a file would change, and why', async () => {
    const opened = {
      ...aPolicy,
      version: 3,
      rules: [{ ...aPolicy.rules[0], if: { 'org.category': 'association' } }],
    };
    const { out } = await maillon('preview', await file(opened));
    expect(out).toContain('docs@1 → docs@3');
    expect(out).toMatch(/^association +1 +0 +0 +0$/m);
    expect(out).toMatch(/^000000109 +AMD .*org\.category is "association" \(test, 2026-11-21\)$/m);
    const json: unknown = JSON.parse((await maillon('preview', await file(opened), '--json')).out);
    expect(json).toMatchObject({ organizations: { gains: 1, loses: 1, changes: 0, unchanged: 0 } });
  });

  it('shows whose right would go on after the end of their approval', async () => {
    const approved = {
      id: 'approved',
      if: { approval: { service: 'docs', status: 'active' } },
      allow: { level: 'member', entitlements: ['use'] },
      basis: 'approval',
      grace: { days: 30, level: 'guest' },
    };
    const { out } = await maillon(
      'preview',
      await file({ ...aPolicy, version: 3, rules: [...aPolicy.rules, approved] }),
    );
    expect(out).toContain('0 stop that go on now, 1 go on that stop now, 0 go on otherwise.');
    expect(out).toMatch(/^000000109 +AMD +.*2028-12-31 +refused: \w+ +allowed as guest by rule approved/m);
  });

  it.each([
    [['show', 'nothing'], 1, 'the service "nothing" has no policy'],
    [['show', 'docs@9'], 1, 'there are docs@1, docs@2'],
    [['show', 'DOCS'], 2, 'is not SERVICE or SERVICE@VERSION'],
    [['show', 'docs', '--language', 'de'], 2, '--language is fr or en'],
    [['simulate', '784523318'], 1, 'nobody can sign in for it'],
    [['simulate', '130025265', '--service', 'x'], 1, 'There is no service "x"'],
    [['preview', 'nowhere.yaml'], 2, 'cannot be read'],
  ])('refuses %j', async (given, code, message) => {
    const refused = await maillon(...given);
    expect(refused).toMatchObject({ code, out: '' });
    expect(refused.err).toContain(message);
  });

  it('refuses a file line by line', async () => {
    const { code, err } = await maillon('preview', await file({ ...aPolicy, colour: 'red' }));
    expect(code).toBe(1);
    expect(err).toMatch(/draft\.yaml:\d+: unknown key "colour"/);
    expect((await maillon('preview', await file({ ...aPolicy, service: 'x' }))).err).toContain('M-POLI-001');
  });
});
