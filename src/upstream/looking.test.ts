import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { usualExchangeProtection } from './exchanges.ts';
import { keysUsableFor } from './keys.ts';
import { freshFor } from './metadata.ts';
import { createBench } from './testing/bench.ts';
import type { Bench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';
import type { Deviation, SmallIdp } from './testing/small-idp.ts';
import { usualPace } from './upstream.ts';
import type { Pace } from './upstream.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const quick: Pace = { firstMs: 1, usedMs: 40, idleMs: 40, failingMs: 20 };
const watch = (bench: Bench, pace: Pace, ...idps: readonly SmallIdp[]) => {
  const watching = bench.upstream.watch(() => idps.map(({ record }) => record), pace);
  stops.push(watching.stop);
  return watching;
};
const dead: Deviation = { at: () => Promise.reject(new TypeError('fetch failed')) };
const without = (...paths: readonly string[]): Deviation => ({
  at: (path) => (paths.includes(path) ? Promise.resolve(new Response(null, { status: 503 })) : undefined),
});
const discovery = '/.well-known/openid-configuration';
const seen = (idp: SmallIdp, path: string) => idp.requests.filter((one) => one === path).length;
const later = (bench: Bench, ms: number) => {
  bench.clock.now = new Date(bench.clock.now.getTime() + ms);
};

describe('looks in the background', () => {
  it('read metadata and keys before anybody comes: a sign-in then asks for neither', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await watchOnce(bench, idp);
    const before = idp.requests.length;
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    expect(idp.requests.slice(before).filter((path) => path === discovery || path === '/jwks')).toEqual([]);
  });

  it('go on until they are stopped, each after a delay of its own', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const watching = watch(bench, quick, idp);
    await vi.waitFor(() => expect(seen(idp, discovery)).toBeGreaterThan(2));
    await watching.stop();
    const after = seen(idp, discovery);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen(idp, discovery)).toBe(after);
  });

  it('keep usual metadata fresh, and what fails from being asked for by people', () => {
    expect(usualPace.idleMs).toBeLessThan(freshFor);
    expect(usualPace.usedMs).toBeLessThan(300_000);
    expect(usualPace.failingMs).toBeLessThan(5_000);
  });
});

describe('an IdP of which nothing answers', () => {
  it('is away: people are told at once, though former metadata are known; and it comes back', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await bench.begin(idp);
    idp.deviation = dead;
    watch(bench, quick, idp);
    await vi.waitFor(async () => expect(await bench.upstream.isAway(idp.record)).toBe(true));
    const asked = idp.requests.length;
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
    expect(idp.requests.length - asked).toBeLessThanOrEqual(1);
    idp.deviation = {};
    await vi.waitFor(async () => expect(await bench.upstream.isAway(idp.record)).toBe(false));
    expect(await bench.login(idp)).toMatchObject({ ok: true });
  });

  it('is not taken for one whose metadata alone fail: people are sent there as before', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await bench.begin(idp);
    idp.deviation = without(discovery);
    watch(bench, quick, idp);
    await vi.waitFor(() => expect(bench.upstream.status(idp.record).reach).toBe('failing'));
    await vi.waitFor(() => expect(seen(idp, discovery)).toBeGreaterThan(4));
    expect(await bench.upstream.isAway(idp.record)).toBe(false);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
  });
});

describe('keys', () => {
  it('that were known serve while they cannot be read, for a day', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    idp.deviation = without('/jwks');
    // Its metadata read again: the library begins without keys.
    later(bench, freshFor);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    later(bench, keysUsableFor);
    expect(await bench.login(idp)).toMatchObject({ ok: false });
  });

  it('that serve no longer, said by the IdP itself, do not: an answer is believed', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    idp.deviation = { jwks: () => ({ keys: [] }) };
    later(bench, freshFor);
    expect(await bench.login(idp)).toMatchObject({ ok: false });
  });

  it('that nobody knows are asked for at once, and then once a minute at most', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await watchOnce(bench, idp);
    const next = await generateKeyPair('ES256', { extractable: true });
    const published = { ...(await exportJWK(next.publicKey)), kid: 'k2', alg: 'ES256', use: 'sig' };
    const signedBy = (kid: string): Pick<Deviation, 'sign'> => ({
      sign: (header, claims) =>
        new SignJWT(claims).setProtectedHeader({ ...header, kid }).sign(next.privateKey),
    });
    idp.deviation = { jwks: () => ({ keys: [published] }), ...signedBy('k2') };
    const before = seen(idp, '/jwks');
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    expect(seen(idp, '/jwks')).toBe(before + 1);
    idp.deviation = { ...idp.deviation, ...signedBy('k3') };
    expect(await bench.login(idp)).toMatchObject({ ok: false, error: { code: 'M-UPST-018' } });
    expect(await bench.login(idp)).toMatchObject({ ok: false });
    expect(seen(idp, '/jwks')).toBe(before + 1);
  });

  it('are noticed when they change', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    watch(bench, quick, idp);
    await vi.waitFor(() => expect(seen(idp, '/jwks')).toBeGreaterThan(1));
    expect(bench.upstream.status(idp.record)).toMatchObject({ keyChanges: 0, keysChangedAt: undefined });
    idp.deviation = {
      jwks: (right) => ({ ...right, keys: [{ kty: 'EC', kid: 'k2', crv: 'P-256', x: 'x', y: 'y' }] }),
    };
    await vi.waitFor(() =>
      expect(bench.upstream.status(idp.record)).toMatchObject({
        keyChanges: 1,
        keysChangedAt: bench.clock.now,
      }),
    );
  });
});

describe('the status of an IdP', () => {
  it('says what became of sign-ins in the last fifteen minutes', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const status = () => bench.upstream.status(idp.record);
    expect(status()).toMatchObject({ reach: 'unknown', breaker: 'closed', lastSuccess: undefined });
    await bench.login(idp);
    const firstAt = bench.clock.now;
    later(bench, 60_000);
    idp.deviation = without('/token');
    await bench.login(idp);
    expect(status()).toMatchObject({
      reach: 'answers',
      lastSuccess: firstAt,
      lastFailure: { at: bench.clock.now, code: 'M-UPST-001' },
      recent: { asked: 2, failed: 1 },
    });
    later(bench, 14 * 60_000);
    expect(status().recent).toEqual({ asked: 1, failed: 1 });
    later(bench, 60_000);
    expect(status().recent).toEqual({ asked: 0, failed: 0 });
  });

  it('a person who turned back is no failure of it', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await bench.end(idp, idp.answer(await bench.begin(idp), { error: 'access_denied' }));
    expect(bench.upstream.status(idp.record)).toMatchObject({
      lastFailure: undefined,
      recent: { failed: 0 },
    });
  });

  it('exchanges that fail in a row close the way there, before anybody gives a password for nothing', async () => {
    const [idp, other] = [await createSmallIdp(), await createSmallIdp({ id: 'other' })];
    const bench = createBench(idp, other);
    const urls = await Promise.all(Array.from({ length: 4 }, () => bench.begin(idp)));
    idp.deviation = {
      at: (path) => (path === '/token' ? Promise.reject(new TypeError('fetch failed')) : undefined),
    };
    for (const url of urls.slice(0, 3)) await bench.end(idp, idp.answer(url));
    const asked = idp.requests.length;
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
    const last = urls.at(-1);
    if (last !== undefined)
      expect(await bench.end(idp, idp.answer(last))).toMatchObject({ error: { code: 'M-UPST-001' } });
    expect(idp.requests.length).toBe(asked);
    expect(bench.upstream.status(idp.record).breaker).toBe('open');
    expect(await bench.upstream.isAway(idp.record)).toBe(true);
    // Once it has rested, people may go there again.
    later(bench, usualExchangeProtection.restMs);
    expect(bench.upstream.status(idp.record).breaker).toBe('probing');
    expect(await bench.upstream.isAway(idp.record)).toBe(false);
    await bench.begin(idp);
    expect(await bench.login(other)).toMatchObject({ ok: true });
  });
});

/** One look, and no other during the test. */
async function watchOnce(bench: Bench, idp: SmallIdp): Promise<void> {
  watch(bench, { ...quick, usedMs: 60_000, idleMs: 60_000 }, idp);
  await vi.waitFor(() => expect(bench.upstream.status(idp.record).keysReadAt).toBeDefined());
  await vi.waitFor(() => expect(bench.upstream.status(idp.record).metadataReadAt).toBeDefined());
}
