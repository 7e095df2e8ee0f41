// Sample files in the registers' exact form, imported in the order of an operator. Beside each: the report of its dry
// run and its rejects. To renew them after a change that means to: `npx vitest -u src/importers/samples.test.ts`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeStatements, readStatements } from '../organizations/organizations.ts';
import { administrations } from './administrations.ts';
import { emailDomains } from './email-domains.ts';
import type { Importer } from './importer.ts';
import { ownOrganizations } from './own-organizations.ts';
import { rnaImport } from './rna-import.ts';
import { rnaWaldec } from './rna-waldec.ts';
import { sireneEstablishments } from './sirene-establishments.ts';
import { sireneUnits } from './sirene-units.ts';
import { openImportBench } from './testing/import-bench.ts';
import type { ImportBench } from './testing/import-bench.ts';

const folder = join(import.meta.dirname, '../../test/samples/registers');
const asOf = '2026-11-01';

const samples: readonly (readonly [Importer, string])[] = [
  [sireneUnits, 'StockUniteLegale_utf8.csv'],
  [sireneEstablishments, 'StockEtablissement_utf8.csv'],
  [rnaWaldec, 'rna_waldec_20261101.csv'],
  [rnaImport, 'rna_import_20261101_dpt_56.csv'],
  [administrations, 'liste_administrations_2026-11-20.csv'],
  [emailDomains, 'domaines-email-de-contact-par-organisation.csv'],
  [ownOrganizations, 'organizations.csv'],
];

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
}, 120_000);
afterAll(() => bench.close());

describe('the sample of each register', () => {
  it.each(samples)('$name: $1', { timeout: 60_000 }, async (importer, name) => {
    const path = join(folder, name);
    const planned = await bench.dryRun(importer, path, { asOf });
    await expect(`${planned.text}\n`).toMatchFileSnapshot(`${path}.report.txt`);
    await expect(planned.rejects).toMatchFileSnapshot(`${path}.rejects.csv`);

    const done = await bench.run(importer, path, { asOf });
    expect(done.report.tally, 'the import does what its dry run said').toEqual(planned.report.tally);
    expect(done.rejects).toBe(planned.rejects);

    const again = await bench.run(importer, path, { asOf });
    const { new: added, changed, same } = done.report.tally;
    expect(again.report.tally, 'a second time, nothing is new').toMatchObject({
      new: 0,
      changed: 0,
      same: added + changed + same,
    });
  });

  it('has the header that its importer knows, in its order', () => {
    for (const [importer, name] of samples) {
      const [header = ''] = readFileSync(join(folder, name), 'latin1').split(/\r?\n/, 1);
      expect(header.replace(/^\u00ef\u00bb\u00bf/, '').split(importer.separator), name).toEqual(
        importer.columns,
      );
    }
  });

  it('has its letters as the register has them', () => {
    const bytes = (name: string): Buffer => readFileSync(join(folder, name));
    expect(bytes('organizations.csv').subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(bytes('rna_import_20261101_dpt_56.csv').includes(Buffer.from('PÉTANQUE', 'latin1'))).toBe(true);
    expect(bytes('rna_waldec_20261101.csv').includes(Buffer.from('EMMAÜS', 'utf8'))).toBe(true);
  });

  it('is the only thing in the folder, with what belongs to it', () => {
    const known = samples.flatMap(([, name]) => [name, `${name}.report.txt`, `${name}.rejects.csv`]);
    expect(readdirSync(folder).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the register, once all of them are imported', () => {
  const organization = async (id: string) => {
    const row = await bench.db.selectFrom('organization').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) return undefined;
    const statements = readStatements(row.statements);
    return { row, sources: Object.keys(statements), merged: mergeStatements(statements) };
  };
  const establishment = (siret: string) =>
    bench.db.selectFrom('establishment').selectAll().where('siret', '=', siret).executeTakeFirst();

  it('has joined the association of the RNA to its legal unit, by the number that INSEE gives', async () => {
    const emmaus = await organization('317236248');
    expect(emmaus?.sources.sort()).toEqual(['rna', 'sirene']);
    expect(emmaus?.row.rna).toBe('W751033362');
    expect(emmaus?.merged.values).toMatchObject({
      legalCategory: '9220',
      grouping: 'simple',
      commune: '75101',
    });
    expect(await organization('W751033362')).toBeUndefined();
  });

  it('believes our own file before the registers, and keeps what they say', async () => {
    const mayors = await organization('000000109');
    expect(mayors?.sources.sort()).toEqual(['organizations', 'rna', 'sirene']);
    expect(mayors?.row.name).toBe('Association des maires du département fictif');
    expect(mayors?.merged.origins.legalCategory?.source).toBe('organizations');
    expect(mayors?.merged.values.parent).toBe('W000000102');
  });

  it('keeps an association without a SIREN under its RNA number', async () => {
    const corsican = await organization('W2A1001234');
    expect(corsican?.row).toMatchObject({ siren: null, rna: 'W2A1001234', commune_code: '2A004' });
    expect(corsican?.sources.sort()).toEqual(['organizations', 'rna']);
    expect((await organization('0561001234'))?.row.name).toBe('SOCIÉTÉ FICTIVE DE PÉTANQUE DE LA PRÉFECTURE');
  });

  it('keeps an association of Alsace-Moselle under its entry in the register of the court', async () => {
    const music = await organization('AM-METZ-123-45');
    expect(music?.row).toMatchObject({
      siren: null,
      rna: null,
      legal_category: '9260',
      commune_code: '57463',
    });
  });

  it('says where registers contradict each other', async () => {
    const flags = async (id: string) => (await organization(id))?.merged.flags;
    expect(await flags('000001362')).toContain('rna_on_non_association');
    expect(await flags('000001396')).toContain('unit_closed');
    expect((await organization('W000000108'))?.row.unit_state).toBe('C');
    expect((await organization('W000000109'))?.merged.values.dissolvedOn).toBe('2021-09-02');
  });

  it('joins nobody by an RNA number that two legal units bear, nor by a SIRET whose unit bears another number', async () => {
    for (const id of ['000001370', '000001388', 'W000000107'])
      expect((await organization(id))?.merged.values.rna, id).toBe('W000000107');
    expect((await organization('W000000107'))?.sources).toEqual(['rna']);
    expect((await organization('W751245606'))?.merged.values.headOffice).toBe('31723624800017');
    expect((await organization('317236248'))?.merged.values.headOffice).toBe('31723624800017');
    expect((await organization('W000000106'))?.sources).toEqual(['rna']);
  });

  it('holds both states: an open site of a ceased unit, a closed site of a living one', async () => {
    expect((await organization('000001396'))?.row.unit_state).toBe('C');
    expect((await establishment('00000139600027'))?.state).toBe('A');
    expect((await organization('000001404'))?.row.unit_state).toBe('A');
    expect((await establishment('00000140400029'))?.state).toBe('F');
  });

  it('has the head office of La Poste and a post office, whose key is another', async () => {
    expect((await establishment('35600000000048'))?.head_office).toBe(true);
    expect((await establishment('35600000049837'))?.usual_name).toBe('BUREAU DE POSTE');
  });

  it('keeps codes of arrondissements, of merged communes, of Paris as they are', async () => {
    expect((await establishment('00000141200014'))?.commune_code).toBe('75101');
    expect((await establishment('20005684400018'))?.commune_code).toBe('50129');
    expect((await organization('219300662'))?.row.unit_state).toBe('C');
    expect((await organization('217500016'))?.row.legal_category).toBe('7229');
  });

  it('says of the public service what the list of administrations says', async () => {
    const dinum = (await organization('130025265'))?.merged.values.publicService;
    expect(dinum).toEqual({ public: true, facets: ['state', 'spa'] });
    expect((await organization('784523318'))?.merged.values.publicService).toEqual({
      public: true,
      facets: ['state'],
    });
    expect((await organization('775663438'))?.row).toBeUndefined();
  });

  it('masks who opposed publication', async () => {
    for (const id of ['000001339', '000001347']) {
      const masked = await organization(id);
      expect(masked?.row.diffusion).toBe('P');
      expect(masked?.merged.values.name).toBeUndefined();
      expect(masked?.row.commune_code).toBeNull();
    }
    expect(await establishment('00000134700012')).toMatchObject({
      commune_code: null,
      postal_code: null,
      usual_name: null,
      diffusion: 'P',
    });
  });

  it('holds no person: neither their units, nor their names, nor where they live', async () => {
    const tables = [
      'organization',
      'establishment',
      'register_record',
      'register_change',
      'organization_word',
    ] as const;
    for (const id of ['000001313', '000001321', '000001479']) expect(await organization(id)).toBeUndefined();
    for (const table of tables) {
      const held = JSON.stringify(await bench.db.selectFrom(table).selectAll().execute());
      expect(held, table).not.toMatch(
        /camille|fournil|impasse|chez |discrete|jamais montree|ne pas etre montree/i,
      );
    }
  });

  it('has the domains of organizations, none that is open to all', async () => {
    const domains = await bench.db
      .selectFrom('register_record')
      .select('key')
      .where('shelf', '=', 'email_domain')
      .orderBy('key')
      .execute();
    expect(domains.map(({ key }) => key)).toEqual([
      'amd-fictif.example/00000010900009',
      'numerique.gouv.fr/13002526500013',
      'poste-fictive.example/35600000049837',
      'rennesmetropole.fr/21350238800019',
      'ville-rennes.fr/21350238800019',
      'xn--ptanque-fictive-bnb.example/00000070300009',
    ]);
  });
});
