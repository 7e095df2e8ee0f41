import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { asUtf8, createEncodingFinder } from './encoding.ts';

function finder(bytes: Buffer, chunk = 4) {
  const found = createEncodingFinder('f.csv');
  for (let at = 0; at < bytes.length; at += chunk) found.feed(bytes.subarray(at, at + chunk));
  return found;
}
const anyText = fc
  .array(fc.integer({ min: 1, max: 0x10_ffff }))
  .map((codes) => String.fromCodePoint(...codes).toWellFormed());
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('letters', () => {
  test.each<[string, Buffer, string]>([
    ['plain ASCII', Buffer.from('a;b\n'), 'utf-8'],
    ['UTF-8', Buffer.from('a;Élan\n'), 'utf-8'],
    ['UTF-8 with its mark', Buffer.from('\uFEFFa;b\n'), 'utf-8'],
    ['Latin-1', latin1('a;Élan\n'), 'windows-1252'],
    ['Latin-1 after much ASCII', latin1(`${'a;b\n'.repeat(20_000)}Élan`), 'windows-1252'],
    ['Latin-1 whose last byte is an accent', latin1('a;b\ncafé'), 'windows-1252'],
    ['a letter of four bytes', Buffer.from('a;🚲\n'), 'utf-8'],
  ])('%s', (_name, bytes, expected) => {
    for (const chunk of [3, 4, 5, 64, 65_536])
      expect(finder(bytes, chunk).found(undefined).encoding).toBe(expected);
  });

  it('of any UTF-8 text are UTF-8, wherever it is cut', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 3, max: 9 }), (text, chunk) => {
        const found = finder(Buffer.from(text), chunk).found(undefined);
        expect(found).toMatchObject({ encoding: 'utf-8', notUtf8At: undefined, zeroByte: false });
      }),
    );
  });

  it('that change on the way are reported with the line, and nothing is guessed', () => {
    const mixed = Buffer.concat([Buffer.from('a;b\nÉlan;1\nx;2\n'), latin1('Élan;3\n')]);
    for (const chunk of [3, 7, 64])
      expect(() => finder(mixed, chunk).found(undefined)).toThrow(
        'f.csv is UTF-8 up to line 4, which is not. --encoding utf-8 refuses such lines one by one; --encoding windows-1252 reads the whole file so.',
      );
    expect(finder(mixed).found('utf-8')).toMatchObject({ encoding: 'utf-8', notUtf8At: 4 });
  });

  it('of UTF-16 are refused: no register writes them', () => {
    expect(() => finder(Buffer.from('\uFEFFa;b\n', 'utf16le'), 64)).toThrow('UTF-16: save it as UTF-8');
  });

  it('do not hold zero bytes', () => {
    expect(finder(Buffer.from('a\0b')).found(undefined).zeroByte).toBe(true);
  });
});

test.each([
  ['utf-8', Buffer.from('\uFEFFÉlan')],
  ['utf-8', Buffer.from('Élan')],
  ['windows-1252', latin1('Élan')],
] as const)('%s is read without its mark', async (encoding, bytes) => {
  const parts: Buffer[] = [];
  for await (const part of asUtf8(Readable.from([bytes]), encoding)) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe('Élan');
});

it('Windows-1252 holds what Latin-1 does not', async () => {
  for await (const part of asUtf8(Readable.from([Buffer.from([0x80, 0x92])]), 'windows-1252'))
    expect(part.toString()).toBe('€’');
});
