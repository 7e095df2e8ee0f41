// The program of the guide, started as its own process, with a browser in front and the running broker behind.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createVisitor, people } from '../journeys/visitor.ts';
import type { Email, Visitor } from '../journeys/visitor.ts';
import type { Page } from '../support/browser-session.ts';
import { freePort } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import {
  demoAndGuides,
  exampleIssuer,
  guideFile,
  guidesFolder,
  secretOf,
  variablesOf,
} from './support/guides.ts';
import { startProgram } from './support/program.ts';
import type { Program } from './support/program.ts';

describe('The openid-client program', () => {
  let world: World;
  let program: Program;
  let tool: string;
  let visitor: Visitor;

  beforeAll(async () => {
    const port = await freePort();
    tool = `http://localhost:${port}`;
    const { dir, remove } = await demoAndGuides(['openid-client'], { 'https://tool.example.org': tool });
    world = await startWorld({ configDir: dir, variables: await variablesOf(['openid-client']) });
    await remove();
    const environment = await guideFile('openid-client/example.env', {
      [exampleIssuer]: world.issuer,
      'https://tool.example.org': tool,
      'the-output-of-maillon-secret': secretOf('TOOL_SECRET'),
      '4000': String(port),
    });
    program = await startProgram(
      join(guidesFolder, 'openid-client/server.js'),
      Object.fromEntries(
        [...environment.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
      ),
    );
  }, 180_000);
  afterAll(async () => {
    await program.stop();
    await world.close();
  });
  beforeEach(() => {
    visitor = createVisitor(world);
  });
  afterEach(() => visitor.browser.close());

  const home = async (who = visitor): Promise<string> => who.browser.text(await who.browser.get(`${tool}/`));
  const signIn = async (email: Email, who = visitor): Promise<Page> =>
    who.identify(await who.browser.click(await who.browser.get(`${tool}/`), 'Sign in'), email);

  test('an agent signs in: the tool shows what userinfo said', async () => {
    const page = await signIn(people.commune);
    expect(page).toMatchObject({ url: `${tool}/`, status: 200 });
    expect(visitor.browser.text(page)).toMatch(/Welcome Yann.*For .*NANTES/is);
  });

  test('a member of an approved association signs in', async () => {
    await signIn(people.approved);
    expect(await home()).toContain('Welcome Rozenn');
  });

  test('a refused member is told why by Maillon, and comes back to the tool with access_denied', async () => {
    const refusal = await signIn(people.association);
    expect(refusal.url.startsWith(world.issuer)).toBe(true);
    expect(refusal.status).toBe(403);
    const back = await visitor.browser.click(refusal, 'Revenir à Docs');
    expect(back.url.startsWith(`${tool}/callback?`)).toBe(true);
    expect(back.status).toBe(403);
    expect(visitor.browser.text(back)).toContain('access_denied');
    expect(await home()).not.toContain('Welcome');
  });

  test('an answer that this browser did not ask for is refused', async () => {
    const page = await visitor.browser.get(
      `${tool}/callback?code=x&state=y&iss=${encodeURIComponent(world.issuer)}`,
    );
    expect(page.status).toBe(403);
    expect(visitor.browser.text(page)).toContain('no sign-in is under way');
    expect(await home()).not.toContain('Welcome');
  });

  test('signing out of the tool signs out of Maillon, and comes back', async () => {
    await signIn(people.commune);
    const leaving = await visitor.browser.submitForm(
      await visitor.browser.get(`${tool}/`),
      {},
      { form: '/logout' },
    );
    const end = await visitor.browser.submitForm(leaving, { logout: 'yes' });
    expect(end.url).toBe(`${tool}/signed-out`);
    expect(await home()).not.toContain('Welcome');
    expect((await visitor.ask(createToolClient(world, 'docs'), { prompt: 'none' })).error).toBe(
      'login_required',
    );
  });

  test('whoever signs out of another tool is signed out of this one, by Maillon, and nobody else is', async () => {
    const colleague = createVisitor(world);
    await signIn(people.state, colleague);
    await signIn(people.commune);
    await visitor.signIn('tchap', people.commune);
    const tchap = await visitor.browser.get(`${world.tools}/tchap/`);
    const leaving = await visitor.browser.submitForm(tchap, {}, { form: '/tchap/logout' });
    await visitor.browser.submitForm(leaving, { logout: 'yes' });
    await vi.waitFor(async () => expect(await home()).not.toContain('Welcome'), { timeout: 10_000 });
    expect(await home(colleague)).toContain('Welcome Camille');
    await colleague.browser.close();
  });

  test('a logout token that Maillon did not sign ends nothing', async () => {
    await signIn(people.commune);
    for (const token of ['', 'x.y.z']) {
      const { status } = await visitor.browser.post(`${tool}/backchannel-logout`, { logout_token: token });
      expect(status).toBe(400);
    }
    expect(await home()).toContain('Welcome');
  });

  test('the versions that its package.json asks for are those of this test', async () => {
    const wanted = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await guideFile('openid-client/package.json')));
    for (const [name, range] of Object.entries(wanted.dependencies)) {
      const { version } = z
        .object({ version: z.string() })
        .parse(JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8')));
      expect(range, name).toBe(`^${version.split('.')[0] ?? ''}.0.0`);
    }
  });

  test('it is short enough to be read', async () => {
    expect((await guideFile('openid-client/server.js')).split('\n').length).toBeLessThanOrEqual(121);
  });
});
