import { beforeEach, describe, expect, test } from 'vitest';
import { openMemoryStore } from './ephemeral-memory.ts';
import type { EphemeralStore } from './ephemeral.ts';
import { hashId } from './keys.ts';
import { createRefreshAnswers } from './refresh-answers.ts';

const token = 'a-refresh-token-of-256-bits-0123456789abcdef';
const answer = { asked: '["docs",null]', body: '{"access_token":"next"}' };
let now: number;
let ephemeral: EphemeralStore;

beforeEach(() => {
  now = Date.parse('2027-01-01T00:00:00Z');
  ephemeral = openMemoryStore({ clock: () => new Date(now) }).store;
});

describe('the answer to a refresh', () => {
  test('is found by the token that was consumed for it, for ten seconds', async () => {
    const answers = createRefreshAnswers({ ephemeral });
    await answers.keep(token, answer);
    now += 9_000;
    expect(await answers.find(token)).toEqual(answer);
    expect(await answers.find('another')).toBeUndefined();
    now += 1_001;
    expect(await answers.find(token)).toBeUndefined();
  });

  test('rests sealed: its place does not tell the token, and without the token nothing can be read', async () => {
    await createRefreshAnswers({ ephemeral }).keep(token, answer);
    const stored = await ephemeral.get(`o:ra:${hashId(token)}`);
    expect(stored).toBeDefined();
    for (const secret of [token, 'next', 'docs']) expect(stored).not.toContain(secret);
  });
});
