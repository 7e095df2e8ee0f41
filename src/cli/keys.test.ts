import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { createSeal, loadConfig } from '../config/config.ts';
import { createKeyRing } from '../keys/keys.ts';
import { root, storesOf, type } from './testing/terminal.ts';

// One story, told in order: keys that are made, listed, changed and withdrawn.
let env: Readonly<Record<string, string>>;
let now = Date.UTC(2027, 0, 1);
const clock = () => new Date(now);
const hours = (count: number): void => void (now += count * 3_600_000);
const maillon = (...argv: string[]) => type(argv, env, { clock });

/** What a process would sign with, started now. */
async function signing(): Promise<string> {
  const config = loadConfig({ COOKIE_KEYS: 'c'.repeat(32), ENCRYPTION_KEYS: 'e'.repeat(32) }, root);
  const stores = await storesOf(env, clock);
  try {
    const seal = createSeal(config.encryptionKeys, 'signing-key');
    const ring = await createKeyRing({ db: stores.db, seal, clock });
    ring.stop();
    return ring.current().signingKey('ES256').kid;
  } finally {
    await stores.close();
  }
}
/** KID, ALG, STATE, SINCE, UNTIL of each line. */
async function listed(): Promise<readonly (readonly string[])[]> {
  const { code, out } = await maillon('keys', 'list');
  expect(code).toBe(0);
  return out.split('\n').map((line) => line.split(/ {2,}/));
}

beforeAll(async () => {
  env = await newMigratedSettings();
}, 180_000);
afterAll(() => {
  rmSync(env['DATA_DIR'] ?? '', { recursive: true });
});

describe('maillon keys', { timeout: 180_000 }, () => {
  let first: string;
  let second: string;

  it('list: nothing before a process has started, then one key an algorithm', async () => {
    expect(await maillon('keys', 'list')).toMatchObject({
      code: 0,
      out: 'No key yet: the first process that starts makes them.',
    });
    first = await signing();
    const [head, es256, ...others] = await listed();
    expect(head).toEqual(['KID', 'ALG', 'STATE', 'SINCE', 'UNTIL']);
    expect(es256).toEqual([first, 'ES256', 'current', '2027-01-01T00:00:00.000Z', '-']);
    expect(others.map(([, alg, state]) => `${alg ?? ''} ${state ?? ''}`)).toEqual([
      'RS256 current',
      'PS256 current',
      'EdDSA current',
    ]);
  });

  it('rotate: says what will happen, and when', async () => {
    const { code, out } = await maillon('keys', 'rotate', '--alg', 'ES256');
    expect(code).toBe(0);
    second = /^ES256: (\S+) will replace (\S+)$/m.exec(out)?.[1] ?? '';
    expect(out).toContain(`ES256: ${second} will replace ${first}\n`);
    expect(out).toContain('From 2027-01-02T00:00:00.000Z they sign.');
    expect(out).toContain('Until 2027-02-02T00:00:00.000Z the former keys stay published');
    expect((await listed()).slice(1, 3)).toEqual([
      [second, 'ES256', 'next', '2027-01-01T00:00:00.000Z', '2027-01-02T00:00:00.000Z'],
      [first, 'ES256', 'current', '2027-01-01T00:00:00.000Z', '2027-01-02T00:00:00.000Z'],
    ]);
    expect(await signing()).toBe(first);
    hours(24);
    expect(await signing()).toBe(second);
    expect((await listed())[2]).toEqual([
      first,
      'ES256',
      'retired',
      '2027-01-02T00:00:00.000Z',
      '2027-02-02T00:00:00.000Z',
    ]);
  });

  it('rotate: all algorithms, after as long as one likes; twice is refused, and changes nothing', async () => {
    const { out } = await maillon('keys', 'rotate', '--publish-for', '6m');
    expect(out.match(/will replace/g)).toHaveLength(4);
    expect(out).toContain('From 2027-01-02T00:06:00.000Z they sign.');
    const before = await listed();
    const again = await maillon('keys', 'rotate');
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.err).toMatch(
      /^maillon: The signing keys are as they were\. A new key waits already: .* \(M-KEYS-001\)$/,
    );
    expect(await listed()).toEqual(before);
  });

  it('rotate: not before copies of /jwks have aged out', async () => {
    const { code, err } = await maillon('keys', 'rotate', '--publish-for', '5m');
    expect(code).toBe(1);
    expect(err).toContain('A new key must be published for at least 360 seconds before it signs');
    expect(err).toMatch(/ \(M-KEYS-001\)$/);
  });

  it('withdraw: the key is gone, another one signs, and the consequences are told', async () => {
    const { code, out } = await maillon('keys', 'withdraw', second);
    expect(code).toBe(0);
    const [, replacement] = /^(\S+) signs from now on\./m.exec(out) ?? [];
    expect(out).toContain(`ES256: ${second} is withdrawn.`);
    expect(out).toContain('for 5 minutes more');
    expect(await signing()).toBe(replacement);
    expect((await listed()).flat()).not.toContain(second);
  });

  it('withdraw: a key that only verifies, or waits, changes nothing else', async () => {
    expect((await maillon('keys', 'withdraw', first)).out).toContain('the current key stays');
    const next = (await listed()).find(([, alg, state]) => alg === 'RS256' && state === 'next')?.[0] ?? '';
    expect((await maillon('keys', 'withdraw', next)).out).toContain('It has never signed');
  });

  it.each([
    ['unknown', 'No key has the kid unknown: `maillon keys list` shows them.'],
    ['pairwise', 'pairwise is not a key to withdraw'],
  ])('withdraw: %s is refused', async (kid, sentence) => {
    const { code, err } = await maillon('keys', 'withdraw', kid);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
  });

  it('of identity providers that encrypt to us: what they read and what is opened, nothing that signs', async () => {
    await maillon('keys', 'rotate', '--alg', 'ECDH-ES');
    hours(25);
    const { out } = await maillon('keys', 'rotate', '--alg', 'ECDH-ES');
    expect(out).toMatch(/^ECDH-ES: \S+ will replace \S+$/m);
    expect(out).toContain('/jwks publishes the new key in the place of the former');
    expect(out).toContain('what they encrypted to the former key is opened');
    expect(out).not.toMatch(/\bsign/);
    const current = (await listed()).find(([, alg, state]) => alg === 'ECDH-ES' && state === 'current')?.[0];
    const withdrawn = await maillon('keys', 'withdraw', current ?? '');
    expect(withdrawn.out).toContain('is not opened any more');
    expect(withdrawn.out).toMatch(/^\S+ is published in its place/m);
    expect(withdrawn.out).not.toMatch(/\bsign/);
  });
});
