/** Whom an IdP that fails, or somebody who sends it nonsense, may keep from signing in. */
import { describe, expect, it } from 'vitest';
import { createBench } from './testing/bench.ts';
import type { Bench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';
import type { Deviation, SmallIdp } from './testing/small-idp.ts';

const answering = (status: number, body: unknown = null): Deviation => ({
  at: (path) => (path === '/token' ? Promise.resolve(Response.json(body, { status })) : undefined),
});
const cut: Deviation = {
  at: (path) => (path === '/token' ? Promise.reject(new TypeError('fetch failed')) : undefined),
};

async function setUp(record: Partial<SmallIdp['record']> = {}) {
  const idp = await createSmallIdp({ record });
  return { idp, bench: createBench(idp) };
}
const breaker = (bench: Bench, idp: SmallIdp) => bench.upstream.status(idp.record).breaker;
const times = async (count: number, act: () => Promise<unknown>) => {
  for (let done = 0; done < count; done += 1) await act();
};
const withCode = (idp: SmallIdp, sent: URL, code: string) => {
  const callback = idp.answer(sent);
  callback.searchParams.set('code', code);
  return callback;
};

describe('the breaker of an IdP', () => {
  it.each([
    ['a NUL', '\0'],
    ['what is not ASCII', 'codé'],
    ['a line end', 'a\nb'],
    ['too much', 'x'.repeat(2_049)],
  ])('hears nothing of a code that is none (RFC 6749 A.11): %s', async (_what, code) => {
    const { idp, bench } = await setUp();
    idp.deviation = answering(500);
    const sent = await bench.begin(idp);
    expect(await bench.end(idp, withCode(idp, sent, code))).toMatchObject({ error: { code: 'M-UPST-002' } });
    expect(idp.requests).not.toContain('/token');
    // Nor is the attempt spent by it.
    idp.deviation = {};
    expect(await bench.end(idp, idp.answer(sent))).toMatchObject({ ok: true });
  });

  it('opens when nothing comes back, three times in a row', async () => {
    const { idp, bench } = await setUp();
    await bench.begin(idp);
    idp.deviation = cut;
    await times(3, () => bench.login(idp));
    expect(breaker(bench, idp)).toBe('open');
  });

  it('stays closed when it answers that it was asked too often: whoever asks so often is somebody else', async () => {
    const { idp, bench } = await setUp();
    idp.deviation = answering(429);
    await times(12, async () =>
      expect(await bench.login(idp)).toMatchObject({ error: { code: 'M-UPST-001' } }),
    );
    expect(breaker(bench, idp)).toBe('closed');
  });

  it('stays closed for a few answers that say that it failed, among others that are right', async () => {
    const { idp, bench } = await setUp();
    await times(9, () => bench.login(idp));
    idp.deviation = answering(500);
    await times(8, () => bench.login(idp));
    expect(breaker(bench, idp)).toBe('closed');
  });

  it('opens when half of what it answers, of ten at least, says that it failed', async () => {
    const { idp, bench } = await setUp();
    idp.deviation = answering(503);
    await times(9, () => bench.login(idp));
    expect(breaker(bench, idp)).toBe('closed');
    await times(3, () => bench.login(idp).catch(() => undefined));
    expect(breaker(bench, idp)).toBe('open');
  });

  it('opens for three such answers when a look at it fails too', async () => {
    const { idp, bench } = await setUp();
    const urls = await Promise.all(Array.from({ length: 3 }, () => bench.begin(idp)));
    idp.deviation = {
      at: (path) =>
        path === '/userinfo' || path === '/authorize'
          ? undefined
          : Promise.resolve(new Response(null, { status: 503 })),
    };
    bench.clock.now = new Date(bench.clock.now.getTime() + 10_000);
    const watching = bench.upstream.watch(() => [idp.record], {
      firstMs: 1,
      usedMs: 20,
      idleMs: 20,
      failingMs: 20,
    });
    await expect.poll(() => bench.upstream.status(idp.record).reach).not.toBe('answers');
    for (const url of urls) await bench.end(idp, idp.answer(url));
    await watching.stop();
    expect(breaker(bench, idp)).toBe('open');
  });
});

describe('the failures that are told of an IdP', () => {
  it('are not those of a code that it rightly refused', async () => {
    const { idp, bench } = await setUp();
    idp.deviation = answering(400, { error: 'invalid_grant' });
    expect(await bench.login(idp)).toMatchObject({ error: { code: 'M-UPST-029' } });
    expect(bench.upstream.status(idp.record)).toMatchObject({
      lastFailure: undefined,
      recent: { failed: 0 },
    });
    idp.deviation = answering(400, { error: 'invalid_client' });
    await bench.login(idp);
    expect(bench.upstream.status(idp.record)).toMatchObject({ recent: { failed: 1 } });
  });
});

describe('a code that was not sent', () => {
  it('is not lost while the IdP is not asked', async () => {
    const { idp, bench } = await setUp();
    const callback = idp.answer(await bench.begin(idp));
    const urls = await Promise.all(Array.from({ length: 3 }, () => bench.begin(idp)));
    idp.deviation = cut;
    for (const url of urls) await bench.end(idp, idp.answer(url));
    const marks = bench.marks.size;
    expect(await bench.end(idp, callback)).toMatchObject({ error: { code: 'M-UPST-001' } });
    expect(bench.marks.size).toBe(marks);
  });

  it('is not lost while too many others are under way', async () => {
    const { idp, bench } = await setUp({ concurrency: 1 });
    const [first, second] = [await bench.begin(idp), await bench.begin(idp)];
    const slow = Promise.withResolvers<Response>();
    idp.deviation = { at: (path) => (path === '/token' ? slow.promise : undefined) };
    const firstEnd = bench.end(idp, idp.answer(first));
    await expect.poll(() => idp.requests.includes('/token')).toBe(true);
    const callback = idp.answer(second);
    expect(await bench.end(idp, callback)).toMatchObject({ error: { code: 'M-UPST-034' } });
    slow.resolve(new Response(null, { status: 500 }));
    await firstEnd;
    idp.deviation = {};
    expect(await bench.end(idp, callback)).toMatchObject({ ok: true });
  });
});

describe('the record of refused answers', () => {
  it('holds nothing of a level that an IdP was never asked for', async () => {
    const { idp, bench } = await setUp();
    await expect(bench.begin(idp, { acrValues: ['eidas3'] })).rejects.toMatchObject({ code: 'M-UPST-015' });
    expect(bench.recorded).toEqual([]);
  });

  it('names the IdP that was asked, not the one of whose path somebody made use', async () => {
    const [asked, other] = [await createSmallIdp(), await createSmallIdp({ id: 'commune' })];
    const bench = createBench(asked, other);
    const callback = asked.answer(await bench.begin(asked));
    await bench.end(other, callback);
    await bench.upstream.finish('a-name-of-nobody', callback, (name) => bench.cookies.get(name));
    expect(bench.recorded).toMatchObject([
      { subject: 'upstream:etat', after: { code: 'M-UPST-005', answered_at: 'commune' } },
      { subject: 'upstream:etat', after: { code: 'M-UPST-005' } },
    ]);
    expect(JSON.stringify(bench.recorded)).not.toContain('a-name-of-nobody');
  });
});

describe('requests that are pushed', () => {
  it('have places of their own: those who begin keep nobody from coming to an end', async () => {
    const { idp, bench } = await setUp({ concurrency: 2, require_pushed_authorization_requests: true });
    idp.deviation = {
      metadata: (right) => ({ ...right, pushed_authorization_request_endpoint: `${idp.record.issuer}/par` }),
    };
    const ending = idp.answer(await bench.begin(idp));
    const slow = Promise.withResolvers<Response>();
    idp.deviation = { at: (path) => (path === '/par' ? slow.promise : undefined) };
    const pushes = () => idp.requests.filter((path) => path === '/par').length;
    const before = pushes();
    const begins = Array.from({ length: 4 }, () => bench.begin(idp).catch((error: unknown) => error));
    await expect.poll(pushes).toBeGreaterThan(before);
    expect(await bench.end(idp, ending)).toMatchObject({ ok: true });
    slow.resolve(new Response(null, { status: 400 }));
    const codes = await Promise.all(begins);
    expect(
      codes.filter((one) => one instanceof Error && 'code' in one && one.code === 'M-UPST-034'),
    ).toHaveLength(3);
  });
});
