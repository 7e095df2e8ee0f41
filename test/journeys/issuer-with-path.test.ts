import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const path = '/api/v2';
let world: World;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  world = await startWorld({ issuerPath: path });
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  return () => visitor.browser.close();
});

describe('an issuer with a path: https://host/api/v2', () => {
  test('discovery names every endpoint under it, with ProConnect’s own paths', async () => {
    const { body } = await visitor.browser.get(`${world.issuer}/.well-known/openid-configuration`);
    const metadata = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    expect(world.issuer.endsWith(path)).toBe(true);
    expect(metadata).toMatchObject({
      issuer: world.issuer,
      authorization_endpoint: `${world.issuer}/authorize`,
      token_endpoint: `${world.issuer}/token`,
      userinfo_endpoint: `${world.issuer}/userinfo`,
      jwks_uri: `${world.issuer}/jwks`,
      pushed_authorization_request_endpoint: `${world.issuer}/par`,
      end_session_endpoint: `${world.issuer}/session/end`,
      introspection_endpoint: `${world.issuer}/token/introspection`,
      revocation_endpoint: `${world.issuer}/token/revocation`,
    });
  });

  test('a whole life: sign in, second tool, refusal, choice, sign out', async () => {
    await visitor.choose(await visitor.signIn('docs', people.elected), '00000010900009');
    expect((await visitor.session('docs')).userinfo).toMatchObject({ siret: '00000010900009' });
    const refusal = await visitor.choose(await visitor.open('tchap'), '00000010900009');
    expect(refusal.status).toBe(403);
    await visitor.choose(await visitor.browser.click(refusal, 'autre organisation'), '21440109300015');
    expect((await visitor.session('tchap')).signed_in).toBe(true);

    const leaving = await visitor.browser.submitForm(
      await visitor.browser.get(`${world.tools}/docs/`),
      {},
      { form: '/docs/logout' },
    );
    await visitor.browser.submitForm(leaving, { logout: 'yes' });
    expect(await visitor.ask(docs, { prompt: 'none' })).toMatchObject({ error: 'login_required' });
    const ours = visitor.browser.history.filter((url) => url.startsWith(new URL(world.issuer).origin));
    expect(ours.filter((url) => !url.startsWith(`${world.issuer}/`))).toEqual([]);
  });

  test('cookies of a sign-in are sent nowhere else than to its own steps', async () => {
    const page = await visitor.browser.submitForm(await visitor.open('docs'), { email: people.state });
    expect(page.url).toContain(world.idp);
    const { cookies } = await visitor.browser.jar.serialize();
    const paths = cookies
      .map(({ key, path: where }) => `${String(key)} ${String(where)}`)
      .filter((each) => each.startsWith('maillon'))
      .map((each) => each.replace(/up-[0-9a-f]+/, 'up'));
    const uid = String.raw`[\w-]+`;
    for (const expected of [
      `maillon-interaction /api/v2/interaction/${uid}`,
      `maillon-resume /api/v2/authorize/${uid}`,
      'maillon-up /api/v2/callback/demo',
    ]) {
      expect(
        paths.some((each) => new RegExp(`^${expected}$`).test(each)),
        expected,
      ).toBe(true);
    }
    for (const each of paths) expect(each).toMatch(/ \/api\/v2\//);
  });

  test('tokens, refresh and userinfo carry the whole issuer', async () => {
    const tokens = await visitor.enter(docs, people.approved);
    expect(tokens.claims['iss']).toBe(world.issuer);
    expect((await docs.refresh(tokens.refreshToken)).status).toBe(200);
    const visio = createToolClient(world, 'visio');
    const { accessToken } = await visitor.enter(visio, people.approved);
    expect((await visio.userinfo(accessToken)).claims['iss']).toBe(world.issuer);
  });

  test('nothing is served outside the path, but health', async () => {
    const { origin } = new URL(world.issuer);
    for (const outside of ['/authorize', '/.well-known/openid-configuration', '/', '/api/v20/authorize']) {
      expect((await visitor.browser.get(origin + outside)).status).toBe(404);
    }
    expect((await visitor.browser.get(`${world.issuer}/`)).status).toBe(200);
  });
});
