import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeal } from './seal.ts';

const oldKey = 'an-old-encryption-key-of-32-characters-or-more';
const newKey = 'a-new-encryption-key-of-32-characters-or-more!';

describe('a sealed value', () => {
  it('comes back as it was, whatever it is', async () => {
    const seal = createSeal([newKey], 'test');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (value) => {
        expect(await seal.open(await seal.seal(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 50 },
    );
  });

  it('fits a cookie and a URL', async () => {
    expect(await createSeal([newKey], 'test').seal({ a: 'é ; =' })).toMatch(/^[\w.-]+$/);
  });

  it('never looks the same twice', async () => {
    const seal = createSeal([newKey], 'test');
    expect(await seal.seal({ a: 1 })).not.toBe(await seal.seal({ a: 1 }));
  });

  it('does not show what it holds', async () => {
    const token = await createSeal([newKey], 'test').seal({ secret: 'find-me' });
    const segments = token.split('.').map((segment) => Buffer.from(segment, 'base64url').toString('latin1'));
    expect(segments.join(' ')).not.toContain('find-me');
  });

  it('may hold a field named exp of its own', async () => {
    const seal = createSeal([newKey], 'test');
    expect(await seal.open(await seal.seal({ exp: 1 }))).toEqual({ exp: 1 });
  });
});

describe('keys', () => {
  it('are replaced without losing what the old one sealed', async () => {
    const token = await createSeal([oldKey], 'test').seal({ a: 1 });
    expect(await createSeal([newKey, oldKey], 'test').open(token)).toEqual({ a: 1 });
  });

  it('seal with the newest', async () => {
    const token = await createSeal([newKey, oldKey], 'test').seal({ a: 1 });
    expect(await createSeal([newKey], 'test').open(token)).toEqual({ a: 1 });
    expect(await createSeal([oldKey], 'test').open(token)).toBeUndefined();
  });

  it('that are gone open nothing', async () => {
    const token = await createSeal([oldKey], 'test').seal({ a: 1 });
    expect(await createSeal([newKey], 'test').open(token)).toBeUndefined();
  });

  it('are not shared between purposes', async () => {
    const token = await createSeal([newKey], 'attempt').seal({ a: 1 });
    expect(await createSeal([newKey], 'idp-secret').open(token)).toBeUndefined();
  });

  it('must exist', () => {
    expect(() => createSeal([], 'test')).toThrow('at least one');
  });
});

describe('an end', () => {
  it('is kept to the second', async () => {
    let now = new Date('2026-11-22T10:00:00Z');
    const seal = createSeal([newKey], 'test', () => now);
    const token = await seal.seal({ a: 1 }, 60);
    now = new Date('2026-11-22T10:00:59.999Z');
    expect(await seal.open(token)).toEqual({ a: 1 });
    now = new Date('2026-11-22T10:01:00Z');
    expect(await seal.open(token)).toBeUndefined();
  });

  it('is optional', async () => {
    let now = new Date('2026-11-22T10:00:00Z');
    const seal = createSeal([newKey], 'test', () => now);
    const token = await seal.seal({ a: 1 });
    now = new Date('2036-11-22T10:00:00Z');
    expect(await seal.open(token)).toEqual({ a: 1 });
  });
});

describe('a token that is not ours', () => {
  it('is refused when any one of its characters was changed: key id, nonce, content, tag', async () => {
    const seal = createSeal([newKey], 'test');
    const token = await seal.seal({ a: 1 });
    for (let at = 0; at < token.length; at += 1) {
      const other = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(await seal.open(other), other).toBeUndefined();
    }
  });

  it.each(['', '.', '....', 'a.b.c.d.e', 'é', '{}', 'null', 'eyJhbGciOiJub25lIn0..', 'a'.repeat(100_000)])(
    'is refused: %.20s',
    async (token) => {
      expect(await createSeal([newKey], 'test').open(token)).toBeUndefined();
    },
  );

  it('is refused without its last segment, or with one more', async () => {
    const seal = createSeal([newKey], 'test');
    const token = await seal.seal({ a: 1 });
    expect(await seal.open(token.slice(0, token.lastIndexOf('.')))).toBeUndefined();
    expect(await seal.open(`${token}.`)).toBeUndefined();
    expect(await seal.open(` ${token}`)).toBeUndefined();
  });
});
