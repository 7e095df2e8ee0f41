import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startPostgres } from '../../test/support/services.ts';
import { loadTerritories, parseSiren, parseSiret, sourceLabel } from '../organizations/organizations.ts';
import type { Siren, Siret } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { RegistersUnavailable } from './elsewhere.ts';
import type { Answer, Found } from './elsewhere.ts';
import { asOnlyWriter } from './one-writer.ts';
import { createOrganizationRegistry } from './registry.ts';
import { emptyRegister, openRegister, openRegisterIn } from './testing/register-database.ts';

const siretOf = (text: string): Siret => parseSiret(text) ?? wrong(text);
const sirenFor = (text: string): Siren => parseSiren(text) ?? wrong(text);
function wrong(text: string): never {
  throw new Error(`not an identifier: ${text}`);
}

const start = new Date('2026-11-22T12:00:00Z');
const days = (count: number) => new Date(start.getTime() + count * 86_400_000);
const nantes = siretOf('21440109300015');
const dinum = siretOf('13002526500013');

const found: Found = {
  kind: 'found',
  source: 'api_sirene',
  asOf: '2026-11-22',
  organization: {
    siren: sirenFor('214401093'),
    facts: { name: 'COMMUNE DE NANTES', legalCategory: '7210', unitState: 'A', headOffice: nantes },
  },
  establishment: { siret: nantes, state: 'A', headOffice: true, communeCode: '44109' },
};

// PGlite has one connection: there, nobody can hold the register while another reads it.
const postgres = await startPostgres('A login while an import holds the register, on PostgreSQL');
afterAll(() => postgres?.stop());

let stores: Stores;
let now: Date;
let answer: Answer | undefined;
let problems: unknown[];
let asked: number;
const territories = loadTerritories();

beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyRegister(stores.db);
  now = start;
  answer = found;
  problems = [];
  asked = 0;
});

const registryOf = (db = stores.db) =>
  createOrganizationRegistry({
    db,
    territories: () => territories,
    clock: () => now,
    elsewhere: () => {
      asked += 1;
      return answer === undefined
        ? Promise.reject(new RegistersUnavailable('down'))
        : Promise.resolve(answer);
    },
    onProblem: (error) => void problems.push(error),
  });

describe('an answer', () => {
  test('is in the register afterwards, for every process, with its source, its date and its age', async () => {
    expect(await registryOf().lookUp(nantes)).toMatchObject({
      organization: {
        name: 'COMMUNE DE NANTES',
        type: 'local_authority.commune',
        publicService: true,
        territory: { department: '44' },
        source: sourceLabel('api_sirene'),
        sourceDate: '2026-11-22',
        fetchedAt: start.toISOString(),
        stale: false,
      },
      staleAt: days(30),
    });
    answer = undefined;
    now = days(29);
    const other = registryOf();
    expect(await other.lookUp(nantes)).toMatchObject({
      organization: { name: 'COMMUNE DE NANTES', publicService: true, stale: true, flags: ['stale'] },
      staleAt: days(30),
    });
    expect((await other.bySiret(nantes))?.siret).toBe(nantes);
    expect(problems).toEqual([]);
  });

  test('serves the fifty people who sign in at once: one request, one write', async () => {
    const registry = registryOf();
    const all = await Promise.all(Array.from({ length: 50 }, () => registry.lookUp(nantes)));
    expect(new Set(all.map(({ organization }) => organization?.name))).toEqual(
      new Set(['COMMUNE DE NANTES']),
    );
    expect(asked).toBe(1);
    expect(await stores.db.selectFrom('register_change').select('subject').execute()).toHaveLength(2);
  });

  test('confirmed ten days later is younger, and leaves no history', async () => {
    const registry = registryOf();
    await registry.lookUp(nantes);
    const changes = () => stores.db.selectFrom('register_change').selectAll().execute();
    const before = await changes();
    now = days(10);
    answer = { ...found, asOf: '2026-12-02' };
    expect(await registry.lookUp(nantes)).toMatchObject({
      organization: { sourceDate: '2026-12-02', stale: false },
      staleAt: days(40),
    });
    expect(await changes()).toEqual(before);
  });

  test('that says that the establishment closed is believed at once', async () => {
    const registry = registryOf();
    await registry.lookUp(nantes);
    now = days(2);
    answer = { ...found, asOf: '2026-11-24', establishment: { ...found.establishment, state: 'F' } };
    expect(await registry.lookUp(nantes)).toMatchObject({ organization: { active: false, stale: false } });
  });

  test('about a duplicate: it has the facts of its successor, which is kept as well', async () => {
    answer = {
      kind: 'moved',
      source: 'api_sirene',
      asOf: '2026-11-22',
      successor: sirenFor('130025265'),
      organization: {
        siren: sirenFor('130025265'),
        facts: { name: 'DINUM', legalCategory: '7120', unitState: 'A', headOffice: dinum },
      },
      establishment: { siret: dinum, state: 'A', headOffice: true, communeCode: '75107' },
    };
    const registry = registryOf();
    expect(await registry.lookUp(nantes)).toMatchObject({
      organization: {
        siren: '214401093',
        siret: nantes,
        name: 'DINUM',
        successor: '130025265',
        active: true,
      },
    });
    expect((await registry.lookUp(nantes)).organization?.flags).toContain('replaced');
    expect(await registry.bySiret(dinum)).toMatchObject({ name: 'DINUM' });
    expect((await registry.bySiret(dinum))?.successor).toBeUndefined();
  });
});

describe('what the register knows already', () => {
  const applying = { source: 'sirene', asOf: '2026-11-01', now: start } as const;

  test('the stock of INSEE is believed as it is', async () => {
    await applyOrganizations(stores.db, [found.organization], applying);
    await applyEstablishments(stores.db, [found.establishment], applying);
    answer = undefined;
    now = days(400);
    expect(await registryOf().lookUp(nantes)).toMatchObject({
      organization: { stale: false, fetchedAt: undefined },
      staleAt: undefined,
    });
  });

  test('a suspension counts, also when the answer cannot be written', async () => {
    await applyOrganizations(stores.db, [found.organization], applying);
    await stores.db.updateTable('organization').set({ suspended_at: start }).execute();
    await sql`alter table establishment add constraint nobody check (siret = '')`.execute(stores.db);
    try {
      expect(await registryOf().lookUp(nantes)).toMatchObject({
        organization: { name: 'COMMUNE DE NANTES', suspended: true, fetchedAt: start.toISOString() },
      });
      expect(problems).toHaveLength(1);
      expect(await stores.db.selectFrom('establishment').selectAll().execute()).toEqual([]);
    } finally {
      await sql`alter table establishment drop constraint nobody`.execute(stores.db);
    }
  });

  test('a suspension and a qualification of the next second count for an answer that waits to be written', async () => {
    await applyOrganizations(stores.db, [found.organization], applying);
    await sql`alter table establishment add constraint nobody check (siret = '')`.execute(stores.db);
    try {
      const registry = registryOf();
      expect(await registry.lookUp(nantes)).toMatchObject({
        organization: { suspended: false, qualifications: [] },
      });
      const qualification = { id: 'france_services', startsOn: '2026-01-01', endsOn: '2026-12-31' };
      await stores.db
        .updateTable('organization')
        .set({ suspended_at: start, qualifications: JSON.stringify([qualification]) })
        .execute();
      expect(await registry.lookUp(nantes)).toMatchObject({
        organization: { suspended: true, qualifications: [qualification], fetchedAt: start.toISOString() },
      });
      expect(asked).toBe(1);
    } finally {
      await sql`alter table establishment drop constraint nobody`.execute(stores.db);
    }
  });

  test('a declaration of version N−1 counts before the answer, written or not', async () => {
    await stores.db
      .insertInto('organization')
      .values({
        siren: '214401093',
        name: 'Nantes, déclarée',
        legal_category: '9220',
        unit_state: 'C',
        rna: null,
        created_on: '1907-01-01',
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'La collectivité',
        source_date: '2026-10-01',
        updated_at: start,
      })
      .execute();
    await sql`alter table establishment add constraint nobody check (siret = '')`.execute(stores.db);
    const declared = {
      organization: {
        name: 'Nantes, déclarée',
        legalCategory: '9220',
        active: false,
        createdOn: '1907-01-01',
        source: 'La collectivité',
      },
    };
    try {
      expect(await registryOf().lookUp(nantes)).toMatchObject(declared);
      expect(problems).toHaveLength(1);
    } finally {
      await sql`alter table establishment drop constraint nobody`.execute(stores.db);
    }
    expect(await registryOf().lookUp(nantes)).toMatchObject(declared);
  });

  test('the catalogue reads it and asks nobody, whatever its age', async () => {
    const registry = registryOf();
    expect(await registry.held(nantes)).toEqual({ organization: undefined, absence: 'not_in_registry' });
    expect(asked).toBe(0);
    await registry.lookUp(nantes);
    now = days(31);
    expect(await registryOf().held(nantes)).toMatchObject({
      organization: { stale: true, fetchedAt: start.toISOString() },
      staleAt: days(30),
    });
    expect(asked).toBe(1);
  });
});

if (postgres !== undefined) {
  describe('while an import holds the register', () => {
    let shared: Stores;
    beforeAll(async () => {
      shared = await openRegisterIn(await postgres.createDatabase());
    }, 60_000);
    afterAll(() => shared.close());

    test('logins do not wait for it, nor take its connections; what they learned is written afterwards', async () => {
      const { db } = shared;
      const released = Promise.withResolvers<boolean>();
      const holding = asOnlyWriter(db, () => released.promise);
      const began = performance.now();
      const sirets = ['21440109300015', '21440109300023', '21440109300031', '21440109300049'].map(siretOf);
      const registry = registryOf(db);
      for (const siret of sirets) {
        answer = { ...found, establishment: { ...found.establishment, siret } };
        expect(await registry.lookUp(siret)).toMatchObject({ organization: { siret, active: true } });
      }
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(await db.selectFrom('establishment').select('siret').execute()).toEqual([]);
      released.resolve(true);
      await holding;
      await expect
        .poll(async () => (await db.selectFrom('establishment').select('siret').execute()).length)
        .toBe(4);
    });
  });
}
