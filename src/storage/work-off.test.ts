import { expect, test, vi } from 'vitest';
import { workOff } from './work-off.ts';

test('looks again once there is room, also when it was woken while there was none', async () => {
  const waiting = ['a', 'b', 'c'];
  const done: string[] = [];
  let finish = (): void => undefined;
  const working = workOff<string>({
    claim: (limit) => Promise.resolve(waiting.splice(0, limit)),
    attempt: async (claimed) => {
      if (claimed === 'a') await new Promise<void>((resolve) => (finish = resolve));
      done.push(claimed);
    },
    atOnce: 1,
    onUnwritten: (error) => {
      throw error;
    },
    onUnread: (error) => {
      throw error;
    },
  });
  const stop = working.start();
  await vi.waitFor(() => expect(waiting).toEqual(['b', 'c']));
  working.wake();
  working.wake();
  finish();
  await vi.waitFor(() => expect(done).toEqual(['a', 'b', 'c']));
  await stop();
});
