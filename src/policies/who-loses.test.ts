import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyDeclarations } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { anApproval, anOrganization, aService } from '../declarations/testing/samples.ts';
import { parsePolicy } from '../eligibility/eligibility.ts';
import { demoDocument, demoPolicy } from '../eligibility/testing/factory.ts';
import { loadTerritories } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { openGrant } from '../storage/testing/open-grant.ts';
import { peopleWhoLose } from './who-loses.ts';

const now = new Date('2026-11-22T10:00:00Z');
const territories = loadTerritories();
const state = anOrganization.siret;
const [association, commune] = ['00000010900009', '21440109300015'];

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
  const named = (siret: string, name: string, category: string) => ({
    ...anOrganization,
    siret,
    name,
    legal_category: category,
  });
  await applyDeclarations(
    declaredWith({
      services: [aService],
      policies: [],
      memberships: [],
      organizations: [anOrganization, named(association, 'AMD', '9220'), named(commune, 'Nantes', '7210')],
      approvals: [anApproval],
    }),
    { db: stores.db, seal, clock: () => now },
  );
  const give = (account: string, siret: string, more: object = {}) =>
    openGrant(stores.db, { account, siret, ...more });
  await give('ada', state, { session: 'hers' });
  await give('ada', state, { session: 'hers', client: 'docs-mobile' });
  await give('bob', commune);
  await give('cleo', association);
  // Another service's tool, and what nobody can use any more.
  await give('dan', commune, { client: 'tchap' });
  await give('eve', commune, { until: new Date('2026-11-01') });
  await give('fay', commune, { revokedAt: new Date('2026-11-01') });
  // Of whom the register knows nothing: they are refused already.
  await give('gus', '55203253400646');
}, 60_000);
afterAll(() => stores.close());

const ask = (rules: readonly object[], more: { readonly most?: number; readonly validFrom?: string } = {}) =>
  peopleWhoLose(
    {
      before: demoPolicy('docs'),
      after: parsePolicy({
        ...demoDocument('docs'),
        version: 2,
        valid_from: more.validFrom ?? '2026-11-22',
        rules,
      }),
    },
    {
      db: stores.db,
      territories,
      now,
      clientIds: ['docs', 'docs-mobile'],
      ...(more.most !== undefined && { most: more.most }),
    },
  );
const approved = {
  id: 'approved',
  if: { approval: { service: 'docs', status: 'active' } },
  allow: { level: 'member', entitlements: ['use'] },
  basis: 'approval',
};

test('a draft that lets in those with an approval only shuts out the others who have the service open', async () => {
  expect(await ask([approved])).toEqual({
    organizations: 2,
    people: 2,
    sessions: 2,
    grants: 3,
    clients: ['docs', 'docs-mobile'],
    lookedAt: undefined,
  });
});

test('one that shuts out everybody shuts out the approved association too', async () => {
  expect(await ask([])).toMatchObject({ organizations: 3, people: 3, grants: 4 });
});

test('one that changes nothing for them shuts out nobody', async () => {
  const before = demoPolicy('docs');
  const needs = { db: stores.db, territories, now, clientIds: ['docs', 'docs-mobile'] };
  expect(await peopleWhoLose({ before, after: { ...before, version: 2 } }, needs)).toEqual({
    organizations: 0,
    people: 0,
    sessions: 0,
    grants: 0,
    clients: [],
    lookedAt: undefined,
  });
});

test('an approval that is over by the first day of the draft is not lost to the draft', async () => {
  expect(anApproval.ends_on).toBe('2028-12-31');
  expect(await ask([], { validFrom: '2029-12-31' })).toMatchObject({ organizations: 2, people: 2 });
});

test('it looks at so many grants, and says that there are more', async () => {
  expect(await ask([], { most: 1 })).toMatchObject({ lookedAt: 1 });
  const none = { db: stores.db, territories, now, clientIds: [] };
  expect(await peopleWhoLose({ before: undefined, after: demoPolicy('docs') }, none)).toMatchObject({
    people: 0,
    lookedAt: undefined,
  });
});
