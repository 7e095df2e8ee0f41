/** How long one sign-in may take at an IdP, all its answers together. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createBench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';
import type { SmallIdp } from './testing/small-idp.ts';

const timeoutMs = 1_000;

/** Each of its answers but the metadata comes so late: less than the record allows for one. */
async function lateIdp(ms: number, record: Partial<SmallIdp['record']> = {}) {
  const idp = await createSmallIdp({ record: { timeout_s: timeoutMs / 1000, ...record } });
  const answer = idp.fetch;
  const delayed: SmallIdp = {
    ...idp,
    get deviation() {
      return idp.deviation;
    },
    set deviation(deviation) {
      idp.deviation = deviation;
    },
    fetch: async (input, init) => {
      const { pathname } = new URL(new Request(input, init).url);
      if (pathname !== '/.well-known/openid-configuration')
        await sleep(ms, undefined, init?.signal ? { signal: init.signal } : {});
      return answer(input, init);
    },
  };
  return { idp: delayed, bench: createBench(delayed) };
}

describe('one that keeps each answer for nearly as long as it may', () => {
  it('is given up when all of them together take twice that, with a code of its own', async () => {
    const { idp, bench } = await lateIdp(0.95 * timeoutMs);
    const callback = idp.answer(await bench.begin(idp));
    const startedAt = performance.now();
    // Tokens, keys, userinfo.
    expect(await bench.end(idp, callback)).toMatchObject({ ok: false, error: { code: 'M-UPST-046' } });
    expect(performance.now() - startedAt).toBeLessThan(2.6 * timeoutMs);
    expect(bench.upstream.status(idp.record).lastFailure?.code).toBe('M-UPST-046');
  });

  it('is no longer asked once that has happened three times in a row', async () => {
    const { idp, bench } = await lateIdp(0.95 * timeoutMs);
    const callbacks = [];
    for (let times = 0; times < 3; times += 1) callbacks.push(idp.answer(await bench.begin(idp)));
    await Promise.all(callbacks.map((callback) => bench.end(idp, callback)));
    expect(bench.upstream.status(idp.record).breaker).toBe('open');
  });

  it('is waited for when they take less', async () => {
    const { idp, bench } = await lateIdp(0.4 * timeoutMs);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
  });
});
