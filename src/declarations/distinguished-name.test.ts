import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDistinguishedName } from './distinguished-name.ts';

describe('a distinguished name', () => {
  it.each<readonly [string, unknown]>([
    ['CN=tool', [['cn=tool']]],
    ['CN=tool,O=Org,C=FR', [['cn=tool'], ['o=Org'], ['c=FR']]],
    ['cn=tool, o = Org ', [['cn=tool'], ['o=Org']]],
    ['CN=a+UID=b', [['cn=a', 'uid=b']]],
    ['UID=b + CN=a', [['cn=a', 'uid=b']]],
    ['CN=a\\,b\\+c\\"d\\\\e', [['cn=a,b+c"d\\e']]],
    ['CN=\\C3\\A9t\\c3\\a9', [['cn=été']]],
    ['CN=été', [['cn=été']]],
    ['CN=a\\ ', [['cn=a ']]],
    ['CN=\\ a', [['cn= a']]],
    ['1.3.6.1.4.1.1=x', [['1.3.6.1.4.1.1=x']]],
    ['2.5.4.97=NTRFR-1,E=a@b.c', [['organizationidentifier=NTRFR-1'], ['emailaddress=a@b.c']]],
    ['CN=a=b', [['cn=a=b']]],
  ])('%s', (text, expected) => {
    expect(parseDistinguishedName(text)).toEqual(expected);
  });

  it.each(['', 'tool', '=x', 'CN=', 'CN=a,', ',CN=a', 'CN=a,,C=FR', 'CN=a\\', 'CN=a"b', 'CN=a;b', 'CN=\\ff'])(
    'is not %j',
    (text) => {
      expect(parseDistinguishedName(text)).toBeUndefined();
    },
  );

  it('is not #hexadecimal, nor of a type that is no name', () => {
    expect(parseDistinguishedName('CN=#0401')).toBeUndefined();
    expect(parseDistinguishedName('C N=x')).toBeUndefined();
  });

  it('keeps values apart from separators, whatever they hold', () => {
    const value = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const escaped = values.map(
          (text) => `CN=${Buffer.from(text).toString('hex').replace(/../g, '\\$&')}`,
        );
        const expected = values.map((text) => [`cn=${text}`]);
        expect(parseDistinguishedName(escaped.join(','))).toEqual(expected);
        expect(parseDistinguishedName(escaped.join('\n'), '\n')).toEqual(expected);
      }),
    );
  });

  it('never fails on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseDistinguishedName(text)));
  });
});
