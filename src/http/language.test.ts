import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPageServer } from '../../test/browser/page-server.ts';
import type { PageServer } from '../../test/browser/page-server.ts';
import { language, preferLocales } from './language.ts';

let server: PageServer;
beforeAll(async () => {
  server = await startPageServer({
    basePath: '/api/v2',
    routes: () => async (ctx) => {
      preferLocales(ctx, ctx.get('x-ui-locales') || undefined);
      ctx.body = language(ctx);
    },
  });
});
afterAll(() => server.close());

const ask = async (query: string, headers: Record<string, string> = {}): Promise<string> =>
  (await fetch(`${server.origin}/api/v2/x${query}`, { headers })).text();

test('French, unless somebody says otherwise', async () => {
  expect(await ask('')).toBe('fr');
  expect(await ask('', { 'accept-language': 'en' })).toBe('fr');
});

test('the relying party may ask, by ui_locales in its order', async () => {
  expect(await ask('', { 'x-ui-locales': 'en' })).toBe('en');
  expect(await ask('', { 'x-ui-locales': 'de en-GB fr' })).toBe('en');
  expect(await ask('', { 'x-ui-locales': 'fr-CA en' })).toBe('fr');
  expect(await ask('', { 'x-ui-locales': 'de' })).toBe('fr');
});

test('the choice of the person wins: cookie, then the address', async () => {
  expect(await ask('', { cookie: 'lang=en', 'x-ui-locales': 'fr' })).toBe('en');
  expect(await ask('?lang=fr', { cookie: 'lang=en', 'x-ui-locales': 'en' })).toBe('fr');
});

test('the choice is kept, under our path only', async () => {
  const answer = await fetch(`${server.origin}/api/v2/x?lang=en`);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^lang=en; path=\/api\/v2; .*httponly/);
  expect(cookie).toContain('samesite=lax');
  expect(
    (await fetch(`${server.origin}/api/v2/x?lang=en`, { method: 'POST' })).headers.get('set-cookie'),
  ).toBeNull();
});

test.each(['?lang=de', '?lang=', '?lang=en&lang=fr', '?lang[]=en', '?xlang=en'])(
  '%s chooses nothing',
  async (query) => {
    const answer = await fetch(`${server.origin}/api/v2/x${query}`);
    expect(await answer.text()).toBe('fr');
    expect(answer.headers.get('set-cookie')).toBeNull();
  },
);
