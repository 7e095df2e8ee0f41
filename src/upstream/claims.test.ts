import { describe, expect, it } from 'vitest';
import { acrClaim, amrClaim, customClaims } from './claims.ts';

describe('amr', () => {
  it.each([
    [
      ['pwd', 'otp'],
      ['pwd', 'otp'],
    ],
    [['pwd', 'pwd'], ['pwd']],
    ['mfa', []],
    [['pwd', 1], []],
    [['with space'], []],
    [['x'.repeat(65)], []],
    [Array.from({ length: 17 }, (_, index) => `m${index}`), []],
    [undefined, []],
    [{ 0: 'mfa', length: 1 }, []],
  ])('%j → %j: all of it is words, or it is worth nothing', (value, expected) => {
    expect(amrClaim(value)).toEqual(expected);
  });
});

it('acr is one printable value', () => {
  expect(acrClaim('https://refeds.org/profile/mfa')).toBe('https://refeds.org/profile/mfa');
  for (const value of ['', 'a\n', 'é', 1, ['a'], null, 'a'.repeat(256)])
    expect(acrClaim(value)).toBeUndefined();
});

describe('custom', () => {
  it('is what has no name of ours, and never a claim of the protocol', () => {
    const userinfo = {
      sub: 's',
      iss: 'i',
      acr: 'a',
      siret: '1',
      email: 'e',
      uid: 'u',
      phone_number: 'p',
      picture: 'not even well-formed',
      name: 'n',
      address: { formatted: 'a' },
      poste: 'chef',
      grade: null,
    };
    expect(customClaims(userinfo)).toEqual({ poste: 'chef' });
    expect(customClaims({ sub: 's' })).toBeUndefined();
  });

  it('holds no value that is not text: U+0000 and halves of characters, however deep, under whatever name', () => {
    const userinfo: unknown = JSON.parse(
      String.raw`{"a":"x\u0000","b":"x\ud800","c":["fine",{"d":"\udc00\ud800"}],"e":{"\u0000":1},"f":"\\u0000 \ud83d\ude00"}`,
    );
    expect(customClaims(Object.fromEntries(Object.entries(userinfo ?? {})))).toEqual({
      f: '\\u0000 \u{1f600}',
    });
    expect(customClaims({ poste: 'chef\u0000' })).toBeUndefined();
  });

  it('never holds a word that we say, in whatever letters, nor anything said of an organization under our prefix', () => {
    const said = { Roles: ['admin'], SUB: 's', Siret: '1', organization_x: 'y', Organization_Type: 'z' };
    expect(customClaims({ ...said, poste: 'chef' })).toEqual({ poste: 'chef' });
  });

  it('is looked at neither deeper nor wider than it may be', () => {
    const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(customClaims({ deep: deep(200_000), poste: 'chef' })).toEqual({ poste: 'chef' });
    expect(customClaims({ deep: deep(9) })).toBeUndefined();
    expect(customClaims({ deep: deep(8) })).toEqual({ deep: deep(8) });
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 1]));
    expect(customClaims(wide)).toBeUndefined();
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`no name ${at}`, 1]));
    expect(customClaims({ ...many(255), poste: 'chef' })).toEqual({ poste: 'chef' });
    expect(customClaims({ ...many(256), poste: 'chef' })).toBeUndefined();
  });

  it('is small or left out, and its names are names', () => {
    expect(customClaims({ sub: 's', big: 'x'.repeat(2100) })).toBeUndefined();
    const odd: unknown = JSON.parse('{"__proto__":{"admin":true},"1":1,"a b":2,"ok":3}');
    expect(customClaims(Object.fromEntries(Object.entries(odd ?? {})))).toEqual({ ok: 3 });
  });
});
