import { describe, expect, it, vi } from 'vitest';
import { untilStopped } from './stopping.ts';
import type { Surroundings } from './surroundings.ts';

function scene() {
  let stop = (): void => undefined;
  const exits: number[] = [];
  const messages: string[] = [];
  const surroundings: Surroundings = {
    env: {},
    root: '',
    cwd: '',
    clock: () => new Date(),
    print: () => undefined,
    printError: (text) => messages.push(text),
    readInput: () => Promise.resolve(''),
    onStopRequest: (listener) => (stop = listener),
    exitNow: (code) => exits.push(code),
  };
  return { surroundings, exits, messages, stop: () => stop() };
}

describe('a command that runs until it is stopped', () => {
  it('closes once at the first request, and ends when everything is closed', async () => {
    const { surroundings, stop, exits } = scene();
    const closed = Promise.withResolvers<undefined>();
    const close = vi.fn(() => closed.promise);
    let ended = false;
    const running = untilStopped(surroundings, close).then(() => (ended = true));
    await Promise.resolve();
    expect(close).not.toHaveBeenCalled();
    stop();
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(ended).toBe(false);
    closed.resolve(undefined);
    await running;
    expect(exits).toEqual([]);
  });

  it('leaves at once at the second', async () => {
    const { surroundings, stop, exits } = scene();
    void untilStopped(surroundings, () => new Promise(() => undefined));
    stop();
    expect(exits).toEqual([]);
    stop();
    expect(exits).toEqual([130]);
  });

  it('does not wait for ever', async () => {
    vi.useFakeTimers();
    const { surroundings, stop, exits, messages } = scene();
    void untilStopped(surroundings, () => new Promise(() => undefined));
    stop();
    await vi.advanceTimersByTimeAsync(14_999);
    expect(exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(exits).toEqual([1]);
    expect(messages).toHaveLength(1);
    vi.useRealTimers();
  });
});
