import { CompactEncrypt, compactDecrypt, importJWK } from 'jose';
import type { JWK } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DecryptionAlgorithm } from '../declarations/declarations.ts';
import type { KeySet } from './key-set.ts';
import { listKeys } from './list-keys.ts';
import { rotateKeys } from './rotate-keys.ts';
import { day, hour, useRings } from './testing/rings.ts';
import { withdrawKey } from './withdraw-key.ts';

const { clock, pass, ring, store } = useRings();
const wanted = (): readonly DecryptionAlgorithm[] => ['ECDH-ES'];
const kids = (keys: readonly JWK[]) => keys.map(({ kid }) => kid);

beforeEach(async () => {
  await store().db.deleteFrom('signing_key').where('alg', '=', 'ECDH-ES').execute();
});

/** Whoever read `/jwks` encrypts to what it found there. */
async function encryptTo(keys: KeySet): Promise<string> {
  const [jwk] = keys.encryptionJwks;
  if (jwk === undefined) throw new Error('nothing is published');
  return new CompactEncrypt(new TextEncoder().encode('x'))
    .setProtectedHeader({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      ...(jwk.kid === undefined ? {} : { kid: jwk.kid }),
    })
    .encrypt(await importJWK(jwk, 'ECDH-ES'));
}
const opens = (keys: KeySet, token: string): Promise<boolean> =>
  Promise.any(keys.decryptionKeys('ECDH-ES').map((jwk) => compactDecrypt(token, jwk))).then(
    () => true,
    () => false,
  );

describe('keys that others encrypt to', () => {
  test('are not there until somebody needs them', async () => {
    const keys = (await ring()).current();
    expect([keys.encryptionJwks, keys.decryptionKeys('ECDH-ES')]).toEqual([[], []]);
    expect((await listKeys(store().db, clock())).map(({ alg }) => alg)).not.toContain('ECDH-ES');
  });

  test('are made then, one for all processes, without a restart; the library does not see them', async () => {
    let needed: readonly DecryptionAlgorithm[] = [];
    const first = await ring({ wanted: () => needed });
    const before = first.current();
    needed = ['ECDH-ES'];
    await first.refresh();
    const [one, other] = [first.current(), (await ring({ wanted })).current()];
    expect(one.version).not.toBe(before.version);
    expect(other.version).toBe(one.version);
    expect(one.encryptionJwks).toMatchObject([{ alg: 'ECDH-ES', use: 'enc', kty: 'EC' }]);
    expect(one.encryptionJwks[0]).not.toHaveProperty('d');
    expect(one.jwks).toEqual(before.jwks);
    expect(await opens(other, await encryptTo(one))).toBe(true);
  });

  test('rotate: the next one is published at its time, and what was encrypted to the former still opens', async () => {
    const keys = await ring({ wanted });
    const before = keys.current();
    const toFormer = await encryptTo(before);
    const [rotation] = await rotateKeys(store(), ['ECDH-ES'], day);
    await keys.refresh();
    expect(kids(keys.current().encryptionJwks)).toEqual(kids(before.encryptionJwks));
    pass(day);
    const after = keys.current();
    expect(kids(after.encryptionJwks)).toEqual([rotation?.kid]);
    expect(await opens(after, toFormer)).toBe(true);
    expect(await opens(after, await encryptTo(after))).toBe(true);
    pass(40 * day);
    expect(await opens(keys.current(), toFormer)).toBe(false);
  });

  test('withdrawn: another takes its place at once, and it opens nothing any more', async () => {
    const keys = await ring({ wanted });
    const token = await encryptTo(keys.current());
    const [kid = ''] = kids(keys.current().encryptionJwks);
    pass(hour);
    const { replacement } = await withdrawKey(store(), kid);
    await keys.refresh();
    expect(kids(keys.current().encryptionJwks)).toEqual([replacement]);
    expect(await opens(keys.current(), token)).toBe(false);
  });
});
