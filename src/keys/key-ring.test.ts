import { rm } from 'node:fs/promises';
import { SignJWT, compactVerify, decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { createSeal } from '../config/config.ts';
import { migrate, openStores } from '../storage/storage.ts';
import { listKeys } from './list-keys.ts';
import { purgeRetiredKeys } from './purge-retired-keys.ts';
import { rotateKeys } from './rotate-keys.ts';
import { day, hour, mayOnlyVerify, published, signs, useRings } from './testing/rings.ts';

const { clock, pass, ring, store } = useRings();

describe('on an empty database', () => {
  test('processes that start at once agree on one set', async () => {
    await store().db.deleteFrom('signing_key').execute();
    const sets = (await Promise.all(Array.from({ length: 5 }, () => ring()))).map((each) => each.current());
    expect(new Set(sets.map(({ version }) => version)).size).toBe(1);
    expect(new Set(sets.map(({ jwks }) => JSON.stringify(jwks))).size).toBe(1);
    expect(new Set(sets.map(({ pairwiseSalt }) => Buffer.from(pairwiseSalt).toString('hex'))).size).toBe(1);
    expect([sets[0]?.pairwiseSalt.length, sets[0]?.dpopNonceSecret.length]).toEqual([32, 32]);
  });

  test('ES256 comes first, RS256 is there; each has kid, alg and use (tools refuse keys without)', async () => {
    const { jwks } = (await ring()).current();
    expect(jwks.keys.map(({ alg, use }) => ({ alg, use }))).toEqual([
      { alg: 'ES256', use: 'sig' },
      { alg: 'RS256', use: 'sig' },
      { alg: 'PS256', use: 'sig' },
      { alg: 'EdDSA', use: 'sig' },
    ]);
    expect(jwks.keys.every(({ kid }) => typeof kid === 'string' && kid.length > 20)).toBe(true);
  });

  test('private parts rest sealed', async () => {
    const rows = JSON.stringify(await store().db.selectFrom('signing_key').select('sealed_jwk').execute());
    const { jwks, pairwiseSalt } = (await ring()).current();
    for (const { d } of jwks.keys) {
      expect(d).toBeDefined();
      expect(rows).not.toContain(String(d));
    }
    expect(rows).not.toContain(Buffer.from(pairwiseSalt).toString('base64url'));
  });

  test('without the key that sealed them, the start fails and says which variable', async () => {
    const foreign = createSeal(['another-encryption-key-0123456789abcdefgh'], 'signing-key');
    await expect(ring({ seal: foreign })).rejects.toThrow(/^M-CONF-001: ENCRYPTION_KEYS/);
  });
});

describe('a rotation', () => {
  beforeEach(async () => {
    await store().db.deleteFrom('signing_key').where('state', '=', 'next').execute();
  });

  test('publishes the next key at once, and signs with it at its instant, without the database', async () => {
    const keys = await ring();
    const before = keys.current();
    const [rotation] = await rotateKeys(store(), ['ES256'], day);
    expect(rotation).toMatchObject({
      alg: 'ES256',
      replaces: signs(before),
      activatesAt: new Date(clock().getTime() + day * 1000),
    });
    await keys.refresh();
    const waiting = keys.current();
    expect(published(waiting)).toEqual([...published(before), rotation?.kid]);
    expect(mayOnlyVerify(waiting)).toEqual([rotation?.kid]);
    expect(signs(waiting)).toBe(signs(before));

    pass(day - 0.001);
    expect(keys.current()).toBe(waiting);
    pass(0.001);
    const after = keys.current();
    expect(signs(after)).toBe(rotation?.kid);
    expect(mayOnlyVerify(after)).toEqual([signs(before)]);
    expect(published(after)).toHaveLength(5);
    expect(after.version).not.toBe(waiting.version);
    expect(after.pairwiseSalt).toEqual(before.pairwiseSalt);
  });

  test('keeps the former key until nothing that it signed lives; then it is deleted', async () => {
    const keys = await ring();
    const former = signs(keys.current());
    await rotateKeys(store(), ['ES256'], hour);
    await keys.refresh();
    pass(hour + 31 * day - 1);
    await purgeRetiredKeys(store().db, clock());
    await keys.refresh();
    expect(mayOnlyVerify(keys.current())).toEqual([former]);
    pass(1);
    expect(published(keys.current())).not.toContain(former);
    const stored = () =>
      store().db.selectFrom('signing_key').select('kid').where('kid', '=', former).execute();
    expect(await stored()).toHaveLength(1);
    await purgeRetiredKeys(store().db, clock());
    expect(await stored()).toHaveLength(0);
  });

  test('of all algorithms changes each; nothing changes for the version before, which reads `state`', async () => {
    const ofVersionBefore = () =>
      store()
        .db.selectFrom('signing_key')
        .select('kid')
        .where('state', '=', 'current')
        .orderBy('kid')
        .execute();
    const before = await ofVersionBefore();
    expect(await rotateKeys(store(), ['ES256', 'RS256', 'PS256', 'EdDSA'], hour)).toHaveLength(4);
    pass(2 * hour);
    expect(await ofVersionBefore()).toEqual(before);
  });

  test('is refused when the key would sign before copies of /jwks have aged out', async () => {
    await expect(rotateKeys(store(), ['ES256'], 359)).rejects.toThrow(/^M-KEYS-001: .*at least 360 seconds/);
    expect(await rotateKeys(store(), ['ES256'], 360)).toHaveLength(1);
  });

  test('is refused while a key waits, for all algorithms or none', async () => {
    const [waiting] = await rotateKeys(store(), ['RS256'], hour);
    const before = await listKeys(store().db, clock());
    await expect(rotateKeys(store(), ['ES256', 'RS256'], hour)).rejects.toThrow(
      `A new key waits already: ${waiting?.kid} (RS256) from 2027-01-01T01:00:00.000Z.`,
    );
    expect(await listKeys(store().db, clock())).toEqual(before);
    pass(hour);
    expect(await rotateKeys(store(), ['ES256', 'RS256'], hour)).toHaveLength(2);
  });

  test('asked for by two people at once happens once', async () => {
    const answers = await Promise.allSettled([1, 2, 3].map(() => rotateKeys(store(), ['EdDSA'], hour)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is listed: what signs, what will, what did, and until when', async () => {
    await store().db.deleteFrom('signing_key').where('alg', '=', 'ES256').execute();
    const keys = await ring();
    const first = signs(keys.current());
    const [second] = await rotateKeys(store(), ['ES256'], hour);
    pass(hour);
    const [third] = await rotateKeys(store(), ['ES256'], day);
    const listed = (await listKeys(store().db, clock())).filter(({ alg }) => alg === 'ES256');
    const start = Date.UTC(2027, 0, 1);
    const after = (seconds: number) => new Date(start + seconds * 1000);
    expect(listed).toEqual([
      { kid: third?.kid, alg: 'ES256', state: 'next', since: after(hour), until: after(hour + day) },
      { kid: second?.kid, alg: 'ES256', state: 'current', since: after(hour), until: after(hour + day) },
      { kid: first, alg: 'ES256', state: 'retired', since: after(hour), until: after(hour + 31 * day) },
    ]);
  });
});

describe('the ring', () => {
  beforeEach(async () => {
    await store().db.deleteFrom('signing_key').execute();
  });

  test('gives the same object while nothing changes, so that nothing is built in vain', async () => {
    const keys = await ring();
    const before = keys.current();
    await keys.refresh();
    pass(hour);
    expect(keys.current()).toBe(before);
    pass(-2 * hour);
    expect(keys.current()).toBe(before);
  });

  test('sees within its poll what another process did', async () => {
    const keys = await ring({ pollMs: 10 });
    const [next] = await rotateKeys(store(), ['PS256'], hour);
    await expect.poll(() => published(keys.current()), { timeout: 2000, interval: 10 }).toContain(next?.kid);
  });

  test('keeps the keys it has while the database is away, says so, and goes on changing at their instants', async () => {
    const problems: unknown[] = [];
    const elsewhere = await newMigratedDataDir();
    const away = await openStores({ dataDir: elsewhere, clock });
    await migrate(away, 'migrations');
    const lonely = await ring({ db: away.db, pollMs: 10, onProblem: (error) => problems.push(error) });
    const [next] = await rotateKeys({ ...store(), db: away.db }, ['ES256'], hour);
    await lonely.refresh();
    const before = lonely.current();
    await away.close();
    await expect(lonely.refresh()).rejects.toThrow();
    await expect.poll(() => problems.length, { timeout: 2000, interval: 10 }).toBeGreaterThan(0);
    expect(lonely.current()).toBe(before);
    pass(hour);
    expect(signs(lonely.current())).toBe(next?.kid);
    await rm(elsewhere, { recursive: true });
  });

  test.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)(
    'signs %s with what `signingKey` gives, and the published key verifies it',
    async (alg) => {
      const { signingKey, jwks } = (await ring()).current();
      const { kid, jwk } = signingKey(alg);
      const token = await new SignJWT({ a: 1 }).setProtectedHeader({ alg, kid }).sign(jwk);
      expect(decodeProtectedHeader(token)).toEqual({ alg, kid });
      const { kty, crv, x, y, n, e } = jwks.keys.find((each) => each.kid === kid) ?? {};
      const publicKey = Object.fromEntries(
        Object.entries({ kty, crv, x, y, n, e, alg }).filter(([, value]) => value !== undefined),
      );
      await expect(compactVerify(token, publicKey)).resolves.toBeDefined();
    },
  );
});
