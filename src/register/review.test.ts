// Approvals compared with a register that moves under them: each check tells what is new, what stays, what is settled.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StatedFacts } from '../organizations/organizations.ts';
import { parseSiret, sirenOf } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { reviewApprovals } from './review.ts';
import { markSeen, openFindings } from './open-findings.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';

const mayors = parseSiret('00000010900009');
if (mayors === undefined) throw new Error('not a SIRET');
const siren = sirenOf(mayors);
const decidedOn = '2026-01-15';
const now = new Date('2026-11-22T10:00:00Z');
const facts: StatedFacts = { name: 'AMD-FICTIF', legalCategory: '9220', unitState: 'A' };

describe('the review of approvals', () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openRegister();
  });
  afterAll(() => stores.close());
  beforeEach(async () => {
    await emptyRegister(stores.db);
    await stores.db.deleteFrom('register_review').execute();
    await stores.db.deleteFrom('approval').execute();
    await approve('amd-docs');
  });

  const approve = (id: string, changes: { ends_on?: string; status?: 'refused'; decided_on?: string } = {}) =>
    stores.db
      .insertInto('approval')
      .values({
        id,
        siren,
        service_id: 'docs',
        level: 'member',
        ground: 'members_all_public_law',
        reason: 'all members are public-law persons',
        starts_on: '2026-02-01',
        ends_on: '2028-12-31',
        status: 'active',
        decided_by: '{}',
        decided_on: decidedOn,
        origin: 'configuration',
        updated_at: now,
        ...changes,
      })
      .execute();
  const says = (said: StatedFacts, day: string) =>
    applyOrganizations(stores.db, [{ siren, facts: said }], {
      source: 'sirene',
      asOf: day,
      now: new Date(`${day}T12:00:00Z`),
    });
  const check = async (at = now) => {
    const { found, fresh, settled, checked } = await reviewApprovals(stores.db, { now: at, maxAgeDays: 90 });
    const short = (reviews: readonly { approvalId: string; reason: string }[]) =>
      reviews.map(({ approvalId, reason }) => `${approvalId} ${reason}`);
    return { checked, found: short(found), fresh: short(fresh), settled: short(settled) };
  };

  it('finds nothing while the register says what it said on the day of the decision', async () => {
    await says(facts, '2026-01-01');
    await says(facts, '2026-11-01');
    expect(await check()).toEqual({ checked: 1, found: [], fresh: [], settled: [] });
  });

  it('looks at approvals in force or to come, not at those refused or over', async () => {
    await approve('refused', { status: 'refused' });
    await approve('over', { ends_on: '2026-11-21' });
    await approve('last-day', { ends_on: '2026-11-22' });
    expect((await check()).found).toEqual(['amd-docs not_in_register', 'last-day not_in_register']);
  });

  it('tells a change once as new, then as still open, and settles it when it is gone', async () => {
    await says(facts, '2026-01-01');
    await says({ ...facts, legalCategory: '9221' }, '2026-10-01');
    const changed = 'amd-docs legal_category_changed';
    expect(await check()).toEqual({ checked: 1, found: [changed], fresh: [changed], settled: [] });
    expect(await check()).toEqual({ checked: 1, found: [changed], fresh: [], settled: [] });
    await says(facts, '2026-11-01');
    expect(await check()).toEqual({ checked: 1, found: [], fresh: [], settled: [changed] });
    expect(await check()).toEqual({ checked: 1, found: [], fresh: [], settled: [] });
    const rows = await stores.db.selectFrom('register_review').select(['detail', 'settled_at']).execute();
    expect(rows).toEqual([{ detail: '9220 → 9221', settled_at: now }]);
  });

  it('keeps as seen what an operator has seen, whatever check comes, until it says something else', async () => {
    const seen = async () =>
      (await reviewApprovals(stores.db, { now, maxAgeDays: 90 })).found.map(
        ({ detail, seen: isSeen, foundAt }) => ({
          detail,
          isSeen,
          foundAt,
        }),
      );
    await says({ ...facts, name: 'A' }, '2026-01-01');
    await says({ ...facts, name: 'B' }, '2026-10-01');
    const before = new Date('2026-10-02T10:00:00Z');
    const renamed = ['amd-docs renamed'];
    expect(await check(before)).toMatchObject({ found: renamed, fresh: renamed });
    await markSeen(stores.db, await openFindings(stores.db, ['amd-docs']));
    expect(await check()).toMatchObject({ found: renamed, fresh: [], settled: [] });
    expect(await seen()).toEqual([{ detail: 'A → B', isSeen: true, foundAt: before }]);

    // Another name is new, and of today; so is the same one once the register had taken it back.
    await says({ ...facts, name: 'C' }, '2026-11-01');
    expect(await check()).toMatchObject({ found: renamed, fresh: renamed });
    expect(await seen()).toEqual([{ detail: 'A → C', isSeen: false, foundAt: now }]);
    expect(await check()).toMatchObject({ found: renamed, fresh: [] });
    await markSeen(stores.db, await openFindings(stores.db, ['amd-docs']));
    await says({ ...facts, name: 'A' }, '2026-11-02');
    expect(await check()).toMatchObject({ found: [], settled: renamed });
    await says({ ...facts, name: 'C' }, '2026-11-03');
    expect(await check()).toMatchObject({ found: renamed, fresh: renamed });
  });

  it('does not see what a check has changed while it was read', async () => {
    await says({ ...facts, name: 'A' }, '2026-01-01');
    await says({ ...facts, name: 'B' }, '2026-10-01');
    await check();
    const read = await openFindings(stores.db, ['amd-docs']);
    await says({ ...facts, name: 'C' }, '2026-11-01');
    await check();
    await markSeen(stores.db, read);
    expect(await openFindings(stores.db, ['amd-docs'])).toMatchObject([{ detail: 'A → C', seen: false }]);
  });

  it.each([
    ['rna_shared', true],
    ['rna_shared, rna_disagreement', true],
    ['rna_shared, siren_shared', false],
  ])('doubts that were seen are nothing new with fewer of them: %s', async (detail, seen) => {
    const finding = { approval_id: 'amd-docs', organization: siren, reason: 'sources_disagree' };
    await stores.db
      .insertInto('register_review')
      .values({
        ...finding,
        detail,
        seen_detail: 'rna_disagreement, rna_shared',
        found_at: now,
        seen_again_at: now,
        settled_at: null,
      })
      .execute();
    expect(await openFindings(stores.db, ['amd-docs'])).toMatchObject([{ detail, seen }]);
  });

  it('does not take for a change what had changed before the decision, its own day included', async () => {
    await says({ ...facts, legalCategory: '9221' }, '2025-12-01');
    await says(facts, decidedOn);
    await says(facts, '2026-11-01');
    expect((await check()).found).toEqual([]);
  });

  it('sees a unit that ceased, and one whose establishments are all closed', async () => {
    await says({ ...facts, unitState: 'C' }, '2026-11-01');
    expect((await check()).found).toEqual(['amd-docs unit_closed']);
    await says(facts, '2026-11-02');
    await applyEstablishments(stores.db, [{ siret: mayors, state: 'F', headOffice: true }], {
      source: 'sirene',
      asOf: '2026-11-02',
      now,
    });
    expect((await check()).found).toEqual(['amd-docs every_establishment_closed']);
  });

  it('sees a head office that is closed while another site is open, and none where no site is the head office', async () => {
    await says(facts, '2026-11-01');
    const other = parseSiret('00000010900017');
    if (other === undefined) throw new Error('not a SIRET');
    const sites = (headOffice: boolean) =>
      applyEstablishments(
        stores.db,
        [
          { siret: mayors, state: 'F', headOffice },
          { siret: other, state: 'A', headOffice: false },
        ],
        { source: 'sirene', asOf: '2026-11-02', now },
      );
    await sites(true);
    expect((await check()).found).toEqual(['amd-docs head_office_closed']);
    await sites(false);
    expect((await check()).found).toEqual([]);
  });

  it('sees a head office that moved to another commune, which only the establishments say', async () => {
    const sites = (day: string, ...records: Parameters<typeof applyEstablishments>[1]) =>
      applyEstablishments(stores.db, records, {
        source: 'sirene',
        asOf: day,
        now: new Date(`${day}T12:00:00Z`),
      });
    const [elsewhere, near] = [parseSiret('00000010900025'), parseSiret('00000010900033')];
    if (elsewhere === undefined || near === undefined) throw new Error('not a SIRET');
    const former = { siret: mayors, state: 'A', headOffice: true, communeCode: '56260' } as const;
    await says(facts, '2026-01-01');
    await says(facts, '2026-11-01');
    await sites('2026-01-01', former);
    // A commune that merged has another code, and nobody has moved.
    await sites('2026-09-01', { ...former, communeCode: '56261' });
    expect((await check()).found).toEqual([]);
    // Not out of its commune, though to another establishment.
    await sites('2026-09-02', former, { ...former, siret: near });
    expect((await check()).found).toEqual([]);
    await sites('2026-11-01', { ...former, siret: elsewhere, communeCode: '44109' });
    const { found } = await reviewApprovals(stores.db, { now, maxAgeDays: 90 });
    expect(found).toMatchObject([{ reason: 'head_office_moved', detail: '56260 → 44109' }]);
    // What it was on the day of the decision is compared, not what it was last.
    await approve('decided-later', { decided_on: '2026-11-01' });
    expect((await check()).found).toEqual(['amd-docs head_office_moved']);
    await sites('2026-11-02', former);
    expect((await check()).found).toEqual(['decided-later head_office_moved']);
  });

  it('is not told that an organization has another name by the files that declare it', async () => {
    await says({ ...facts, name: 'ASS DES MAIRES' }, '2026-01-01');
    await applyOrganizations(stores.db, [{ siren, facts: { name: 'Association des maires' } }], {
      source: 'configuration',
      asOf: '2026-11-21',
      now,
    });
    expect((await check()).found).toEqual([]);
  });

  it('finds facts outdated ninety days after the newest of them', async () => {
    await says(facts, '2026-08-24');
    expect((await check()).found).toEqual([]);
    expect((await check(new Date('2026-11-23T10:00:00Z'))).found).toEqual(['amd-docs facts_outdated']);
  });

  it('reads by its columns what the version before wrote', async () => {
    await stores.db
      .insertInto('organization')
      .values({
        siren,
        name: 'AMD-FICTIF',
        legal_category: '9220',
        unit_state: 'C',
        rna: null,
        created_on: null,
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'sirene',
        source_date: '2026-01-01',
        updated_at: now,
      })
      .execute();
    expect((await check()).found).toEqual(['amd-docs unit_closed', 'amd-docs facts_outdated']);
  });
});
