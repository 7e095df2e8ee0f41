import { parse } from 'csv-parse/sync';
import type { Updateable } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTerritories, parseRna, parseSiret, sirenOf } from '../organizations/organizations.ts';
import type { Database, Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { approvedCsv, approvedJson, approvedOrganizations } from './open-data.ts';
import { openRegister } from './testing/register-database.ts';

const now = new Date('2026-11-22T10:00:00Z');
const siret = parseSiret('00000010900009');
if (siret === undefined) throw new Error('not a SIRET');
const siren = sirenOf(siret);

describe('the approved organizations as open data', () => {
  let stores: Stores;
  const published = () =>
    approvedOrganizations(stores.db, {
      now,
      territories: loadTerritories(),
      serviceName: (id) => (id === 'docs' ? 'Docs' : undefined),
    });

  beforeAll(async () => {
    stores = await openRegister();
    const applying = { source: 'sirene', asOf: '2026-11-01', now } as const;
    const facts = { name: '=AMD;"FICTIF", x', legalCategory: '9220', unitState: 'A' } as const;
    const rna = parseRna('W000000101');
    await applyOrganizations(stores.db, [{ siren, facts: { ...facts, ...(rna && { rna }) } }], applying);
    await applyEstablishments(
      stores.db,
      [{ siret, state: 'A', headOffice: true, communeCode: '56260' }],
      applying,
    );
    await stores.db
      .insertInto('approval')
      .values({
        id: 'amd-docs',
        siren,
        service_id: 'docs',
        level: 'member',
        ground: 'members_all_public_law',
        reason: 'liste des membres vérifiée',
        starts_on: '2026-01-01',
        ends_on: '2028-12-31',
        status: 'active',
        decided_by: JSON.stringify({
          given_name: 'Hélène',
          usual_name: 'Marchand',
          capacity: 'Cheffe de bureau',
          organization: 'Opérateur de démonstration',
        }),
        decided_on: '2025-12-15',
        origin: 'configuration',
        updated_at: now,
      })
      .execute();
  });
  afterAll(() => stores.close());

  it('have one line an approval in force, with the source and its date; of who decided, the organization only', async () => {
    expect(await published()).toEqual([
      {
        siren: '000000109',
        siret: '00000010900009',
        rna: 'W000000101',
        nom: '=AMD;"FICTIF", x',
        type: 'association.declared',
        type_libelle: 'association déclarée',
        categorie_juridique: '9220',
        commune: 'Vannes',
        departement: '56',
        service: 'docs',
        service_nom: 'Docs',
        niveau: 'member',
        fondement: 'members_all_public_law',
        debut: '2026-01-01',
        fin: '2028-12-31',
        decide_par: 'Opérateur de démonstration',
        source: 'INSEE, base Sirene (Licence Ouverte 2.0)',
        date_source: '2026-11-01',
      },
    ]);
  });

  it('are the same in both forms; no cell of the CSV is a formula, both bear the licence and the day', async () => {
    const listed = await published();
    const rows: unknown = parse(approvedCsv(listed, { now }), { columns: true });
    const licence = 'Licence Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence/)';
    const notice = { licence, date_export: '2026-11-22' };
    expect(rows).toEqual(listed.map((row) => ({ ...row, nom: `'${row.nom}`, ...notice })));
    const json: unknown = JSON.parse(approvedJson(listed, { producer: 'https://broker.example', now }));
    expect(json).toEqual({
      titre: 'Organisations autorisées à utiliser les services',
      producteur: 'https://broker.example',
      date: '2026-11-22T10:00:00.000Z',
      licence: 'Licence Ouverte 2.0',
      licence_url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
      organisations: listed,
    });
  });

  it('give an operator’s correction of the type', async () => {
    const operator = { source: 'operator', asOf: '2026-11-02', now } as const;
    await applyOrganizations(stores.db, [{ siren, facts: { type: 'association.public_utility' } }], operator);
    expect(await published()).toMatchObject([{ type: 'association.public_utility' }]);
    await applyOrganizations(stores.db, [{ siren, facts: {} }], operator);
    expect(await published()).toMatchObject([{ type: 'association.declared' }]);
  });

  type Change = () => Promise<unknown>;
  const approval = (set: Updateable<Database['approval']>) =>
    stores.db.updateTable('approval').set(set).where('siren', '=', siren).execute();
  const organization = (set: Updateable<Database['organization']>) =>
    stores.db.updateTable('organization').set(set).where('siren', '=', siren).execute();

  it.each<[string, Change, Change]>([
    ['suspended approval', () => approval({ status: 'suspended' }), () => approval({ status: 'active' })],
    ['pending approval', () => approval({ status: 'pending' }), () => approval({ status: 'active' })],
    [
      'approval that is over',
      () => approval({ ends_on: '2026-11-21' }),
      () => approval({ ends_on: '2028-12-31' }),
    ],
    [
      'approval to come',
      () => approval({ starts_on: '2026-11-23' }),
      () => approval({ starts_on: '2026-01-01' }),
    ],
    [
      'organization not to be shown',
      () => organization({ diffusion: 'P' }),
      () => organization({ diffusion: 'O' }),
    ],
    ...['1000', '1300', '2110', '2210', '2310'].map((category): [string, Change, Change] => [
      `natural person, or several (${category})`,
      () => organization({ legal_category: category }),
      () => organization({ legal_category: '9220' }),
    ]),
    [
      'organization that has ceased',
      () => organization({ unit_state: 'C' }),
      () => organization({ unit_state: 'A' }),
    ],
    [
      'suspended organization',
      () => organization({ suspended_at: now }),
      () => organization({ suspended_at: null }),
    ],
  ])('leave out: %s', async (_what, leave, back) => {
    await leave();
    expect(await published()).toEqual([]);
    await back();
    expect(await published()).toHaveLength(1);
  });
});
