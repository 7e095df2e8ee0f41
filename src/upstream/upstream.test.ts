import { describe, expect, it } from 'vitest';
import { createBench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';

const refused = (code: string) => ({ ok: false, error: { code } });

describe('one attempt, one answer', () => {
  it('several attempts at once in one browser, finished in any order', async () => {
    const [etat, commune] = [await createSmallIdp(), await createSmallIdp({ id: 'commune' })];
    const bench = createBench(etat, commune);
    const attempts = await Promise.all(
      [etat, commune, etat].map(async (idp, index) => ({
        idp,
        uid: `uid-${index}`,
        url: await bench.begin(idp, { interactionUid: `uid-${index}` }),
      })),
    );
    for (const { idp, uid, url } of attempts.reverse()) {
      const result = await bench.end(idp, idp.answer(url));
      expect(result).toMatchObject({ ok: true, attempt: { interactionUid: uid, idpId: idp.record.id } });
    }
  });

  it('of one IdP is not taken at the callback of another (mix-up, RFC 9207)', async () => {
    const [good, evil] = [await createSmallIdp(), await createSmallIdp({ id: 'evil' })];
    const bench = createBench(good, evil);
    const callback = good.answer(await bench.begin(good));
    good.requests.length = 0;
    expect(await bench.end(evil, callback)).toMatchObject({
      ...refused('M-UPST-005'),
      attempt: { interactionUid: 'uid-1', idpId: 'etat' },
    });
    expect([...good.requests, ...evil.requests]).toEqual([]);
    // And the attempt is not spent by it.
    expect(await bench.end(good, callback)).toMatchObject({ ok: true });
  });

  it('is read from the query alone: the origin of the request never reaches the IdP', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const callback = idp.answer(await bench.begin(idp));
    const forged = new URL(`http://evil.example/elsewhere${callback.search}`);
    expect(await bench.end(idp, forged)).toMatchObject({ ok: true });
  });

  it('serves once: the same callback again is refused, and asks the IdP nothing', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const callback = idp.answer(await bench.begin(idp));
    expect(await bench.end(idp, callback)).toMatchObject({ ok: true });
    idp.requests.length = 0;
    expect(await bench.end(idp, callback)).toMatchObject({
      ...refused('M-UPST-004'),
      attempt: { interactionUid: 'uid-1' },
    });
    expect(idp.requests).toEqual([]);
  });

  it('fifty times at once: exactly one is accepted', async () => {
    const idp = await createSmallIdp({ record: { concurrency: 50 } });
    const bench = createBench(idp);
    const callback = idp.answer(await bench.begin(idp));
    const results = await Promise.all(Array.from({ length: 50 }, () => bench.end(idp, callback)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    for (const result of results) if (!result.ok) expect(result.error.code).toBe('M-UPST-004');
    expect(idp.requests.filter((path) => path === '/token')).toHaveLength(1);
  });

  it('a cancellation is spent too', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const url = await bench.begin(idp);
    expect(await bench.end(idp, idp.answer(url, { error: 'access_denied' }))).toMatchObject(
      refused('M-UPST-003'),
    );
    expect(await bench.end(idp, idp.answer(url))).toMatchObject(refused('M-UPST-004'));
  });

  it('in another browser there is no cookie, so nothing happens', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const callback = idp.answer(await bench.begin(idp));
    idp.requests.length = 0;
    expect(await bench.upstream.finish(idp.record, callback, () => undefined)).toEqual({
      ok: false,
      error: expect.objectContaining({ code: 'M-UPST-004' }) as Error,
      attempt: undefined,
      clearCookie: undefined,
    });
    expect([idp.requests, [...bench.marks]]).toEqual([[], []]);
  });

  it('a cookie of another attempt under its name is refused', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const mine = idp.answer(await bench.begin(idp));
    const theirs = createBench(idp);
    await theirs.begin(idp);
    const [other = ''] = theirs.cookies.values();
    const result = await bench.upstream.finish(idp.record, mine, () => other);
    expect(result).toMatchObject(refused('M-UPST-004'));
  });

  it('expires after ten minutes', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const start = bench.clock.now.getTime();
    const [first, second] = [await bench.begin(idp), await bench.begin(idp)];
    bench.clock.now = new Date(start + 599_000);
    expect(await bench.end(idp, idp.answer(first))).toMatchObject({ ok: true });
    bench.clock.now = new Date(start + 600_000);
    idp.requests.length = 0;
    expect(await bench.end(idp, idp.answer(second))).toMatchObject({
      ...refused('M-UPST-004'),
      attempt: { interactionUid: 'uid-1' },
    });
    expect(idp.requests).toEqual([]);
    bench.clock.now = new Date(start + 1_200_000);
    expect(await bench.end(idp, idp.answer(second))).toMatchObject({
      ...refused('M-UPST-004'),
      attempt: undefined,
    });
  });

  it('tells the log what the IdP said, on one line', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const said = {
      error: 'temporarily_unavailable',
      error_description: 'try\r\nlater \u202E' + 'x'.repeat(500),
    };
    const result = await bench.end(idp, idp.answer(await bench.begin(idp), said));
    expect(result).toMatchObject(refused('M-UPST-002'));
    const detail = result.ok ? '' : (result.error.detail ?? '');
    expect(detail).toMatch(/temporarily_unavailable: try later +x+$/);
    expect(detail.length).toBeLessThan(300);
  });

  it('is refused when the IdP was disabled or removed meanwhile, before it is asked anything', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const callback = idp.answer(await bench.begin(idp));
    idp.requests.length = 0;
    const read = (name: string) => bench.cookies.get(name);
    for (const record of [{ ...idp.record, enabled: false }, idp.record.id]) {
      expect(await bench.upstream.finish(record, callback, read)).toMatchObject({
        ...refused('M-UPST-014'),
        attempt: { interactionUid: 'uid-1' },
      });
    }
    expect(idp.requests).toEqual([]);
    expect(bench.recorded).toMatchObject([
      { act: 'upstream.refuse', subject: `upstream:${idp.record.id}`, after: { code: 'M-UPST-014' } },
      { act: 'upstream.refuse', subject: `upstream:${idp.record.id}`, after: { code: 'M-UPST-014' } },
    ]);
  });
});
