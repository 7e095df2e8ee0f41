import { createHmac, timingSafeEqual } from 'node:crypto';

/** The interface of `keygrip` that koa's cookies use. */
export interface CookieSigner {
  sign(data: string): string;
  verify(data: string, digest: string): boolean;
  index(data: string, digest: string): number;
}

/**
 * Cookie signatures, HMAC-SHA256. The public feature `cookies.keys` of the library accepts any object of this shape;
 * its default compares through a double HMAC with random keys, which costs a fifth of the whole login (36 µs a
 * verification against 3 µs here).
 *
 * @param keys newest first: the first signs, all verify
 */
export function createCookieSigner(keys: readonly string[]): CookieSigner {
  const [newest] = keys;
  if (newest === undefined) throw new TypeError('at least one cookie key is needed');
  const mac = (key: string, data: string) => createHmac('sha256', key).update(data).digest();
  const index = (data: string, digest: string): number => {
    const given = Buffer.from(digest, 'base64url');
    return keys.findIndex((key) => {
      const expected = mac(key, data);
      return expected.length === given.length && timingSafeEqual(expected, given);
    });
  };
  return {
    sign: (data) => mac(newest, data).toString('base64url'),
    verify: (data, digest) => index(data, digest) >= 0,
    index,
  };
}
