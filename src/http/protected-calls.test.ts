import { describe, expect, it } from 'vitest';
import { createProtectedCalls } from './protected-calls.ts';

class Down extends Error {}
const fails = () => Promise.reject(new Down('down'));
const refuses = () => Promise.reject(new Error('wrong'));
const works = () => Promise.resolve('ok');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function protectedCalls(protection: Partial<Parameters<typeof createProtectedCalls>[0]['protection']> = {}) {
  const changes: string[] = [];
  const calls = createProtectedCalls({
    protection: { failures: 2, restMs: 60, atOnce: 2, waiting: 0, ...protection },
    isFailure: (error) => error instanceof Down,
    clock: () => new Date(),
    onOpen: () => changes.push('open'),
    onClose: () => changes.push('closed'),
  });
  return { calls, changes };
}

describe('the breaker', () => {
  it('opens after failures in a row, and then nobody is asked', async () => {
    const { calls, changes } = protectedCalls();
    await expect(calls.run(fails)).rejects.toThrow('down');
    await calls.run(works);
    await expect(calls.run(fails)).rejects.toThrow('down');
    expect(calls.state()).toBe('closed');
    await expect(calls.run(fails)).rejects.toThrow('down');
    expect([calls.state(), changes]).toEqual(['open', ['open']]);
    expect(calls.openUntil()?.getTime()).toBeGreaterThan(Date.now());
    let asked = false;
    const refused = calls.run(() => {
      asked = true;
      return works();
    });
    await expect(refused).rejects.toMatchObject({ name: 'NotCalled', reason: 'resting' });
    expect(asked).toBe(false);
  });

  it('lets one call find out after the rest, and closes when it succeeds', async () => {
    const { calls, changes } = protectedCalls();
    for (let times = 0; times < 2; times += 1) await calls.run(fails).catch(() => undefined);
    await pause(80);
    await calls.run(fails).catch(() => undefined);
    expect(calls.state()).toBe('open');
    await pause(80);
    expect(await calls.run(works)).toBe('ok');
    expect([calls.state(), calls.openUntil()]).toEqual(['closed', undefined]);
    expect(changes).toEqual(['open', 'open', 'closed']);
  });

  it('takes a refusal for an answer', async () => {
    const { calls } = protectedCalls();
    for (let times = 0; times < 5; times += 1) await expect(calls.run(refuses)).rejects.toThrow('wrong');
    expect(calls.state()).toBe('closed');
  });
});

describe('the bulkhead', () => {
  it('holds so many calls at once and refuses the others, unless they may wait', async () => {
    for (const waiting of [0, 1]) {
      const { calls } = protectedCalls({ waiting });
      const slow = () => pause(40).then(works);
      const all = await Promise.allSettled(Array.from({ length: 4 }, () => calls.run(slow)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(2 + waiting);
      for (const one of all)
        if (one.status === 'rejected')
          expect(one.reason).toMatchObject({ name: 'NotCalled', reason: 'busy' });
      expect(calls.state()).toBe('closed');
    }
  });
});
