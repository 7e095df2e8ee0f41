import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { startPageServer } from '../../../test/browser/page-server.ts';
import type { Stores } from '../../storage/storage.ts';
import { contentDisposition, sendEvidence } from './send.ts';
import { destroyEvidence, listEvidence, readEvidence, removeEvidence } from './store.ts';
import { backEnds, now, one, other } from './testing/databases.ts';
import type { Opened } from './testing/databases.ts';
import { pdf } from './testing/sample-files.ts';

const databases = await backEnds('Evidence, on PostgreSQL');
afterAll(() => databases.stop());

describe.each(databases.names)('on %s', (_name, open) => {
  let opened: Opened;
  let stores: Stores;
  const put = (...piece: Parameters<Opened['put']>) => opened.put(...piece);
  beforeAll(async () => {
    opened = await open();
    stores = opened.stores;
  }, 120_000);
  afterAll(() => opened.close());
  beforeEach(() => opened.reset());

  describe('evidence', () => {
    it('is kept with its digest, and read back byte for byte', async () => {
      const bytes = pdf();
      const piece = await put(one, bytes);
      expect(piece).toEqual({
        id: piece.id,
        registrationId: one,
        kind: 'statutes',
        name: 'statuts été.pdf',
        mediaType: 'application/pdf',
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        uploadedAt: now,
        destroyedAt: undefined,
      });
      expect(await listEvidence(stores.db, one)).toEqual([piece]);
      expect(await readEvidence(stores.db, one, piece.id)).toEqual({ ...piece, content: bytes });
    });

    it('of another file, or under an id that is none, is not there', async () => {
      const { id } = await put(one, pdf());
      for (const [registration, piece] of [
        [other, id],
        [one, randomUUID()],
        [one, "x' or '1'='1"],
        [one, ''],
        ['D-26-ZZZZZZZZ', id],
      ] as const) {
        expect(await readEvidence(stores.db, registration, piece)).toBeUndefined();
        expect(await removeEvidence(stores.db, registration, piece, now)).toBe(false);
      }
      expect(await listEvidence(stores.db, one)).toHaveLength(1);
    });

    it('sent twice is one piece, unless it proves two things', async () => {
      const first = await put(one, pdf());
      expect(await put(one, pdf())).toEqual(first);
      await put(one, pdf(), 'mandate');
      expect(await listEvidence(stores.db, one)).toHaveLength(2);
    });

    it('is 20 pieces at most, also when two come at once', async () => {
      for (let count = 0; count < 19; count += 1) await put(one, Buffer.from(`${count}`));
      const both = await Promise.allSettled([put(one, Buffer.from('a')), put(one, Buffer.from('b'))]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await expect(put(one, Buffer.from('c'))).rejects.toMatchObject({ code: 'M-FILE-025' });
      expect(await listEvidence(stores.db, one)).toHaveLength(20);
      // One taken out makes room.
      const [first] = await listEvidence(stores.db, one);
      expect(await removeEvidence(stores.db, one, first?.id ?? '', now)).toBe(true);
      await put(one, Buffer.from('c'));
    });

    it('is 60 MB at most', async () => {
      const { id } = await put(one, Buffer.alloc(10_000_000, 7));
      expect((await readEvidence(stores.db, one, id))?.content?.equals(Buffer.alloc(10_000_000, 7))).toBe(
        true,
      );
      // As if six of them were there.
      await stores.db.updateTable('evidence').set({ size: 59_999_999 }).where('id', '=', id).execute();
      await put(one, Buffer.from('x'));
      await expect(put(one, Buffer.from('y'))).rejects.toMatchObject({ code: 'M-FILE-025' });
      await put(other, Buffer.from('y'));
    });

    it('needs a file', async () => {
      await expect(put('D-26-ZZZZZZZZ', pdf())).rejects.toMatchObject({ code: 'M-FILE-001' });
    });

    it('once destroyed leaves its trace', async () => {
      const { id, sha256 } = await put(one, pdf());
      const kept = await put(other, pdf());
      expect(await destroyEvidence(stores.db, one, now)).toMatchObject([{ id }]);
      expect(await destroyEvidence(stores.db, one, now)).toEqual([]);
      expect(await readEvidence(stores.db, one, id)).toMatchObject({
        sha256,
        destroyedAt: now,
        content: undefined,
      });
      expect(await readEvidence(stores.db, other, kept.id)).toMatchObject({ content: pdf() });
    });
  });

  describe('a piece is sent', () => {
    it('as a download that no browser shows or runs', async () => {
      const piece = await put(one, pdf());
      const read = await readEvidence(stores.db, one, piece.id);
      if (read === undefined) throw new Error('not there');
      const server = await startPageServer({
        routes: () => (ctx) =>
          sendEvidence(ctx, ctx.path === '/gone' ? { ...read, content: undefined } : read),
      });
      try {
        const answer = await fetch(`${server.origin}/piece`);
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'content-type': 'application/pdf',
          'content-disposition': `attachment; filename="statuts ete.pdf"; filename*=UTF-8''statuts%20%C3%A9t%C3%A9.pdf`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "sandbox; default-src 'none'",
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': 'no-store',
        });
        expect(Buffer.from(await answer.arrayBuffer())).toEqual(pdf());
        const gone = await fetch(`${server.origin}/gone`, { headers: { accept: 'application/json' } });
        expect(gone.status).toBe(410);
        expect(await gone.json()).toMatchObject({ code: 'M-FILE-029' });
      } finally {
        await server.close();
      }
    });
  });
});

describe('a piece is sent', () => {
  test.each([
    ['a.pdf', `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`],
    [
      'd’été (1).pdf',
      `attachment; filename="d_ete _1_.pdf"; filename*=UTF-8''d%E2%80%99%C3%A9t%C3%A9%20%281%29.pdf`,
    ],
    ['a"\r\nX: y.pdf', `attachment; filename="a___X_ y.pdf"; filename*=UTF-8''a%22%0D%0AX%3A%20y.pdf`],
    ["a'*.pdf", `attachment; filename="a__.pdf"; filename*=UTF-8''a%27%2A.pdf`],
    ['\ud800.pdf', `attachment; filename="_.pdf"; filename*=UTF-8''%EF%BF%BD.pdf`],
  ])('%j under its name', (name, header) => {
    expect(contentDisposition(name)).toBe(header);
  });
});
