import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { decide, parsePolicy } from '../eligibility/eligibility.ts';
import { loadTerritories, parseSiret, readMemberList } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { applyRecords } from './apply-records.ts';
import { federationOf } from './federations.ts';
import { memberFacts } from './member-facts.ts';
import { createOrganizationRegistry } from './registry.ts';
import { createTerritories } from './territories.ts';
import { undoImport } from './undo-import.ts';

const now = new Date('2026-11-22T10:00:00Z');
const siret = (text: string): Siret => {
  const parsed = parseSiret(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
// Férel: 3 499 inhabitants in the package. The establishment is any of its own: which one plays no part.
const ferel = siret('21560058600006');

let dataDir: string;
let stores: Stores;
beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock: () => now });
});
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  await sql`truncate organization, establishment, register_record, register_import, register_change
    restart identity cascade`.execute(stores.db);
});

/** Records that an import wrote, and the import that says that it ended. */
async function imported(
  source: string,
  shelf: string,
  records: Readonly<Record<string, object>>,
  state: 'running' | 'finished' = 'finished',
): Promise<number> {
  const { id } = await stores.db
    .insertInto('register_import')
    .values({
      source,
      file_name: 'sample.csv',
      file_sha256: 'a'.repeat(64),
      source_date: '2026-11-20',
      state,
      started_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await applyRecords(
    stores.db,
    shelf,
    Object.entries(records).map(([key, record]) => ({ key, record })),
    { source, asOf: '2026-11-20', now, importId: id },
  );
  return id;
}

const finish = (id: number) =>
  stores.db.updateTable('register_import').set({ state: 'finished' }).where('id', '=', id).execute();

async function organization(siren: string, name: string, values: object = {}): Promise<void> {
  await stores.db
    .insertInto('organization')
    .values({
      siren,
      name,
      legal_category: '7210',
      unit_state: 'A',
      rna: null,
      created_on: null,
      declared_population: null,
      qualifications: '[]',
      suspended_at: null,
      source: 'sirene',
      source_date: '2026-11-01',
      updated_at: now,
      ...values,
    })
    .execute();
}

describe('the map', () => {
  test('is the bundled one, the very object, when nothing was imported', async () => {
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    expect(territories.current()).toBe(loadTerritories());
  });

  test('takes what was imported, at the start and at each look', async () => {
    await imported('populations', 'population', { '56058/2024': { municipal: 3_512, total: 3_590 } });
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    expect(territories.current().communeByCode('56058')?.population?.edition).toBe('2024');
    await imported('populations', 'population', { '56260/2024': { municipal: 56_000 } });
    await territories.refresh();
    expect(territories.current().communeByCode('56260')?.population?.municipal).toBe(56_000);
  });

  test('waits for the end of an import that runs', async () => {
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    const id = await imported('populations', 'population', { '56058/2024': { municipal: 3_512 } }, 'running');
    await territories.refresh();
    expect(territories.current()).toBe(loadTerritories());
    await finish(id);
    await territories.refresh();
    expect(territories.current().communeByCode('56058')?.population?.municipal).toBe(3_512);
  });

  test('forgets an import that was undone', async () => {
    const id = await imported('populations', 'population', { '56058/2024': { municipal: 3_512 } });
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    expect(territories.current().communeByCode('56058')?.population?.municipal).toBe(3_512);
    await undoImport(stores.db, id, now);
    await territories.refresh();
    expect(territories.current().communeByCode('56058')?.population?.municipal).toBe(3_499);
  });

  test('is read again for its own registers only', async () => {
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    await imported('email_domains', 'email_domain', { 'ferel.example/x': {} });
    await territories.refresh();
    expect(territories.current()).toBe(loadTerritories());
  });

  test('every process looks by itself', async () => {
    const territories = await createTerritories({ db: stores.db, pollMs: 20 });
    await imported('cog', 'commune', { '56058': { name: 'Férel', kind: 'delegated', current: '56030' } });
    await vi.waitFor(() => expect(territories.current().communeByCode('56058')?.code).toBe('56030'), 5_000);
    territories.stop();
  });

  test('is made again in turns: others are answered in between, by the former one until it is whole', async () => {
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    const before = territories.current();
    const codes = [...before.communes()].slice(0, 20_000).map(({ code }) => code);
    await imported('populations', 'population', {});
    await sql`insert into register_record (shelf, key, source, source_date, record)
      select 'population', code || '/2024', 'populations', '2026-11-20', '{"municipal":7,"total":8}'
      from unnest(${codes}::text[]) as code`.execute(stores.db);
    const seen = new Set<unknown>();
    let turns = 0;
    let ended = false;
    function others(): void {
      turns += 1;
      if (!ended) seen.add(territories.current());
      if (!ended) setImmediate(others);
    }
    setImmediate(others);
    await territories.refresh();
    ended = true;
    // The embedded database answers without giving a turn: these are of the reading (5) and of the making (10).
    expect(turns).toBeGreaterThanOrEqual(15);
    expect([...seen]).toEqual([before]);
    expect(territories.current().communeByCode(codes.at(-1) ?? '')?.population?.municipal).toBe(7);
  });

  test('that cannot be read leaves the former one, and tells', async () => {
    const onProblem = vi.fn();
    const territories = await createTerritories({ db: stores.db, pollMs: 20, onProblem });
    const before = territories.current();
    await imported('cog', 'commune', { '56058': { kind: 'unheard of' } });
    await vi.waitFor(() => expect(onProblem).toHaveBeenCalled(), 5_000);
    territories.stop();
    expect(territories.current()).toBe(before);
  });
});

describe('an imported population reaches decide()', () => {
  const smallCommune = parsePolicy({
    service: 'anct',
    version: 1,
    valid_from: '2026-01-01',
    guards: [],
    rules: [
      {
        id: 'small-commune',
        if: { all: [{ 'org.type': 'local_authority.commune' }, { 'org.population': { lt: 3500 } }] },
        allow: { level: 'member', entitlements: ['use'] },
        basis: 'territorial_rule',
      },
    ],
    default: { deny: 'not_eligible' },
  });

  async function decided() {
    const territories = await createTerritories({ db: stores.db });
    territories.stop();
    const registry = createOrganizationRegistry({
      db: stores.db,
      territories: territories.current,
      clock: () => now,
    });
    const facts = await registry.bySiret(ferel);
    if (facts === undefined) throw new Error('Férel is not in the register');
    const decision = decide(
      smallCommune,
      {
        organization: facts,
        approvals: [],
        invitations: [],
        user: { emailDomain: 'ferel.example', emailVerified: true, link: 'moderated' },
        auth: { acr: 'eidas1', amr: ['pwd'], idp: 'demo-idp', authTime: now },
        clientId: 'anct',
      },
      now,
    );
    return {
      decision: decision.decision,
      population: decision.factsUsed.find(({ name }) => name === 'org.population'),
    };
  }

  beforeEach(async () => {
    await organization('215600586', 'COMMUNE DE FEREL');
    await stores.db
      .insertInto('establishment')
      .values({
        siret: ferel,
        siren: '215600586',
        state: 'A',
        commune_code: '56058',
        naf: null,
        head_office: true,
      })
      .execute();
  });

  test('3 499 of the package lets in; 3 500 of a newer edition does not, and the decision names the edition', async () => {
    expect(await decided()).toMatchObject({
      decision: 'allow',
      population: {
        value: 3_499,
        asOf: '2023',
        source: 'INSEE, populations de référence, par @etalab/decoupage-administratif 6.0.0',
      },
    });
    await imported('populations', 'population', { '56058/2024': { municipal: 3_500, total: 3_590 } });
    expect(await decided()).toMatchObject({
      decision: 'deny',
      population: { value: 3_500, asOf: '2024', source: 'INSEE, populations de référence' },
    });
  });

  test('a population of an older edition changes nothing', async () => {
    await imported('populations', 'population', { '56058/2019': { municipal: 9_000 } });
    expect(await decided()).toMatchObject({ decision: 'allow', population: { value: 3_499, asOf: '2023' } });
  });
});

test('the members of a list are found by SIREN, by commune and by RNA number, in one go', async () => {
  await organization('215602608', 'COMMUNE DE VANNES', { unit_state: 'C' });
  await organization('317236248', 'EMMAUS SOLIDARITE', { legal_category: '9220', rna: 'W751033362' });
  const list = readMemberList('56260\nW751033362\n317236248\n130025265');
  const facts = await memberFacts(stores.db, list, loadTerritories());
  expect([...facts.keys()].sort()).toEqual(['215602608', '317236248', 'W751033362']);
  expect(facts.get('215602608')).toMatchObject({ active: false, sector: 'public_law' });
  expect(facts.get('W751033362')).toMatchObject({ active: true, type: 'association.declared' });
});

describe('federations', () => {
  const under = (parent: string) => JSON.stringify({ operator: { facts: { parent }, asOf: '2026-11-20' } });

  test('what is above, who is below', async () => {
    await organization('000000109', 'AMD-FICTIF', { statements: under('000000307') });
    await organization('000000208', 'AUTRE-FICTIF', { statements: under('000000307') });
    await organization('000000307', 'FEDERATION-FICTIVE');
    expect((await federationOf(stores.db, '000000109')).above).toEqual({ parents: ['000000307'] });
    const { above, members } = await federationOf(stores.db, '000000307');
    expect(above).toEqual({ parents: [] });
    expect(members.map(({ name }) => name)).toEqual(['AMD-FICTIF', 'AUTRE-FICTIF']);
  });

  test('two that are parents of each other: told, not walked for ever', async () => {
    await organization('000000109', 'A', { statements: under('000000208') });
    await organization('000000208', 'B', { statements: under('000000109') });
    expect((await federationOf(stores.db, '000000109')).above).toEqual({
      parents: ['000000208'],
      brokenBy: 'cycle',
    });
  });
});
