import type { Insertable } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSeal } from '../config/config.ts';
import type { Database, Stores } from '../storage/storage.ts';
import { rewritten } from '../audit/testing/record.ts';
import { applyDeclarations } from './apply.ts';
import { emptySet } from './declared-set.ts';
import type { DeclaredSet } from './declared-set.ts';
import { formatDiff } from './diff.ts';
import { idpSecret, idpSecretPurpose } from './idp-secret.ts';
import { declaredWith, openTestDatabase, seal } from './testing/database.ts';
import {
  anApproval,
  aClient,
  aMembership,
  anIdp,
  anOperator,
  anOrganization,
  aPolicy,
  aService,
} from './testing/samples.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
}, 180_000);
afterAll(() => stores.close());
beforeEach(async () => {
  const { db } = stores;
  for (const table of [
    'declared_object',
    'approval',
    'declared_membership',
    'establishment',
    'organization',
  ] as const) {
    await db.deleteFrom(table).execute();
  }
  await db.updateTable('declared_revision').set({ revision: 0 }).execute();
});

const clock = () => new Date('2026-11-22T10:00:00Z');
const apply = (declared: DeclaredSet, options: { dryRun?: boolean; seal?: typeof seal } = {}) =>
  applyDeclarations(declared, { db: stores.db, seal, clock, ...options });

async function everything() {
  const { db } = stores;
  return {
    objects: await db.selectFrom('declared_object').selectAll().orderBy('kind').orderBy('id').execute(),
    approvals: await db.selectFrom('approval').selectAll().orderBy('id').execute(),
    memberships: await db.selectFrom('declared_membership').selectAll().execute(),
    organizations: await db.selectFrom('organization').selectAll().orderBy('siren').execute(),
    establishments: await db.selectFrom('establishment').selectAll().orderBy('siret').execute(),
    revision: (await db.selectFrom('declared_revision').select('revision').executeTakeFirst())?.revision,
  };
}

const kinds = [
  'service',
  'identity_provider',
  'client',
  'policy',
  'operator',
  'organization',
  'approval',
  'membership',
];

describe('applying', () => {
  it('writes each kind where it belongs, and raises the revision once', async () => {
    const { changes } = await apply(declaredWith());
    expect(changes.map(({ kind, change }) => [kind, change])).toEqual(kinds.map((kind) => [kind, 'added']));
    const all = await everything();
    expect(all.revision).toBe(1);
    expect(all.objects.map(({ kind, id }) => [kind, id])).toEqual([
      ['client', 'docs'],
      ['identity_provider', 'etat'],
      ['operator', 'ada-martin'],
      ['policy', 'docs@1'],
      ['service', 'docs'],
    ]);
    expect(all.approvals[0]).toMatchObject({
      siren: '000000109',
      service_id: 'docs',
      starts_on: '2026-01-01',
      ends_on: '2028-12-31',
      status: 'active',
      origin: 'configuration',
    });
    expect(JSON.parse(all.approvals[0]?.decided_by ?? '')).toEqual(anApproval.decided_by);
    expect(all.memberships[0]).toMatchObject({
      idp_id: 'etat',
      subject: 'person/1',
      verified_at: new Date('2026-01-05T08:00:00Z'),
    });
    expect(all.organizations[0]).toMatchObject({
      siren: '130025265',
      legal_category: '7120',
      unit_state: 'A',
      suspended_at: null,
    });
    expect(all.establishments[0]).toMatchObject({ siret: '13002526500013', state: 'A', head_office: true });
  });

  it('the same again does nothing, and leaves revision and dates alone', async () => {
    await apply(declaredWith());
    const before = await everything();
    const diff = await apply(declaredWith());
    expect(diff).toEqual({ changes: [], same: kinds.length });
    expect(formatDiff(diff)).toMatch(/^Nothing to do/);
    expect(await everything()).toEqual(before);
  });

  it('keeps no secret in clear', async () => {
    await apply(declaredWith());
    const text = JSON.stringify(await everything());
    expect(text).not.toContain(aClient.client_secret);
    expect(text).not.toContain(anIdp.client_secret);
  });

  it('gives back the secret of an identity provider to who holds the keys', async () => {
    await apply(declaredWith());
    const row = await stores.db
      .selectFrom('declared_object')
      .select('document')
      .where('kind', '=', 'identity_provider')
      .executeTakeFirstOrThrow();
    const sealed = z.object({ client_secret_sealed: z.string() }).parse(JSON.parse(row.document));
    expect(await idpSecret(seal, sealed)).toBe(anIdp.client_secret);
    expect(
      await idpSecret(createSeal(['another-encryption-key-of-32-characters'], idpSecretPurpose), sealed),
    ).toBeUndefined();
    expect(await idpSecret(seal, {})).toBeUndefined();
  });

  it('seals again a secret that the keys no longer open', async () => {
    await apply(declaredWith());
    const newKeys = createSeal(['another-encryption-key-of-32-characters'], idpSecretPurpose);
    const { changes } = await apply(declaredWith(), { seal: newKeys });
    expect(changes).toEqual([
      { kind: 'identity_provider', id: 'etat', change: 'changed', fields: [{ field: 'client_secret' }] },
    ]);
    expect((await apply(declaredWith(), { seal: newKeys })).changes).toEqual([]);
  });

  it.each([
    ['services', { ...aService, url: 'https://new.test/' }, 'service', 'url'],
    ['clients', { ...aClient, scope: 'openid' }, 'client', 'scope'],
    [
      'clients',
      { ...aClient, client_secret: 'another-secret-0123456789-0123456789-0123456789' },
      'client',
      'client_secret_sha256',
    ],
    [
      'identity_providers',
      { ...anIdp, client_secret: 'another-secret' },
      'identity_provider',
      'client_secret',
    ],
    ['identity_providers', { ...anIdp, enabled: false }, 'identity_provider', 'enabled'],
    ['policies', { ...aPolicy, default: { deny: 'approval_missing' } }, 'policy', 'default'],
    ['operators', { ...anOperator, roles: ['reader'] }, 'operator', 'roles'],
    ['operators', { ...anOperator, perimeter: { services: ['docs'] } }, 'operator', 'perimeter'],
    ['approvals', { ...anApproval, status: 'suspended' }, 'approval', 'status'],
    ['approvals', { ...anApproval, ends_on: '2029-12-31' }, 'approval', 'ends_on'],
    ['memberships', { ...aMembership, level: 'official_source' }, 'membership', 'level'],
    [
      'memberships',
      { ...aMembership, verified_at: '2026-02-05T09:00:00+01:00' },
      'membership',
      'verified_at',
    ],
    ['organizations', { ...anOrganization, unit_state: 'C' }, 'organization', 'unit_state'],
    ['organizations', { ...anOrganization, commune: '75056' }, 'organization', 'commune'],
    ['organizations', { ...anOrganization, establishment_state: 'F' }, 'organization', 'establishment_state'],
  ])('a change in %s %j is one change of one field, then none', async (section, object, kind, field) => {
    await apply(declaredWith());
    const changed = declaredWith({ [section]: [object] });
    const { changes } = await apply(changed);
    expect(
      changes.map((change) => [change.kind, change.change, change.fields.map((one) => one.field)]),
    ).toEqual([[kind, 'changed', [field]]]);
    expect((await apply(changed)).changes).toEqual([]);
    expect((await everything()).revision).toBe(2);
  });

  it('takes out what is no longer declared, except organizations', async () => {
    await apply(declaredWith());
    const { changes } = await apply(emptySet);
    expect(changes.map(({ kind, change }) => [kind, change])).toEqual([
      ['client', 'removed'],
      ['identity_provider', 'removed'],
      ['operator', 'removed'],
      ['policy', 'removed'],
      ['service', 'removed'],
      ['approval', 'removed'],
      ['membership', 'removed'],
    ]);
    const all = await everything();
    expect([all.objects, all.approvals, all.memberships]).toEqual([[], [], []]);
    expect(all.organizations).toHaveLength(1);
    expect((await apply(emptySet)).changes).toEqual([]);
  });

  it('only says what it would do, when asked so', async () => {
    const before = await everything();
    expect((await apply(declaredWith(), { dryRun: true })).changes).toHaveLength(kinds.length);
    expect(await everything()).toEqual(before);
  });

  it('gives no other issuer to an identity provider at which people are declared, and changes nothing', async () => {
    await apply(declaredWith());
    const before = await everything();
    const moved = declaredWith({ identity_providers: [{ ...anIdp, issuer: 'https://successor.test' }] });
    await expect(apply(moved)).rejects.toMatchObject({ code: 'M-CONF-002' });
    expect(await everything()).toEqual(before);
  });
  it('leaves everything as it was when one write fails', async () => {
    await apply(declaredWith());
    const before = await everything();
    const impossible = declaredWith({ services: [{ ...aService, url: 'https://new.test/' }] });
    const broken: DeclaredSet = {
      ...impossible,
      // What no file can say: the database refuses it after the service was written.
      approvals: impossible.approvals.map((approval) => ({ ...approval, reason: '' })),
    };
    await expect(apply(broken)).rejects.toThrow();
    expect(await everything()).toEqual(before);
  });

  it('several at once end as if they had come one after the other', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => apply(declaredWith())));
    expect(results.filter(({ changes }) => changes.length > 0)).toHaveLength(1);
    expect((await everything()).revision).toBe(1);
  });
});

describe('what operators decided elsewhere', () => {
  const foreign: Insertable<Database['approval']> = {
    id: 'operator-1',
    siren: '000000109',
    service_id: 'tchap',
    level: 'member',
    ground: 'operator_doctrine',
    reason: 'r',
    starts_on: '2026-01-01',
    ends_on: '2026-12-31',
    status: 'active',
    decided_by: '{}',
    decided_on: '2026-01-01',
    origin: 'registration',
    updated_at: clock(),
  };

  it('is neither compared nor removed', async () => {
    await stores.db.insertInto('approval').values(foreign).execute();
    expect((await apply(declaredWith())).changes.filter(({ change }) => change === 'removed')).toEqual([]);
    expect((await everything()).approvals).toHaveLength(2);
  });

  it('is not overwritten by a file that uses its id: nothing is applied', async () => {
    await stores.db.insertInto('approval').values(foreign).execute();
    const before = await everything();
    await expect(apply(declaredWith({ approvals: [{ ...anApproval, id: 'operator-1' }] }))).rejects.toThrow(
      'belongs to a decision of an operator',
    );
    expect(await everything()).toEqual(before);
  });

  it('suspensions and qualifications stay, unless the files speak of them', async () => {
    const since = new Date('2026-11-01T00:00:00Z');
    await apply(declaredWith());
    await stores.db
      .updateTable('organization')
      .set({ suspended_at: since, qualifications: '[{"id":"rup","startsOn":"2026-01-01"}]' })
      .execute();
    expect((await apply(declaredWith())).changes).toEqual([]);
    await apply(declaredWith({ organizations: [{ ...anOrganization, name: 'New name' }] }));
    expect((await everything()).organizations[0]).toMatchObject({
      name: 'New name',
      suspended_at: since,
      qualifications: '[{"id":"rup","startsOn":"2026-01-01"}]',
    });
    await apply(declaredWith({ organizations: [{ ...anOrganization, name: 'New name', suspended: true }] }));
    expect((await everything()).organizations[0]?.suspended_at).toEqual(since);
    await apply(
      declaredWith({ organizations: [{ ...anOrganization, suspended: false, qualifications: [] }] }),
    );
    expect((await everything()).organizations[0]).toMatchObject({ suspended_at: null, qualifications: '[]' });
  });
});

it('an approval that is declared, and rewritten by hand, is found by the verification of the record', async () => {
  await apply(declaredWith({ approvals: [anApproval] }));
  const longer = `update approval set ends_on = '2031-12-31' where id = '${anApproval.id}'`;
  const found = { kind: 'altered', table: 'approval', key: anApproval.id };
  expect(await rewritten(stores.db, longer)).toContainEqual(expect.objectContaining(found));
});
