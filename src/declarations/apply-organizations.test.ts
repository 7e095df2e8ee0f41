import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSiren, parseSiret } from '../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations } from '../register/register.ts';
import type { Stores } from '../storage/storage.ts';
import { applyDeclarations } from './apply.ts';
import type { DeclaredSet } from './declared-set.ts';
import { declaredWith, openTestDatabase, seal } from './testing/database.ts';
import { anOrganization } from './testing/samples.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
}, 180_000);
afterAll(() => stores.close());
beforeEach(async () => {
  for (const table of ['register_change', 'establishment', 'organization'] as const)
    await stores.db.deleteFrom(table).execute();
});

const clock = () => new Date('2026-11-22T10:00:00Z');
const apply = async (declared: DeclaredSet) => {
  const { changes } = await applyDeclarations(declared, { db: stores.db, seal, clock });
  return { changes: changes.filter(({ kind }) => kind === 'organization') };
};
const rows = async () => ({
  organizations: await stores.db.selectFrom('organization').selectAll().execute(),
  establishments: await stores.db.selectFrom('establishment').selectAll().execute(),
});

describe('what the registers say of a declared organization', () => {
  const siren = parseSiren('130025265');
  const siret = parseSiret('13002526500013');
  if (siren === undefined || siret === undefined) throw new Error('samples');
  const now = clock();

  it('is no difference from the files, and stays beside what they say', async () => {
    await apply(declaredWith());
    const imported = { source: 'sirene', asOf: '2026-11-22', now, importId: 1 } as const;
    const facts = { name: 'DIRECTION', legalCategory: '7113', sizeBand: '21' } as const;
    await applyOrganizations(stores.db, [{ siren, facts }], imported);
    await applyEstablishments(stores.db, [{ siret, state: 'F', headOffice: false }], imported);
    expect((await apply(declaredWith())).changes).toEqual([]);
    const all = await rows();
    expect(all.organizations[0]).toMatchObject({ name: 'DINUM', legal_category: '7120', size_band: '21' });
    expect(all.establishments[0]).toMatchObject({ state: 'F', source: 'sirene' });
    const { changes } = await apply(
      declaredWith({ organizations: [{ ...anOrganization, commune: '75107' }] }),
    );
    expect(changes.map(({ fields }) => fields)).toMatchObject([[{ field: 'commune', after: '75107' }]]);
    expect((await rows()).establishments[0]).toMatchObject({ state: 'A', source: 'configuration' });
  });

  it('does not stand for a declaration: what only a register knows is added', async () => {
    const imported = { source: 'sirene', asOf: '2026-11-22', now } as const;
    await applyOrganizations(stores.db, [{ siren, facts: { name: 'DIRECTION' } }], imported);
    await applyEstablishments(stores.db, [{ siret, state: 'A', headOffice: true }], imported);
    const { changes } = await apply(declaredWith());
    expect(changes.find(({ kind }) => kind === 'organization')).toMatchObject({ change: 'added' });
    expect((await apply(declaredWith())).changes).toEqual([]);
  });

  it('says whether it is active, where the files do not', async () => {
    await apply(declaredWith());
    const ceased = { source: 'sirene', asOf: '2026-11-20', now } as const;
    await applyOrganizations(stores.db, [{ siren, facts: { name: 'DIRECTION', unitState: 'C' } }], ceased);
    expect((await rows()).organizations[0]).toMatchObject({ unit_state: 'C', flags: '["unit_closed"]' });
    expect((await apply(declaredWith())).changes).toEqual([]);
    const { changes } = await apply(
      declaredWith({ organizations: [{ ...anOrganization, unit_state: 'A' }] }),
    );
    expect(changes.map(({ fields }) => fields)).toEqual([[{ field: 'unit_state', after: 'A' }]]);
    expect((await rows()).organizations[0]).toMatchObject({
      unit_state: 'A',
      flags: '["unit_state_disagreement"]',
    });
  });

  it('is not hidden by a state that the version before wrote where the files said none', async () => {
    await apply(declaredWith({ organizations: [{ ...anOrganization, unit_state: 'A' }] }));
    const { changes } = await apply(declaredWith());
    expect(changes.map(({ fields }) => fields)).toEqual([[{ field: 'unit_state', before: 'A' }]]);
    expect((await apply(declaredWith())).changes).toEqual([]);
  });

  it('declared by version N−1, it is compared column by column', async () => {
    await apply(declaredWith());
    await stores.db.updateTable('organization').set({ statements: '{}' }).execute();
    await stores.db.deleteFrom('register_change').execute();
    await stores.db
      .updateTable('establishment')
      .set({ source: 'configuration', source_date: null })
      .execute();
    expect((await apply(declaredWith())).changes).toEqual([]);
    const { changes } = await apply(declaredWith({ organizations: [{ ...anOrganization, name: 'New' }] }));
    expect(changes.map(({ fields }) => fields)).toEqual([[{ field: 'name', before: 'DINUM', after: 'New' }]]);
  });
});

it('several establishments of one legal unit are one organization', async () => {
  await apply(
    declaredWith({
      organizations: [
        anOrganization,
        { ...anOrganization, siret: '13002526500021', head_office: false, establishment_state: 'F' },
      ],
    }),
  );
  const { organizations, establishments } = await rows();
  expect(organizations).toHaveLength(1);
  expect(establishments.map(({ siret, state, head_office: head }) => [siret, state, head])).toEqual([
    ['13002526500013', 'A', true],
    ['13002526500021', 'F', false],
  ]);
});
