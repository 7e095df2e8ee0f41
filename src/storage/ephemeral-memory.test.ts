import { describe, expect, test } from 'vitest';
import { openMemoryStore } from './ephemeral-memory.ts';

function open() {
  let now = 1_800_000_000_000;
  const { store, close } = openMemoryStore({ clock: () => new Date(now), maxPerKind: 3 });
  return { store, close, pass: (seconds: number) => void (now += seconds * 1000) };
}

describe('the in-process store, when it is full', () => {
  test('lets the oldest login under way give way', async () => {
    const { store, close } = open();
    for (const each of ['1', '2', '3', '4']) await store.set(`o:In:${each}`, each, 60);
    expect(await store.getMany(['o:In:1', 'o:In:2', 'o:In:3', 'o:In:4'])).toEqual([undefined, '2', '3', '4']);
    await close();
  });

  test('refuses anything else, a whole batch at once, and loses nothing', async () => {
    const { store, close } = open();
    for (const each of ['1', '2', '3']) await store.set(`o:Se:${each}`, each, 60);
    await expect(store.setIfAbsent('o:Se:4', '4', 60)).rejects.toMatchObject({ code: 'M-STOR-002' });
    const batch = store.pipeline([
      { kind: 'set', key: 'o:At:1', value: '1', ttl: 60 },
      { kind: 'set', key: 'o:Se:4', value: '4', ttl: 60 },
    ]);
    await expect(batch).rejects.toMatchObject({ code: 'M-STOR-002' });
    expect(await store.getMany(['o:Se:1', 'o:Se:2', 'o:Se:3', 'o:Se:4', 'o:At:1'])).toEqual([
      '1',
      '2',
      '3',
      undefined,
      undefined,
    ]);
    await close();
  });

  test('counts neither what has expired nor what it replaces', async () => {
    const { store, close, pass } = open();
    for (const each of ['1', '2', '3']) await store.set(`o:Se:${each}`, each, 60);
    await store.set('o:Se:1', 'again', 120);
    pass(61);
    await store.set('o:Se:4', '4', 60);
    expect(await store.getMany(['o:Se:1', 'o:Se:2', 'o:Se:4'])).toEqual(['again', undefined, '4']);
    await close();
  });
});
