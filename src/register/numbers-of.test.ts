import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sirenOf } from '../organizations/organizations.ts';
import type { Source } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyOrganizations } from './apply-organizations.ts';
import type { OrganizationRecord } from './applying.ts';
import { numbersOf } from './numbers-of.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';
import { rna, siret } from './testing/samples.ts';

const now = new Date('2026-11-22T12:00:00Z');
const number = rna('W561000001');
const one = sirenOf(siret('00000010900009'));
const another = sirenOf(siret('13002526500013'));
const entry = 'AM-SELESTAT-12-34';

let stores: Stores;
beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());
beforeEach(() => emptyRegister(stores.db));

const say = (source: Source, record: OrganizationRecord) =>
  applyOrganizations(stores.db, [record], { source, asOf: '2026-11-01', now });
const declared = () => say('rna', { rna: number, facts: { name: 'Amicale' } });
const unit = (siren: typeof one, legalCategory: string) =>
  say('sirene', { siren, facts: { name: 'Amicale', legalCategory, rna: number } });

test('an association is found by its RNA number before it has a SIREN, and after', async () => {
  await declared();
  expect(await numbersOf(stores.db, number)).toEqual({ id: number, all: [number] });
  await unit(one, '9220');
  expect(await numbersOf(stores.db, number)).toEqual({ id: one, all: [number, one] });
  expect(await numbersOf(stores.db, one)).toEqual({ id: one, all: [one, number] });
});

test('and by its entry in the register of a court', async () => {
  await say('organizations', { localRegister: entry, facts: { name: 'Chorale', legalCategory: '9260' } });
  await say('sirene', {
    siren: one,
    localRegister: entry,
    facts: { name: 'CHORALE', legalCategory: '9260' },
  });
  expect(await numbersOf(stores.db, entry)).toEqual({ id: one, all: [entry, one] });
});

test('a company that bears the number is somebody else', async () => {
  await declared();
  await unit(one, '5499');
  expect(await numbersOf(stores.db, number)).toEqual({ id: number, all: [number] });
  expect(await numbersOf(stores.db, one)).toEqual({ id: one, all: [one] });
});

test('a number that several bear means none of them', async () => {
  await unit(one, '9220');
  await unit(another, '9220');
  expect(await numbersOf(stores.db, number)).toBeUndefined();
  expect(await numbersOf(stores.db, 'W561009999')).toBeUndefined();
  expect(await numbersOf(stores.db, 'W\0')).toBeUndefined();
});
