import { describe, expect, it } from 'vitest';
import { freshFor, restAfterFailure, usableFor } from './metadata.ts';
import { createBench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';
import type { Deviation } from './testing/small-idp.ts';

const discoveries = (idp: { requests: readonly string[] }) =>
  idp.requests.filter((path) => path === '/.well-known/openid-configuration').length;
const later = (bench: { clock: { now: Date } }, milliseconds: number) => {
  bench.clock.now = new Date(bench.clock.now.getTime() + milliseconds);
};
const down: Deviation = { at: () => Promise.reject(new TypeError('fetch failed')) };

describe('metadata of an IdP', () => {
  it('are read once by twenty people who arrive together', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await Promise.all(Array.from({ length: 20 }, () => bench.begin(idp)));
    expect(discoveries(idp)).toBe(1);
  });

  it('are read again after thirty minutes, and not before', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await bench.begin(idp);
    later(bench, freshFor - 1);
    await bench.begin(idp);
    expect(discoveries(idp)).toBe(1);
    later(bench, 1);
    await Promise.all([bench.begin(idp), bench.begin(idp)]);
    expect(discoveries(idp)).toBe(2);
  });

  it('are read again when the record changes, and the former are never used for it', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await bench.begin(idp);
    await bench.upstream.start({ ...idp.record, client_id: 'renamed' }, { interactionUid: 'u' });
    expect(discoveries(idp)).toBe(2);
    idp.deviation = down;
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
  });

  it('serve on when the IdP cannot be asked, for a day; it is asked again after a short rest', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    await bench.begin(idp);
    idp.deviation = down;
    later(bench, freshFor);
    await Promise.all([bench.begin(idp), bench.begin(idp)]);
    await bench.begin(idp);
    expect(discoveries(idp)).toBe(2);
    expect(bench.warnings).toHaveLength(1);
    later(bench, restAfterFailure);
    await bench.begin(idp);
    expect(discoveries(idp)).toBe(3);
    later(bench, usableFor);
    await expect(bench.begin(idp)).rejects.toMatchObject({
      code: 'M-UPST-001',
      values: { idp: 'Annuaire etat' },
    });
    later(bench, restAfterFailure);
    idp.deviation = {};
    await bench.begin(idp);
  });

  it('of an IdP that was never reached: one error at once for all, then again after the rest', async () => {
    const idp = await createSmallIdp();
    idp.deviation = down;
    const bench = createBench(idp);
    const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => bench.begin(idp)));
    expect(attempts.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    await expect(bench.begin(idp)).rejects.toMatchObject({ code: 'M-UPST-001' });
    expect(discoveries(idp)).toBe(1);
    idp.deviation = {};
    later(bench, restAfterFailure);
    await bench.begin(idp);
  });

  it('of one IdP are not disturbed by another that is down', async () => {
    const [well, ill] = [await createSmallIdp(), await createSmallIdp({ id: 'ill' })];
    ill.deviation = down;
    const bench = createBench(well, ill);
    await expect(bench.begin(ill)).rejects.toMatchObject({ code: 'M-UPST-001' });
    expect(await bench.login(well)).toMatchObject({ ok: true });
  });

  it.each<readonly [string, string, Deviation]>([
    ['500', 'M-UPST-001', { metadata: () => new Response(null, { status: 500 }) }],
    ['404', 'M-UPST-001', { metadata: () => new Response(null, { status: 404 }) }],
    [
      'HTML',
      'M-UPST-001',
      { metadata: () => new Response('<h1>', { headers: { 'content-type': 'text/html' } }) },
    ],
    ['a redirection', 'M-UPST-027', { metadata: () => Response.redirect('https://evil.example/', 302) }],
    ['300 kB', 'M-UPST-026', { metadata: (right) => ({ ...right, padding: 'x'.repeat(300_000) }) }],
    ['another issuer', 'M-UPST-020', { metadata: (right) => ({ ...right, issuer: 'https://evil.example' }) }],
    [
      'the issuer with a slash more',
      'M-UPST-020',
      { metadata: (right) => ({ ...right, issuer: 'https://etat.idp.example/' }) },
    ],
    ['no issuer', 'M-UPST-001', { metadata: (right) => ({ ...right, issuer: undefined }) }],
    [
      'no authorization endpoint',
      'M-UPST-001',
      { metadata: (right) => ({ ...right, authorization_endpoint: undefined }) },
    ],
  ])('are refused: %s → %s', async (_name, code, deviation) => {
    const idp = await createSmallIdp();
    idp.deviation = deviation;
    await expect(createBench(idp).begin(idp)).rejects.toMatchObject({ code });
  });

  it('of an IdP that never answers: M-UPST-001 after the timeout of its record', async () => {
    const idp = await createSmallIdp();
    idp.deviation = {
      at: (_path, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError')));
        }),
    };
    const { upstream } = createBench(idp);
    const started = performance.now();
    await expect(
      upstream.start({ ...idp.record, timeout_s: 0.2 }, { interactionUid: 'u' }),
    ).rejects.toMatchObject({
      code: 'M-UPST-001',
    });
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it.each(['token_endpoint', 'jwks_uri', 'userinfo_endpoint'])(
    'cannot make us call this machine, another protocol or plain http: %s',
    async (endpoint) => {
      for (const target of [
        'https://169.254.169.254/',
        'https://[::1]/',
        'https://2130706433/',
        'http://etat.idp.example/',
        'file:///etc/passwd',
      ]) {
        const idp = await createSmallIdp();
        idp.deviation = { metadata: (right) => ({ ...right, [endpoint]: target }) };
        const result = await createBench(idp).login(idp);
        expect(result, target).toMatchObject({ ok: false });
        expect(idp.requests).not.toContain('/');
        if (!result.ok) expect(result.error.code, target).toBe('M-UPST-028');
      }
    },
  );
});

describe('declarations that we cannot serve', () => {
  it.each([
    ['plain http', { issuer: 'http://etat.idp.example' }],
    ['no secret for an authentication that needs one', { id: 'without-secret' }],
    ['a loopback issuer where that is not allowed', { issuer: 'http://127.0.0.1:1' }],
  ])('%s', async (_name, change) => {
    const idp = await createSmallIdp();
    const { upstream } = createBench(idp);
    const started = upstream.start({ ...idp.record, ...change }, { interactionUid: 'u' });
    await expect(started).rejects.toMatchObject({ name: 'BrokerError' });
    expect(idp.requests).toEqual([]);
  });
});
