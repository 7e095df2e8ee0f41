import { beforeEach, describe, expect, test } from 'vitest';
import { createSeal } from '../config/config.ts';
import { rotateKeys } from './rotate-keys.ts';
import { withdrawKey } from './withdraw-key.ts';
import { day, encryptionKey, hour, mayOnlyVerify, published, signs, useRings } from './testing/rings.ts';

const { clock, pass, ring, store } = useRings();

describe('a withdrawal', () => {
  beforeEach(async () => {
    await store().db.deleteFrom('signing_key').execute();
  });

  test('of the current key: it is gone, a new one signs, what waits goes on waiting', async () => {
    const keys = await ring();
    const stolen = signs(keys.current());
    const [next] = await rotateKeys(store(), ['ES256'], day);
    const done = await withdrawKey(store(), stolen);
    await keys.refresh();
    expect(done).toMatchObject({ role: 'current', alg: 'ES256' });
    expect(signs(keys.current())).toBe(done.replacement);
    expect(published(keys.current())).not.toContain(stolen);
    expect(mayOnlyVerify(keys.current())).toEqual([next?.kid]);
    const { kid } = await store()
      .db.selectFrom('signing_key')
      .select('kid')
      .where('alg', '=', 'ES256')
      .where('state', '=', 'current')
      .executeTakeFirstOrThrow();
    expect(kid).toBe(done.replacement);
  });

  test('of a next or a retired key changes nothing else', async () => {
    const keys = await ring();
    const first = signs(keys.current());
    const [second] = await rotateKeys(store(), ['ES256'], hour);
    pass(hour);
    const [third] = await rotateKeys(store(), ['ES256'], hour);
    expect(await withdrawKey(store(), third?.kid ?? '')).toMatchObject({
      role: 'next',
      replacement: undefined,
    });
    expect(await withdrawKey(store(), first)).toMatchObject({ role: 'retired', replacement: undefined });
    await keys.refresh();
    expect(signs(keys.current())).toBe(second?.kid);
    expect(published(keys.current())).toHaveLength(4);
  });

  test('is taken at once by a process whose clock is behind, which signs with no retired key meanwhile', async () => {
    const late = await ring({ clock: () => new Date(clock().getTime() - 59_000) });
    await rotateKeys(store(), ['ES256'], hour);
    pass(hour + 60);
    await late.refresh();
    const done = await withdrawKey(store(), signs(late.current()));
    await late.refresh();
    expect(signs(late.current())).toBe(done.replacement);
  });

  test('of a key that replaced another within the minute puts neither that one nor itself back', async () => {
    const keys = await ring();
    const first = signs(keys.current());
    const [second] = await rotateKeys(store(), ['ES256'], hour);
    pass(hour);
    const began = { activates_at: new Date(clock().getTime() - 30_000) };
    await store().db.updateTable('signing_key').set(began).where('kid', '=', first).execute();
    const { replacement } = await withdrawKey(store(), second?.kid ?? '');
    await keys.refresh();
    expect(signs(keys.current())).toBe(replacement);
  });

  test.each([
    ['nothing', 'No key has the kid nothing'],
    ['pairwise', 'pairwise is not a key to withdraw'],
  ])('of %s is refused', async (kid, sentence) => {
    await ring();
    const before = await store().db.selectFrom('signing_key').select('kid').execute();
    await expect(withdrawKey(store(), kid)).rejects.toThrow(`M-KEYS-001: ${sentence}`);
    expect(await store().db.selectFrom('signing_key').select('kid').execute()).toEqual(before);
  });
});

describe('a key that only processes with other ENCRYPTION_KEYS can open', () => {
  const problems: unknown[] = [];
  const elsewhere = () => ({
    ...store(),
    seal: createSeal(['the-next-encryption-key-0123456789abcdefgh', encryptionKey], 'signing-key'),
  });
  const told = () => problems.map(String);
  beforeEach(async () => {
    await store().db.deleteFrom('signing_key').execute();
    problems.length = 0;
  });
  const serving = () => ring({ onProblem: (error) => problems.push(error) });

  test('leaves the withdrawn one withdrawn: what was left signs, and it is said once', async () => {
    const keys = await serving();
    const first = signs(keys.current());
    const [stolen] = await rotateKeys(store(), ['ES256'], hour);
    pass(hour);
    await keys.refresh();
    const { replacement } = await withdrawKey(elsewhere(), stolen?.kid ?? '');
    await keys.refresh();
    await keys.refresh();
    expect(published(keys.current())).toHaveLength(4);
    expect(published(keys.current())).not.toContain(stolen?.kid);
    expect(signs(keys.current())).toBe(first);
    expect(told()).toEqual([expect.stringContaining(`cannot open the signing key ${replacement ?? '-'}`)]);
  });

  test('and is the only one of its algorithm: nothing signs with that, the others go on, and it is said', async () => {
    const keys = await serving();
    const before = keys.current();
    const stolen = signs(before);
    await withdrawKey(elsewhere(), stolen);
    await keys.refresh();
    await keys.refresh();
    const after = keys.current();
    expect(published(after)).toEqual(published(before).filter((kid) => kid !== stolen));
    expect(() => signs(after)).toThrow(/^M-CONF-001: .*ES256/);
    expect(after.signingKey('RS256')).toEqual(before.signingKey('RS256'));
    expect(after.pairwiseSalt).toEqual(before.pairwiseSalt);
    expect(told()).toEqual([
      expect.stringContaining('cannot open the signing key'),
      expect.stringContaining('nothing is signed with ES256'),
    ]);
  });

  test('changes nothing when it waits, and a process that starts without is refused', async () => {
    const keys = await serving();
    const before = keys.current();
    const [next] = await rotateKeys(elsewhere(), ['ES256'], hour);
    await keys.refresh();
    pass(hour);
    expect(keys.current()).toBe(before);
    await expect(ring()).rejects.toThrow(`cannot open the signing key ${next?.kid ?? '-'}`);
  });

  test('is told of again when it went and another came', async () => {
    const keys = await serving();
    for (const round of [1, 2]) {
      const [next] = await rotateKeys(elsewhere(), ['ES256'], hour);
      await keys.refresh();
      expect(problems).toHaveLength(round);
      await withdrawKey(store(), next?.kid ?? '');
      await keys.refresh();
    }
  });

  test('a withdrawal is in force though a secret left the table with it; the secret stays as it was', async () => {
    const keys = await serving();
    const { pairwiseSalt } = keys.current();
    const stolen = signs(keys.current());
    await store().db.deleteFrom('signing_key').where('kid', 'in', [stolen, 'pairwise']).execute();
    await keys.refresh();
    expect(published(keys.current())).not.toContain(stolen);
    expect(keys.current().pairwiseSalt).toEqual(pairwiseSalt);
  });
});
