import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSeal } from '../config/config.ts';
import { createDeviceCookie, deviceCookieSeconds } from './limits.ts';

const key = 'encryption-key-of-the-tests-0123456789abcdef';

function open({ secureCookies = true, basePath = '', purpose = 'device-cookie' } = {}) {
  let now = Date.parse('2026-11-23T09:00:00Z');
  const clock = () => new Date(now);
  const cookie = createDeviceCookie({
    seal: createSeal([key], purpose, clock),
    random: randomBytes,
    secureCookies,
    basePath,
  });
  return { cookie, pass: (seconds: number) => void (now += seconds * 1000) };
}

describe('the cookie of a device', () => {
  test('knows those who have signed in there, in any spelling of their address, and nobody else', async () => {
    const { cookie } = open();
    const value = await cookie.note(undefined, ['account-1', 'Agent@asso.example']);
    const id = await cookie.open(value, 'account-1');
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(await cookie.open(value, 'agent+x@asso.example')).toBe(id);
    for (const other of ['account-2', 'autre@asso.example', '']) {
      expect(await cookie.open(value, other)).toBeUndefined();
    }
  });

  test('keeps its id when somebody else signs in there, and forgets the oldest of many', async () => {
    const { cookie } = open();
    let value = await cookie.note(undefined, ['account-0']);
    const id = await cookie.open(value, 'account-0');
    for (let each = 1; each <= 12; each += 1) value = await cookie.note(value, [`account-${each}`]);
    expect(await cookie.open(value, 'account-12')).toBe(id);
    expect(await cookie.open(value, 'account-1')).toBe(id);
    expect(await cookie.open(value, 'account-0')).toBeUndefined();
    expect(value.length).toBeLessThan(1000);
  });

  test('ends after 180 days without a sign-in', async () => {
    const { cookie, pass } = open();
    const value = await cookie.note(undefined, ['account-1']);
    pass(deviceCookieSeconds - 1);
    expect(await cookie.open(value, 'account-1')).toBeDefined();
    const again = await cookie.note(value, ['account-1']);
    pass(1);
    expect(await cookie.open(value, 'account-1')).toBeUndefined();
    expect(await cookie.open(again, 'account-1')).toBeDefined();
  });

  test('garbled, foreign or of another use, knows nobody, and a new one begins', async () => {
    const { cookie } = open();
    const value = await cookie.note(undefined, ['account-1']);
    const foreign = await open({ purpose: 'visitor-state' }).cookie.note(undefined, ['account-1']);
    for (const wrong of [undefined, '', 'x', `${value}x`, value.slice(1), foreign]) {
      expect(await cookie.open(wrong, 'account-1')).toBeUndefined();
      const next = await cookie.note(wrong, ['account-1']);
      expect(await cookie.open(next, 'account-1')).not.toBe(await cookie.open(value, 'account-1'));
    }
  });

  test('holds neither an account nor an address that could be read', async () => {
    const value = await open().cookie.note(undefined, ['account-1', 'agent@asso.example']);
    expect(value).toMatch(/^[\w-]{8}\.[\w-]+$/);
  });

  test('is for our pages alone', () => {
    const { name, options } = open({ basePath: '/api/v2' }).cookie;
    expect(name).toBe('__Secure-maillon-device');
    expect(options).toEqual({
      path: '/api/v2',
      httpOnly: true,
      sameSite: 'lax',
      secure: true,
      signed: false,
      overwrite: true,
      maxAge: 180 * 24 * 3600 * 1000,
    });
    const plain = open({ secureCookies: false }).cookie;
    expect([plain.name, plain.options.path, plain.options.secure]).toEqual(['maillon-device', '/', false]);
  });
});
