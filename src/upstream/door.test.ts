/** An IdP that has gone, and the people who would be sent there before the next look finds out. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { heardFor } from './door.ts';
import { createBench } from './testing/bench.ts';
import type { Bench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';
import type { Deviation, SmallIdp } from './testing/small-idp.ts';
import type { Pace } from './upstream.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** One look, and no other during the test. */
const once: Pace = { firstMs: 1, usedMs: 60_000, idleMs: 60_000, failingMs: 200 };
const closed = (status: number): Deviation => ({
  at: (path) => (path === '/authorize' ? Promise.resolve(new Response(null, { status })) : undefined),
});
const gone: Deviation = { at: () => Promise.reject(new TypeError('fetch failed')) };
/** Packets that nobody answers. */
const mute: Deviation = {
  at: (_path, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError')));
    }),
};
const knocks = (idp: SmallIdp) => idp.requests.filter((path) => path === '/authorize').length;
const later = (bench: Bench, ms: number) => {
  bench.clock.now = new Date(bench.clock.now.getTime() + ms);
};

/** Looked at once in the background, and heard some time ago. */
async function seenOnce(record: Partial<SmallIdp['record']> = {}, before: Deviation = {}) {
  const idp = await createSmallIdp({ record });
  const bench = createBench(idp);
  idp.deviation = before;
  stops.push(bench.upstream.watch(() => [idp.record], once).stop);
  await vi.waitFor(() => expect(bench.upstream.status(idp.record).keysReadAt).toBeDefined());
  await vi.waitFor(() => expect(knocks(idp)).toBe(1));
  later(bench, heardFor);
  return { idp, bench };
}

describe('a silent request, for which only one IdP would do', () => {
  it('learns that it has gone before the next look finds out, and asks it once for all', async () => {
    const { idp, bench } = await seenOnce();
    expect(await bench.upstream.isAway(idp.record)).toBe(false);
    later(bench, heardFor);
    idp.deviation = gone;
    const before = knocks(idp);
    const told = await Promise.all(Array.from({ length: 5 }, () => bench.upstream.isAway(idp.record)));
    expect(told).toEqual([true, true, true, true, true]);
    expect(knocks(idp) - before).toBe(1);
    idp.deviation = {};
    expect(await bench.upstream.isAway(idp.record)).toBe(false);
  });

  it('has nobody asked of whom nothing is known', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    expect(await bench.upstream.isAway(idp.record)).toBe(false);
    expect(idp.requests).toEqual([]);
  });
});

describe('whoever is about to be sent to an IdP', () => {
  it.each([
    ['refuses connections', gone],
    ['says 503 at the page to which people are sent, while its metadata still answer', closed(503)],
  ])('is told at once that it %s', async (_what, deviation) => {
    const { idp, bench } = await seenOnce();
    idp.deviation = deviation;
    const startedAt = performance.now();
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(bench.upstream.status(idp.record).reach).toBe('failing');
  });

  it('is told within about a second that nothing comes back, however long the record would wait', async () => {
    const { idp, bench } = await seenOnce({ timeout_s: 5 });
    idp.deviation = mute;
    const startedAt = performance.now();
    const told = await Promise.allSettled([bench.begin(idp), bench.begin(idp)]);
    expect(told).toMatchObject([{ reason: { code: 'M-UPST-001' } }, { reason: { code: 'M-UPST-001' } }]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    // They asked together.
    expect(knocks(idp)).toBe(2);
  });

  it('goes there when it says that we ask too often: somebody else may have us ask', async () => {
    const { idp, bench } = await seenOnce();
    idp.deviation = closed(429);
    await bench.begin(idp);
    expect(knocks(idp)).toBe(2);
  });

  it('goes there as soon as it answers again', async () => {
    const { idp, bench } = await seenOnce();
    idp.deviation = gone;
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
    idp.deviation = {};
    expect(await bench.login(idp)).toMatchObject({ ok: true });
  });

  it('is sent there without a question when it was heard just now', async () => {
    const { idp, bench } = await seenOnce();
    await bench.login(idp);
    const before = knocks(idp);
    await bench.begin(idp);
    expect(knocks(idp)).toBe(before);
  });

  it('asks first when an exchange found nobody, however lately it was heard', async () => {
    const { idp, bench } = await seenOnce();
    const callback = idp.answer(await bench.begin(idp));
    idp.deviation = gone;
    await bench.end(idp, callback);
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
  });

  it('is sent there when its page never answered us: it may be one that browsers alone can reach', async () => {
    const { idp, bench } = await seenOnce({}, closed(500));
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    expect(await bench.upstream.isAway(idp.record)).toBe(false);
  });
});

describe('a look in the background', () => {
  it('finds it away when the page to which people are sent answers no more, though its metadata do', async () => {
    const { idp, bench } = await seenOnce();
    idp.deviation = closed(502);
    stops.push(
      bench.upstream.watch(() => [idp.record], { ...once, usedMs: 20, idleMs: 20, failingMs: 20 }).stop,
    );
    await vi.waitFor(async () => expect(await bench.upstream.isAway(idp.record)).toBe(true));
    idp.deviation = {};
    await vi.waitFor(async () => expect(await bench.upstream.isAway(idp.record)).toBe(false));
  });
});
