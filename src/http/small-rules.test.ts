import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { formatDate } from './dates.ts';
import { createErrorId } from './error-id.ts';
import { toBrokerError } from './foreign-errors.ts';
import { safeHref } from './safe-href.ts';
import { securityTxtExpiry } from './security-txt.ts';
import { createAssets } from './assets.ts';

describe('dates', () => {
  test.each([
    ['2028-12-31', '31 décembre 2028', '31 December 2028'],
    ['2027-01-01', '1er janvier 2027', '1 January 2027'],
    ['2026-03-29', '29 mars 2026', '29 March 2026'],
  ])('%s', (value, french, english) => {
    expect(formatDate(value, 'fr')).toBe(french);
    expect(formatDate(value, 'en')).toBe(english);
  });

  test('an instant is dated in Paris', () => {
    expect(formatDate(new Date('2028-12-31T22:59:59Z'), 'fr')).toBe('31 décembre 2028');
    expect(formatDate(new Date('2028-12-31T23:00:00Z'), 'fr')).toBe('1er janvier 2029');
    expect(formatDate(new Date('2026-07-13T22:00:00Z'), 'fr')).toBe('14 juillet 2026');
  });
});

describe('addresses', () => {
  test.each([
    'https://docs.example/a?b=1',
    'http://localhost:3002/docs',
    'mailto:a@b.example',
    'tel:+33100000000',
    '/demandes',
    '/',
    '?lang=en',
    '#email',
  ])('%s may be written', (value) => {
    expect(safeHref(value)).toBe(value);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\tjavascript:alert(1)',
    '\u0000javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'evil.example',
    '',
  ])('%j becomes #', (value) => {
    expect(safeHref(value)).toBe('#');
  });

  test('whatever is typed, a browser never finds a script scheme nor another host behind a path of ours', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string({ unit: fc.constantFrom('/', '\\', '\t', ':', 'a', '?', '#') }),
        ),
        (value) => {
          const kept = safeHref(value);
          const resolved = URL.parse(kept, 'https://connexion.example/x');
          expect(resolved).not.toBeNull();
          expect(['https:', 'http:', 'mailto:', 'tel:']).toContain(resolved?.protocol);
          if (/^[/?#]/.test(kept)) expect(resolved?.host).toBe('connexion.example');
        },
      ),
    );
  });
});

describe('errors that come from elsewhere', () => {
  const foreign = (fields: Record<string, unknown>): Error => Object.assign(new Error('inside'), fields);

  test.each([
    [{ status: 400, error: 'invalid_client' }, 'M-OIDC-001'],
    [{ status: 400, error: 'invalid_redirect_uri' }, 'M-OIDC-002'],
    [{ status: 400, error: 'invalid_request' }, 'M-OIDC-003'],
    [{ status: 400, error: 'invalid_request', name: 'SessionNotFound' }, 'M-OIDC-004'],
    [{ status: 500, error: 'server_error' }, 'M-HTTP-001'],
    [{ status: 404 }, 'M-HTTP-002'],
    [{ status: 413 }, 'M-HTTP-003'],
    [{}, 'M-HTTP-001'],
  ])('%j → %s', (fields, code) => {
    expect(toBrokerError(foreign(fields)).code).toBe(code);
  });

  test('even what is not an error', () => {
    for (const thrown of [undefined, null, 'text', 404, { status: '404' }])
      expect(toBrokerError(thrown).code).toBe('M-HTTP-001');
  });

  test('ours stays as it is; the cause of the others is kept for the log', () => {
    const ours = new BrokerError('M-ELIG-012');
    expect(toBrokerError(ours)).toBe(ours);
    const theirs = foreign({
      status: 400,
      error: 'invalid_request',
      error_description: 'a',
      error_detail: 'b',
    });
    expect(toBrokerError(theirs, 'M-OIDC-005')).toMatchObject({
      code: 'M-OIDC-005',
      cause: theirs,
      detail: 'invalid_request: a: b',
    });
  });
});

test('an id is four and four, from the random bytes given', () => {
  expect(createErrorId(() => Uint8Array.from([0x7f, 0x3a, 0x91, 0xc2]))()).toBe('7F3A-91C2');
});

test('security.txt holds half a year, from the start of the day', () => {
  expect(securityTxtExpiry(new Date('2026-11-22T15:00:00Z')).toISOString()).toBe('2027-05-23T00:00:00.000Z');
});

test('the name of an asset changes with its content, and unknown names stop the start', () => {
  const assets = createAssets(new URL('../../views/assets', import.meta.url).pathname, '/api/v2');
  expect(assets.href('maillon.css')).toMatch(/^\/api\/v2\/assets\/maillon\.[0-9a-f]{10}\.css$/);
  expect(() => assets.href('other.css')).toThrow('other.css');
});
