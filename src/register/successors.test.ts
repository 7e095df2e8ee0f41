import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { loadTerritories, sirenOf } from '../organizations/organizations.ts';
import type { Siren, Siret, StatedFacts } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { correctFact } from './correct.ts';
import type { CorrectableFact } from './correctable.ts';
import type { Moved } from './elsewhere.ts';
import { createOrganizationRegistry } from './registry.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';
import { siret } from './testing/samples.ts';

const now = new Date('2026-11-22T12:00:00Z');
const duplicate = siret('21440109300015');
const successor = siret('13002526500013');
const last = siret('00000010900009');
const author = { given_name: 'Anne', usual_name: 'Martin', capacity: 'responsable', organization: 'DINUM' };
const territories = loadTerritories();

let stores: Stores;
beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());
beforeEach(() => emptyRegister(stores.db));

const moved: Moved = {
  kind: 'moved',
  source: 'api_sirene',
  asOf: '2026-11-22',
  successor: sirenOf(successor),
  organization: {
    siren: sirenOf(successor),
    facts: { name: 'DINUM', legalCategory: '7120', unitState: 'A', headOffice: successor },
  },
  establishment: { siret: successor, state: 'A', headOffice: true, communeCode: '75107' },
};

const registry = () =>
  createOrganizationRegistry({
    db: stores.db,
    territories: () => territories,
    clock: () => now,
    elsewhere: () => Promise.resolve(moved),
  });

async function hold(held: Siret, facts: StatedFacts = {}): Promise<void> {
  const applying = { source: 'sirene', asOf: '2026-11-01', now } as const;
  const told: StatedFacts = { name: held, legalCategory: '7120', unitState: 'A', ...facts };
  await applyOrganizations(stores.db, [{ siren: sirenOf(held), facts: told }], applying);
  await applyEstablishments(stores.db, [{ siret: held, state: 'A', headOffice: true }], applying);
}
const suspend = (siren: Siren) =>
  stores.db.updateTable('organization').set({ suspended_at: now }).where('siren', '=', siren).execute();
const correct = (held: Siret, fact: CorrectableFact, value: unknown) =>
  correctFact(stores.db, { organization: sirenOf(held), fact, value, reason: 'pièces vues', author, now });

const notPublic = { public: false, facets: [] };

describe.each(['fetched', 'imported'] as const)('a duplicate that was %s', (how) => {
  beforeEach(async () => {
    if (how === 'fetched') await registry().lookUp(duplicate);
    else {
      await hold(successor);
      await hold(duplicate, { successor: sirenOf(successor) });
    }
  });
  const seen = async () => (await registry().lookUp(duplicate)).organization;

  test('is as public and as free as its successor', async () => {
    expect(await seen()).toMatchObject({ siret: duplicate, publicService: true, suspended: false });
  });

  test('is suspended when its successor is', async () => {
    await suspend(sirenOf(successor));
    expect(await seen()).toMatchObject({ suspended: true });
    expect((await registry().bySirets([duplicate, successor])).map((one) => one.suspended)).toEqual([
      true,
      true,
    ]);
  });

  test('is suspended when it is itself; its successor is not', async () => {
    await suspend(sirenOf(duplicate));
    expect(await seen()).toMatchObject({ suspended: true });
    expect(await registry().bySiret(successor)).toMatchObject({ suspended: false });
  });

  test('is what an operator says that its successor is, and why can be seen', async () => {
    await correct(successor, 'publicService', notPublic);
    expect(await seen()).toMatchObject({
      publicService: false,
      origins: { publicService: { source: 'operator', correction: { reason: 'pièces vues' } } },
    });
  });

  test('is what an operator says of itself, before anything said of its successor', async () => {
    await correct(successor, 'publicService', notPublic);
    await correct(duplicate, 'publicService', { public: true, facets: [] });
    expect(await seen()).toMatchObject({ publicService: true });
  });

  test('keeps its numbers: what is corrected there belongs to one unit only', async () => {
    await correct(successor, 'rna', 'W751033362');
    expect((await seen())?.rna).toBeUndefined();
  });

  test('is closed when an operator says that its successor ceased', async () => {
    await correct(successor, 'unitState', 'C');
    expect(await seen()).toMatchObject({ active: false });
  });
});

test('a unit that ceased lives no more because an operator says that its successor does', async () => {
  await hold(successor, { unitState: 'C' });
  await hold(duplicate, { unitState: 'C', successor: sirenOf(successor) });
  await correct(successor, 'unitState', 'A');
  expect(await registry().bySiret(duplicate)).toMatchObject({ active: false });
});

test('an answer that cannot be written counts what is said of the successor', async () => {
  await hold(successor);
  await suspend(sirenOf(successor));
  await correct(successor, 'publicService', notPublic);
  await sql`alter table establishment add constraint nobody check (siret = ${sql.lit(successor)})`.execute(
    stores.db,
  );
  try {
    expect(await registry().lookUp(duplicate)).toMatchObject({
      organization: { siret: duplicate, suspended: true, publicService: false },
    });
    expect(await stores.db.selectFrom('establishment').select('siret').execute()).toEqual([
      { siret: successor },
    ]);
  } finally {
    await sql`alter table establishment drop constraint nobody`.execute(stores.db);
  }
});

describe('a chain', () => {
  test('is followed: the successor of a successor', async () => {
    await hold(last);
    await hold(successor, { successor: sirenOf(last) });
    await hold(duplicate, { successor: sirenOf(successor) });
    await suspend(sirenOf(last));
    await correct(last, 'publicService', notPublic);
    expect(await registry().bySiret(duplicate)).toMatchObject({ suspended: true, publicService: false });
  });

  test('the nearest is believed', async () => {
    await hold(last);
    await hold(successor, { successor: sirenOf(last) });
    await hold(duplicate, { successor: sirenOf(successor) });
    await correct(last, 'publicService', notPublic);
    await correct(successor, 'publicService', { public: true, facets: [] });
    expect(await registry().bySiret(duplicate)).toMatchObject({ publicService: true });
  });

  test('that turns in a circle, or leads out of the register, ends', async () => {
    await hold(successor, { successor: sirenOf(duplicate) });
    await hold(duplicate, { successor: sirenOf(successor) });
    await hold(last, { successor: sirenOf(siret('55203253400646')) });
    expect(await registry().bySirets([duplicate, successor, last])).toHaveLength(3);
  });
});
