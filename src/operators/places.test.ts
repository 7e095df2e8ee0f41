import { expect, test } from 'vitest';
import { openTestDatabase } from '../declarations/testing/database.ts';
import {
  isCommuneCode,
  loadTerritories,
  parseRna,
  parseSiret,
  sirenOf,
} from '../organizations/organizations.ts';
import { applyOrganizations, findNumbered } from '../register/register.ts';
import { placesOf } from './places.ts';

const now = new Date('2026-11-22T10:00:00Z');
const [siret, rna, dijon] = [parseSiret('00000010900009'), parseRna('W751234567'), '21231'];
if (siret === undefined || rna === undefined || !isCommuneCode(dijon)) throw new Error('sample');
const federation = sirenOf(siret);

test('many organizations are placed at once, by any of their numbers, under the federations above', async () => {
  const { db, close } = await openTestDatabase();
  try {
    await applyOrganizations(
      db,
      [
        { siren: federation, facts: { name: 'AMD', legalCategory: '9220' } },
        { rna, facts: { name: 'Les Amis', commune: dijon, parent: federation } },
      ],
      { source: 'organizations', asOf: '2026-11-01', now },
    );
    const { found } = await findNumbered(db, loadTerritories(), [federation, rna, '130025265']);
    expect([...(await placesOf(db, found))]).toEqual(
      expect.arrayContaining([
        [federation, { name: 'AMD', department: undefined, organizations: [federation] }],
        [rna, { name: 'Les Amis', department: '21', organizations: [rna, federation] }],
      ]),
    );
    // What the register does not hold lies nowhere.
    expect((await placesOf(db, found)).has('130025265')).toBe(false);
  } finally {
    await close();
  }
}, 60_000);
