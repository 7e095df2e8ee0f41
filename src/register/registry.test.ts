import { fileURLToPath } from 'node:url';

import { PGlite, types } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { Kysely, PGliteDialect } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { migrate } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { loadTerritories, parseSiret, sirenOf } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { createOrganizationRegistry } from './registry.ts';

const siret = (text: string): Siret => {
  const parsed = parseSiret(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const mayors = siret('00000010900009');
const nantes = siret('21440109300015');
const closedSite = siret('21440109300023');
const absent = siret('13002526500013');

const migrations = new URL('../../migrations/', import.meta.url);
const territories = loadTerritories();
const pglite = new PGlite({ extensions: { pg_trgm }, parsers: { [types.DATE]: (text) => text } });
const statements: string[] = [];
let failure: Error | undefined;
const db = new Kysely<Database>({
  dialect: new PGliteDialect({ pglite }),
  log: ({ query }) => {
    statements.push(query.sql);
    if (failure !== undefined) throw failure;
  },
});

let now = new Date('2026-11-21T12:00:00Z');
const registryOf = (options: { ttlMs?: number; maximum?: number } = {}) =>
  createOrganizationRegistry({ db, territories: () => territories, clock: () => now, ...options });

beforeAll(async () => {
  await migrate(db, fileURLToPath(migrations));
  const updated_at = new Date('2026-11-21T00:00:00Z');
  const nothing = {
    rna: null,
    created_on: null,
    declared_population: null,
    qualifications: '[]',
    suspended_at: null,
  };
  await db
    .insertInto('organization')
    .values([
      {
        ...nothing,
        siren: '000000109',
        name: 'AMD-FICTIF',
        legal_category: '9220',
        unit_state: 'A',
        rna: 'W000000101',
        created_on: '1907-01-01',
        qualifications: JSON.stringify([
          { id: 'elected_officials_association', startsOn: '2026-01-01', endsOn: '2026-12-31' },
          { id: 'france_services', startsOn: '2024-01-01', endsOn: '2025-12-31' },
        ]),
        source: 'demo',
        source_date: '2026-11-20',
        updated_at,
      },
      {
        ...nothing,
        siren: '214401093',
        name: 'Commune de Nantes',
        legal_category: '7210',
        unit_state: 'A',
        source: 'sirene',
        source_date: '2026-11-01',
        updated_at,
      },
    ])
    .execute();
  await db
    .insertInto('establishment')
    .values([
      {
        siret: mayors,
        siren: '000000109',
        state: 'A',
        commune_code: '56260',
        naf: '94.99Z',
        head_office: true,
      },
      { siret: nantes, siren: '214401093', state: 'A', commune_code: '44109', naf: null, head_office: true },
      {
        siret: closedSite,
        siren: '214401093',
        state: 'F',
        commune_code: null,
        naf: null,
        head_office: false,
      },
    ])
    .execute();
});

beforeEach(() => {
  statements.length = 0;
  failure = undefined;
  now = new Date('2026-11-21T12:00:00Z');
});

afterAll(() => db.destroy());

describe('an organization by SIRET', () => {
  test('comes with the facts of its legal unit and of its establishment, in one statement', async () => {
    expect(await registryOf().bySiret(mayors)).toMatchObject({
      siret: mayors,
      siren: '000000109',
      name: 'AMD-FICTIF',
      legalCategory: '9220',
      type: 'association.declared',
      unitState: 'A',
      establishmentState: 'A',
      rna: 'W000000101',
      communeCode: '56260',
      naf: '94.99Z',
      createdOn: '1907-01-01',
      suspended: false,
      publicService: false,
      territory: { department: '56' },
      source: 'demo',
      sourceDate: '2026-11-20',
      flags: [],
    });
    expect(statements).toHaveLength(1);
  });

  test('a closed establishment of a living unit is closed', async () => {
    expect(await registryOf().bySiret(closedSite)).toMatchObject({ active: false, publicService: false });
    expect(await registryOf().bySiret(nantes)).toMatchObject({ active: true, publicService: true });
  });

  test('only the qualifications in force today are facts', async () => {
    expect((await registryOf().bySiret(mayors))?.qualifications).toEqual([
      { id: 'elected_officials_association', startsOn: '2026-01-01', endsOn: '2026-12-31' },
    ]);
    now = new Date('2026-12-31T23:00:00Z');
    expect((await registryOf().bySiret(mayors))?.qualifications).toEqual([]);
  });

  test('one that the register does not hold is undefined, and asked once', async () => {
    const registry = registryOf();
    expect(await registry.bySiret(absent)).toBeUndefined();
    expect(await registry.bySiret(absent)).toBeUndefined();
    expect(statements).toHaveLength(1);
  });
});

describe('several organizations', () => {
  test('come in the order asked, without those not found, in one statement', async () => {
    const found = await registryOf().bySirets([nantes, absent, mayors, nantes]);
    expect(found.map((facts) => facts.siret)).toEqual([nantes, mayors]);
    expect(statements).toHaveLength(1);
  });

  test('only what the cache lacks is asked', async () => {
    const registry = registryOf();
    await registry.bySiret(nantes);
    await registry.bySirets([nantes, mayors]);
    await registry.bySirets([mayors, nantes]);
    expect(statements).toHaveLength(2);
  });

  test('none need no statement', async () => {
    expect(await registryOf().bySirets([])).toEqual([]);
    expect(statements).toEqual([]);
  });
});

describe('the cache', () => {
  test('is believed for less than 30 seconds, whatever is asked', async () => {
    const registry = registryOf({ ttlMs: 3_600_000 });
    await registry.bySiret(mayors);
    now = new Date('2026-11-21T12:00:29.999Z');
    await registry.bySiret(mayors);
    expect(statements).toHaveLength(1);
    now = new Date('2026-11-21T12:00:30Z');
    await registry.bySiret(mayors);
    expect(statements).toHaveLength(2);
  });

  test('a suspension is seen when the row has expired', async () => {
    const registry = registryOf();
    expect((await registry.bySiret(mayors))?.suspended).toBe(false);
    await db
      .updateTable('organization')
      .set({ suspended_at: now })
      .where('siren', '=', '000000109')
      .execute();
    now = new Date('2026-11-21T12:00:30Z');
    expect((await registry.bySiret(mayors))?.suspended).toBe(true);
    await db
      .updateTable('organization')
      .set({ suspended_at: null })
      .where('siren', '=', '000000109')
      .execute();
  });

  test('fifty askers at once share one statement', async () => {
    const registry = registryOf();
    const answers = await Promise.all(Array.from({ length: 50 }, () => registry.bySiret(mayors)));
    expect(new Set(answers.map((facts) => facts?.siret))).toEqual(new Set([mayors]));
    expect(statements).toHaveLength(1);
  });

  test('a SIREN leads to the head office, an unknown one nowhere', async () => {
    const registry = registryOf();
    expect((await registry.bySiren(sirenOf(nantes)))?.siret).toBe(nantes);
    expect(await registry.bySiren(sirenOf(absent))).toBeUndefined();
  });

  test('does not grow past its bound: the oldest leaves', async () => {
    const registry = registryOf({ maximum: 2 });
    for (const asked of [nantes, mayors, absent]) await registry.bySiret(asked);
    expect(statements).toHaveLength(3);
    await registry.bySirets([mayors, absent]);
    expect(statements).toHaveLength(3);
    await registry.bySiret(nantes);
    expect(statements).toHaveLength(4);
  });

  test('keeps no error: those who waited are told, the next asks again', async () => {
    const registry = registryOf();
    failure = new Error('connection lost');
    const answers = await Promise.allSettled([registry.bySiret(mayors), registry.bySirets([mayors, nantes])]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failure = undefined;
    expect((await registry.bySiret(mayors))?.siret).toBe(mayors);
  });

  test('a row that is not what the table promises is an error, not a fact', async () => {
    await db
      .updateTable('organization')
      .set({ qualifications: '{' })
      .where('siren', '=', '214401093')
      .execute();
    await expect(registryOf().bySiret(nantes)).rejects.toThrow();
    await db
      .updateTable('organization')
      .set({ qualifications: '[]' })
      .where('siren', '=', '214401093')
      .execute();
  });
});
