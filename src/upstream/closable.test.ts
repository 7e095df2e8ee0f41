import { describe, expect, it } from 'vitest';
import { createClosable } from './closable.ts';

function setUp() {
  const answer = Promise.withResolvers<Response>();
  const signals: (AbortSignal | null | undefined)[] = [];
  const closable = createClosable(() => async (_href, init) => {
    signals.push(init?.signal);
    return answer.promise;
  });
  return { answer, signals, closable, ask: closable.fetchFor('public') };
}

describe('what is under way towards identity providers', () => {
  it('leaves nothing behind once it has ended, well or not: memory does not grow with requests', async () => {
    const { answer, closable, ask } = setUp();
    const asked = Array.from({ length: 20 }, () => ask('https://idp.example/'));
    expect(closable.underWay()).toBe(20);
    answer.resolve(new Response(null));
    await Promise.all(asked);
    expect(closable.underWay()).toBe(0);
    const failing = setUp();
    const failed = failing.ask('https://idp.example/');
    failing.answer.reject(new TypeError('fetch failed'));
    await expect(failed).rejects.toThrow('fetch failed');
    expect(failing.closable.underWay()).toBe(0);
  });

  it('hears of its own signal, and is told when nobody waits any more', async () => {
    const { answer, signals, closable, ask } = setUp();
    const own = new AbortController();
    const asked = [ask('https://idp.example/', { signal: own.signal }), ask('https://idp.example/')];
    own.abort();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
    closable.close();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    asked.push(ask('https://idp.example/'));
    expect(signals.at(-1)?.aborted).toBe(true);
    answer.resolve(new Response(null));
    await Promise.all(asked);
  });
});
