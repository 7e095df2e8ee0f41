// The configuration of the guide, given to Debian's Apache, in front of the running broker.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { findApache, startApache } from '../support/apache.ts';
import type { ApacheService } from '../support/apache.ts';
import type { Page } from '../support/browser-session.ts';
import { freePort } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createOperator } from '../journeys/operator.ts';
import { createVisitor, people } from '../journeys/visitor.ts';
import type { Email, Visitor } from '../journeys/visitor.ts';
import { demoAndGuides, exampleIssuer, guideFile, secretOf, variablesOf } from './support/guides.ts';

const suite = 'Apache with mod_auth_openidc';
const binary = await findApache(suite);

const pages = {
  'index.html':
    'user=<!--#echo var="REMOTE_USER" --> email=<!--#echo var="OIDC_CLAIM_email" --> roles=<!--#echo var="OIDC_CLAIM_roles" -->',
  'object.html': 'Allowed by the decision itself.',
  'refused.html': 'This intranet is not open to your organization.',
  'signed-out.html': 'You are signed out.',
};

describe.runIf(binary !== undefined)(suite, () => {
  let world: World;
  let apache: ApacheService;
  let site: string;
  let visitor: Visitor;

  beforeAll(async () => {
    const port = await freePort();
    site = `http://localhost:${port}`;
    const tool = {
      'https://intranet.example.org': site,
      // For the other rule of the page, which looks into an object.
      'openid email profile roles': 'openid email profile roles eligibility',
    };
    const { dir, remove } = await demoAndGuides(['mod-auth-openidc'], tool);
    world = await startWorld({ configDir: dir, variables: await variablesOf(['mod-auth-openidc']) });
    await remove();
    apache = await startApache({
      binary: binary ?? '',
      port,
      site: `${await guideFile('mod-auth-openidc/apache.conf', {
        ...tool,
        [exampleIssuer]: world.issuer,
        // Nobody waits for a minute here.
        'OIDCUserInfoRefreshInterval 60': 'OIDCUserInfoRefreshInterval 1',
      })}
        <Location "/object.html">
          Require claim eligibility.decision:allow
        </Location>`,
      pages,
      environment: {
        INTRANET_SECRET: secretOf('INTRANET_SECRET'),
        INTRANET_PASSPHRASE: secretOf('INTRANET_PASSPHRASE'),
      },
    });
  }, 180_000);
  afterAll(async () => {
    await apache.stop();
    await world.close();
  });
  beforeEach(() => {
    visitor = createVisitor(world);
  });
  afterEach(() => visitor.browser.close());

  const signIn = async (email: Email): Promise<Page> =>
    visitor.identify(await visitor.browser.get(`${site}/`), email);
  const home = async (): Promise<Page> => visitor.browser.get(`${site}/`, { redirects: 'manual' });
  const isSignedIn = async (): Promise<boolean> => (await home()).body.includes('email=');

  test('it accepts the configuration of the guide, and complains of plain HTTP only', async () => {
    const lines = (await apache.log()).split('\n').filter((line) => /:(?:warn|error|crit)\]/.test(line));
    for (const line of lines) expect(line).toMatch(/SHOULD be "https"/);
  });

  test('an agent reaches the page, which is told who they are', async () => {
    const page = await signIn(people.commune);
    expect(page).toMatchObject({ status: 200, url: `${site}/` });
    expect(page.body).toContain('email=agent@commune.example');
    expect(page.body).toContain('roles=agent_public,agent_public_territorial,');
    expect(page.body).toMatch(/user=[\w-]{20,}/);
  });

  test('the request has PKCE, a state and a nonce', async () => {
    const { location } = await home();
    const { searchParams } = new URL(location ?? '');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('scope')).toContain('openid email profile roles');
    expect(searchParams.get('state')?.length).toBeGreaterThanOrEqual(20);
    expect(searchParams.get('nonce')?.length).toBeGreaterThanOrEqual(20);
  });

  test('a member of an approved association reaches it: still an association', async () => {
    const page = await signIn(people.approved);
    expect(page.body).toMatch(/roles=organization_type:[\w.]+,eligible,eligible:member/);
  });

  test('a member without approval is sent to the page that explains', async () => {
    const page = await signIn(people.association);
    expect(page.url).toBe(`${site}/refused.html`);
    expect(page.body).toContain('not open to your organization');
    expect(await isSignedIn()).toBe(false);
    // OIDCUnAutzAction 302 is a page with a refresh, and its status is 200: the body alone tells it from the page itself.
    expect(await home()).toMatchObject({ status: 200, location: undefined });
  });

  test('the decision itself can be required, inside its object', async () => {
    const see = async () => (await visitor.browser.get(`${site}/object.html`)).body;
    await signIn(people.approved);
    expect(await see()).toContain('Allowed by the decision itself.');
    await visitor.browser.jar.removeAllCookies();
    await signIn(people.association);
    expect(await see()).toContain('not open to your organization');
  });

  test('a right that is lost meanwhile is lost here at the next look at userinfo', async () => {
    const operator = await createOperator(world);
    await signIn(people.approved);
    expect(await isSignedIn()).toBe(true);
    await operator.withdraw('amd-fictif-docs');
    try {
      await vi.waitFor(async () => expect(await isSignedIn()).toBe(false), {
        timeout: 10_000,
        interval: 100,
      });
      expect((await visitor.browser.get(`${site}/`)).url).toBe(`${site}/refused.html`);
    } finally {
      await operator.restore();
    }
  });

  test('signing out of Apache signs out of Maillon, and comes back', async () => {
    await signIn(people.commune);
    const query = new URLSearchParams({ logout: `${site}/signed-out.html` });
    const leaving = await visitor.browser.get(`${site}/oidc/callback?${query.toString()}`);
    expect(leaving.url.startsWith(`${world.issuer}/session/end?`)).toBe(true);
    const end = await visitor.browser.submitForm(leaving, { logout: 'yes' });
    expect(end).toMatchObject({ status: 200, url: `${site}/signed-out.html` });
    expect(await isSignedIn()).toBe(false);
    const silent = await visitor.ask(createToolClient(world, 'docs'), { prompt: 'none' });
    expect(silent.error).toBe('login_required');
  });

  test('whoever signs out of another tool is signed out of Apache, by Maillon, and nobody else is', async () => {
    const colleague = createVisitor(world);
    await colleague.identify(await colleague.browser.get(`${site}/`), people.state);
    await signIn(people.commune);
    await visitor.signIn('tchap', people.commune);
    const tchap = await visitor.browser.get(`${world.tools}/tchap/`);
    const leaving = await visitor.browser.submitForm(tchap, {}, { form: '/tchap/logout' });
    await visitor.browser.submitForm(leaving, { logout: 'yes' });
    await vi.waitFor(async () => expect(await isSignedIn()).toBe(false), { timeout: 10_000 });
    expect(await apache.requests()).toContain('POST /oidc/callback?logout=backchannel 200');
    expect((await colleague.browser.get(`${site}/`)).body).toContain('email=agent@etat.example');
    await colleague.browser.close();
  });

  test('a logout token that Maillon did not sign ends nothing', async () => {
    await signIn(people.commune);
    const url = `${site}/oidc/callback?logout=backchannel`;
    const { status } = await visitor.browser.post(url, { logout_token: 'x.y.z' });
    expect(status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });

  test('a code that nobody asked for is refused', async () => {
    await visitor.browser.get(`${site}/oidc/callback?code=x&state=y`, { redirects: 'manual' });
    expect(await isSignedIn()).toBe(false);
  });
});
