import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDeclarations } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { anApproval, anOrganization, aService } from '../declarations/testing/samples.ts';
import { demoDocument, demoPolicy } from '../eligibility/testing/factory.ts';
import { anyMember, approvalsBetween, compare, parsePolicy } from '../eligibility/eligibility.ts';
import { loadTerritories, parseSiren } from '../organizations/organizations.ts';
import { createOrganizationRegistry, everyOrganization } from '../register/register.ts';
import type { Stores } from '../storage/storage.ts';
import { previewPolicy, totalOf } from './preview.ts';

const now = new Date('2026-11-22T10:00:00Z');
const territories = loadTerritories();

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
  const organization = (siret: string, name: string, category: string, more: object = {}) => ({
    ...anOrganization,
    siret,
    name,
    legal_category: category,
    ...more,
  });
  await applyDeclarations(
    declaredWith({
      services: [aService],
      policies: [],
      memberships: [],
      organizations: [
        anOrganization,
        organization('00000010900009', 'AMD', '9220'),
        organization('55203253400646', 'Danone', '5599'),
        organization('21440109300015', 'Nantes', '7210'),
        organization('33836505900017', 'Cap de Tout', '9230'),
      ],
      approvals: [anApproval, { ...anApproval, id: 'nobody', siren: '338840564' }],
    }),
    { db: stores.db, seal, clock: () => now },
  );
}, 180_000);
afterAll(() => stores.close());

const before = demoPolicy('docs');
/** Associations by themselves, the State alone, and only as guests. */
const after = parsePolicy({
  ...demoDocument('docs'),
  version: 2,
  valid_from: '2027-01-01',
  rules: [
    {
      id: 'state',
      if: { 'org.category': 'state' },
      allow: { level: 'guest', entitlements: ['use'] },
      basis: 'public_service',
    },
    {
      id: 'associations',
      if: { 'org.category': 'association' },
      allow: { level: 'member', entitlements: ['use', 'create_document'] },
      basis: 'open',
    },
  ],
});
const preview = (most?: number) =>
  previewPolicy({ before, after }, { db: stores.db, territories, now, ...(most !== undefined && { most }) });

describe('every organization', () => {
  it('has the facts that the registry gives of its head office, whatever the size of the batches', async () => {
    const registry = createOrganizationRegistry({
      db: stores.db,
      territories: () => territories,
      clock: () => now,
    });
    for (const batchSize of [1, 2, 5, 100]) {
      const sirens: string[] = [];
      for await (const { organizations } of everyOrganization(stores.db, { territories, now, batchSize }))
        for (const organization of organizations) {
          sirens.push(organization.siren);
          const siren = parseSiren(organization.siren);
          expect(siren && (await registry.bySiren(siren))).toEqual(organization);
        }
      expect(sirens).toEqual(['000000109', '130025265', '214401093', '338365059', '552032534']);
    }
  });

  it('may be left half-way', async () => {
    for await (const { organizations } of everyOrganization(stores.db, { territories, now, batchSize: 1 })) {
      expect(organizations).toHaveLength(1);
      break;
    }
  });

  it('counts the legal units in which nobody can sign in', async () => {
    await stores.db
      .insertInto('organization')
      .values({
        siren: '784523318',
        name: 'ACTA',
        legal_category: '9220',
        unit_state: 'A',
        rna: null,
        created_on: null,
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'test',
        source_date: '2026-11-01',
        updated_at: now,
      })
      .execute();
    expect((await preview()).withoutEstablishment).toBe(1);
    await stores.db.deleteFrom('organization').where('siren', '=', '784523318').execute();
  });
});

/** The same rules, that let a right go on after the end of its approval. */
const lenient = parsePolicy({
  ...demoDocument('docs'),
  version: 2,
  valid_from: '2027-01-01',
  rules: demoPolicy('docs').rules.map((rule) =>
    rule.basis === 'approval'
      ? { ...rule, grace: { days: 30, level: 'guest', entitlements: ['use'] } }
      : rule,
  ),
});

describe('the preview of a draft that lets rights go on', () => {
  const needs = () => ({ db: stores.db, territories, now });

  it('counts the approvals that would, whose organization changes nothing today', async () => {
    const { organizations, afterwards } = await previewPolicy({ before, after: lenient }, needs());
    expect(organizations).toMatchObject({ gains: 0, loses: 0, changes: 0 });
    expect(afterwards?.counts).toEqual({ goes_on: 1, stops: 0, changes: 0 });
    expect(afterwards?.listed.goes_on).toMatchObject([
      {
        name: 'AMD',
        approval: 'amd-docs',
        endsOn: anApproval.ends_on,
        before: { decision: 'deny', reason: 'approval_expired' },
        after: { decision: 'allow', level: 'guest', grace: { endedOn: anApproval.ends_on } },
      },
    ]);
  });

  it('and the reverse; nothing is said where neither version lets any go on', async () => {
    const { afterwards } = await previewPolicy({ before: lenient, after: before }, needs());
    expect(afterwards?.counts).toEqual({ goes_on: 0, stops: 1, changes: 0 });
    expect(afterwards?.listed.stops.map(({ approval }) => approval)).toEqual(['amd-docs']);
    expect((await preview()).afterwards).toBeUndefined();
    const bounded = await previewPolicy({ before, after: lenient }, { ...needs(), most: 0 });
    expect([bounded.afterwards?.counts.goes_on, bounded.afterwards?.listed.goes_on]).toEqual([1, []]);
  });
});

describe('the preview of a draft', () => {
  it('is the comparison of each organization, counted', async () => {
    const { organizations, byCategory, approvals, listed } = await preview();
    const at = new Date('2026-12-31T23:00:00Z');
    for await (const batch of everyOrganization(stores.db, { territories, now: at })) {
      const own = await approvalsBetween(stores.db, batch.after, batch.to);
      for (const organization of batch.organizations) {
        const { verdict } = compare(
          before,
          after,
          { ...anyMember(at), organization, approvals: own.get(organization.siren) ?? [] },
          at,
        );
        const found = Object.entries(listed).find(([, list]) =>
          list.some(({ siren }) => siren === organization.siren),
        );
        expect(found?.[0] ?? 'unchanged').toBe(verdict);
      }
    }
    expect(totalOf(organizations)).toBe(5);
    expect(byCategory.reduce((sum, { counts }) => sum + totalOf(counts), 0)).toBe(5);
    expect(totalOf(approvals) + approvals.absent).toBe(2);
  });

  it('says who, and why', async () => {
    const { listed, ...counts } = await preview();
    const shown = Object.values(listed)
      .flat()
      .map(({ name, fields, approvals, before: was, after: is }) => [
        name,
        was.rule ?? was.reason,
        is.rule ?? is.reason,
        fields.join(' '),
        approvals.join(' '),
        is.why
          .map(({ name: fact, value, source, asOf }) => `${fact} ${String(value)} ${source} ${asOf}`)
          .join(', '),
      ]);
    expect(shown).toEqual([
      ['Cap de Tout', 'approval_missing', 'associations', '', '', 'org.category association test 2026-11-21'],
      [
        'Nantes',
        'public-service',
        'not_eligible',
        '',
        '',
        'org.category local_authority test 2026-11-21, org.category local_authority test 2026-11-21',
      ],
      ['AMD', 'approved', 'associations', 'basis', 'amd-docs', 'org.category association test 2026-11-21'],
      ['DINUM', 'public-service', 'state', 'level entitlements', '', 'org.category state test 2026-11-21'],
    ]);
    const none = { gains: 0, loses: 0, changes: 0, unchanged: 0 };
    expect(counts).toEqual({
      complete: true,
      service: 'docs',
      before: 'docs@1',
      after: 'docs@2',
      at: '2026-12-31T23:00:00.000Z',
      organizations: { gains: 1, loses: 1, changes: 2, unchanged: 1 },
      byCategory: [
        { category: 'association', counts: { ...none, gains: 1, changes: 1 } },
        { category: 'company', counts: { ...none, unchanged: 1 } },
        { category: 'local_authority', counts: { ...none, loses: 1 } },
        { category: 'state', counts: { ...none, changes: 1 } },
      ],
      approvals: { ...none, changes: 1, absent: 1 },
      withoutEstablishment: 0,
    });
  });

  it('lists no more than asked, and counts them all', async () => {
    const { listed, organizations } = await preview(0);
    expect(Object.values(listed).flat()).toEqual([]);
    expect(organizations.gains).toBe(1);
  });
});
