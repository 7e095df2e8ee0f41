import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays, parisDate } from '../../eligibility/eligibility.ts';
import type { Stores } from '../../storage/storage.ts';
import type { RegistrationFile } from '../file.ts';
import { createEvidencePurge } from './purge.ts';
import { listEvidence } from './store.ts';
import { backEnds, now, one, other } from './testing/databases.ts';
import type { Opened } from './testing/databases.ts';
import { pdf } from './testing/sample-files.ts';

const databases = await backEnds('Purge of files, on PostgreSQL');
afterAll(() => databases.stop());

describe.each(databases.names)('on %s', (_name, open) => {
  let opened: Opened;
  let stores: Stores;
  const put = (...piece: Parameters<Opened['put']>) => opened.put(...piece);
  const draft = (...file: Parameters<Opened['draft']>) => opened.draft(...file);
  beforeAll(async () => {
    opened = await open();
    stores = opened.stores;
  }, 120_000);
  afterAll(() => opened.close());
  beforeEach(() => opened.reset());

  describe('the purge', () => {
    const ended: RegistrationFile = {
      id: one,
      version: 1,
      accountId: 'a',
      requests: [
        {
          service: 'docs',
          state: 'refused',
          decided: { as: 'refused', on: '2024-11-22', text: 'x' },
          reminded: [],
        },
      ],
      receivedOn: '2024-10-01',
      pauses: [],
      events: [],
    };
    const purging = (at: string, known: readonly RegistrationFile[] = []) => {
      const records: unknown[] = [];
      const jobs = createEvidencePurge({
        db: stores.db,
        clock: () => new Date(at),
        fileOf: async (_trx, id) => known.find((file) => file.id === id),
        record: async (_trx, _at, { id, what, pieces }) => void records.push([id, what, pieces.length]),
      });
      return { ...jobs, records };
    };

    it('deletes a draft that nobody touched for 90 days, whole, and no other', async () => {
      await put(one, pdf());
      await draft('D-26-0000000C', { stage: 'ended', sentAt: now });
      const lastDay = purging(`${addDays(parisDate(now), 89)}T22:00:00Z`);
      expect(await lastDay.drafts(100)).toBe(0);
      const { drafts, records } = purging(`${addDays(parisDate(now), 90)}T10:00:00Z`);
      expect(await drafts(1)).toBe(1);
      expect(await drafts(100)).toBe(1);
      expect(await drafts(100)).toBe(0);
      expect(records).toEqual([
        [one, 'draft', 0],
        [other, 'draft', 0],
      ]);
      expect(await stores.db.selectFrom('evidence').select('id').execute()).toEqual([]);
      expect(await stores.db.selectFrom('registration').select('id').execute()).toEqual([
        { id: 'D-26-0000000C' },
      ]);
    });

    it('destroys a refused file two years later, on that day, once', async () => {
      await stores.db.deleteFrom('registration').execute();
      await draft(one, { stage: 'ended', sentAt: new Date('2024-10-01T10:00:00Z') });
      await put(one, pdf());
      const early = purging('2026-11-21T22:00:00Z', [ended]);
      expect(await early.files(100)).toBe(1);
      expect(early.records).toEqual([]);
      const { files, records } = purging('2026-11-22T00:00:00Z', [ended]);
      expect(await files(100)).toBe(1);
      expect(await files(100)).toBe(0);
      expect(records).toEqual([[one, 'file', 1]]);
      expect(await listEvidence(stores.db, one)).toMatchObject([
        { destroyedAt: new Date('2026-11-22T00:00:00Z') },
      ]);
    });

    it('goes past a file that it cannot read', async () => {
      for (const id of [one, other])
        await stores.db
          .updateTable('registration')
          .set({ stage: 'ended', submitted_at: new Date('2024-10-01T10:00:00Z') })
          .where('id', '=', id)
          .execute();
      await put(one, pdf());
      await put(other, pdf());
      const records: string[] = [];
      const { files } = createEvidencePurge({
        db: stores.db,
        clock: () => now,
        fileOf: async (_trx, id) => {
          if (id === one) throw new Error('unreadable');
          return { ...ended, id };
        },
        record: async (_trx, _at, { id }) => void records.push(id),
      });
      await expect(files(100)).rejects.toThrow('unreadable');
      await files(100);
      expect(records).toEqual([other]);
    });
  });
});
