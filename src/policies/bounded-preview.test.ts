import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDeclarations } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { anOrganization } from '../declarations/testing/samples.ts';
import { demoPolicy } from '../eligibility/testing/factory.ts';
import { loadTerritories } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { createBoundedPreview } from './bounded-preview.ts';
import { totalOf } from './preview.ts';

const now = new Date('2026-11-22T10:00:00Z');
const territories = loadTerritories();
const policy = demoPolicy('docs');
const versions = { before: undefined, after: policy };

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
  await applyDeclarations(declaredWith({ organizations: [anOrganization] }), {
    db: stores.db,
    seal,
    clock: () => now,
  });
}, 180_000);
afterAll(() => stores.close());

const bounded = (elapsed?: () => number) =>
  createBoundedPreview({
    needs: () => ({ db: stores.db, territories, now }),
    mostMs: 1000,
    ...(elapsed !== undefined && { elapsed }),
  });

describe('a preview for somebody who waits', () => {
  it('is complete when there is time for it', async () => {
    const found = await bounded()(versions, () => true);
    expect(found?.preview.complete).toBe(true);
    expect(totalOf(found?.preview.organizations ?? { gains: 0, loses: 0, changes: 0, unchanged: 0 })).toBe(1);
  });

  it('says that it is not when the time is over or nobody waits any more', async () => {
    let clock = 0;
    const slow = await bounded(() => (clock += 1000))(versions, () => true);
    expect(slow?.preview).toMatchObject({ complete: false, approvals: { absent: 0 } });
    expect(slow?.tookMs).toBeGreaterThanOrEqual(1000);
    expect((await bounded()(versions, () => false))?.preview.complete).toBe(false);
  });

  it('is made once at a time, and again after one that failed', async () => {
    const preview = bounded();
    const [first, second] = await Promise.all([preview(versions, () => true), preview(versions, () => true)]);
    expect([first?.preview.complete, second]).toEqual([true, undefined]);
    const failure = new Error('gone');
    await expect(
      preview(versions, () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect((await preview(versions, () => true))?.preview.complete).toBe(true);
  });
});
