import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lookAgain } from './look-again.ts';

/** A reading that ends when the test says so. */
function readings() {
  const under: PromiseWithResolvers<undefined>[] = [];
  return {
    under,
    read: () => {
      const one = Promise.withResolvers<undefined>();
      under.push(one);
      return one.promise;
    },
  };
}

describe('what is held in memory of the database', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('is read one at a time: who asks during a reading gets the next, shared by all who ask meanwhile', async () => {
    const { under, read } = readings();
    const { refresh, stop } = lookAgain({ read, pollMs: 1000, onProblem: () => undefined });
    const [first, second, third] = [refresh(), refresh(), refresh()];
    expect(under).toHaveLength(1);
    under[0]?.resolve(undefined);
    await first;
    await vi.advanceTimersByTimeAsync(0);
    expect(under).toHaveLength(2);
    under[1]?.resolve(undefined);
    await Promise.all([second, third]);
    expect(under).toHaveLength(2);
    stop();
  });

  test('is read at each interval, counted from the end of a reading; a failure is told, and the next one comes', async () => {
    const { under, read } = readings();
    const problems: unknown[] = [];
    const { stop } = lookAgain({ read, pollMs: 1000, onProblem: (error) => problems.push(error) });
    await vi.advanceTimersByTimeAsync(5000);
    expect(under).toHaveLength(1);
    under[0]?.reject(new Error('away'));
    await vi.advanceTimersByTimeAsync(999);
    expect(problems).toEqual([new Error('away')]);
    expect(under).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(under).toHaveLength(2);
    stop();
  });

  test('rejects for who asked, and still reads for who comes next', async () => {
    const { under, read } = readings();
    const { refresh, stop } = lookAgain({ read, pollMs: 1000, onProblem: () => undefined });
    const [first, second] = [refresh(), refresh()];
    under[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await vi.advanceTimersByTimeAsync(0);
    under[1]?.resolve(undefined);
    await expect(second).resolves.toBeUndefined();
    stop();
  });

  test('is not read any more once stopped, not even after the reading under way', async () => {
    const { under, read } = readings();
    const { stop } = lookAgain({ read, pollMs: 1000, onProblem: () => undefined });
    await vi.advanceTimersByTimeAsync(1000);
    stop();
    under[0]?.resolve(undefined);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(under).toHaveLength(1);
  });
});
