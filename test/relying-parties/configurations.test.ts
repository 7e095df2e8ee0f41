// What the guides tell each tool agrees with what they declare to Maillon, with what the running Maillon says of itself,
// and lets in whom it should.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../src/declarations/declarations.ts';
import { loadDeclarations } from '../../src/declarations/declarations.ts';
import { demoPeople } from '../../demo/people.ts';
import { people } from '../journeys/visitor.ts';
import type { Email } from '../journeys/visitor.ts';
import { createBrowser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import {
  authorizationRequest,
  claimsOf,
  redeem,
  signIn,
  tokensOf,
  userinfo,
} from '../replay/support/relying-party.ts';
import type { Tool } from '../replay/support/relying-party.ts';
import {
  demoAndGuides,
  exampleIssuer,
  guideFile,
  guideNames,
  secretOf,
  variablesOf,
} from './support/guides.ts';
import { readIni } from './support/readers.ts';
import type { Claims, ToolConfiguration } from './support/tool-configuration.ts';
import { runTools, tools } from './support/tools.ts';

const guides = await guideNames();
const discoverySchema = z.looseObject({
  issuer: z.string(),
  scopes_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  userinfo_signing_alg_values_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
});

let world: World;
let clients: readonly Client[];
let discovery: z.output<typeof discoverySchema>;

beforeAll(async () => {
  const variables = await variablesOf(guides);
  const { dir, remove } = await demoAndGuides(guides);
  world = await startWorld({ configDir: dir, variables });
  const ports = { DEMO_TOOLS_PORT: '3002', DEMO_IDP_PORT: '3001' };
  // As an operator would load it: none of it is refused in production.
  ({ clients } = await loadDeclarations(dir, { variables: { ...ports, ...variables }, production: false }));
  await remove();
  discovery = discoverySchema.parse(
    await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json(),
  );
}, 180_000);
afterAll(() => world.close());

test('each guide has a configuration that a test reads or runs', () => {
  expect([...Object.keys(tools), ...runTools].sort()).toEqual([...guides].sort());
});

test('Grafana sends people who sign out to Maillon, with an address of return that is declared', async () => {
  const { auth = {} } = readIni(await guideFile('grafana/grafana.ini', { [exampleIssuer]: world.issuer }));
  const url = new URL(auth['signout_redirect_url'] ?? '');
  const client = clients.find((one) => one.client_id === url.searchParams.get('client_id'));
  expect(url.origin + url.pathname).toBe(discovery['end_session_endpoint']);
  expect(client?.post_logout_redirect_uris).toContain(url.searchParams.get('post_logout_redirect_uri'));
});

describe.each(Object.entries(tools))('%s', (_guide, read) => {
  let tool: ToolConfiguration;
  let client: Client;

  beforeAll(async () => {
    tool = await read({ [exampleIssuer]: world.issuer });
    const found = clients.find((one) => one.client_id === tool.clientId);
    if (found === undefined) throw new Error(`no declared client ${tool.clientId}`);
    client = found;
  });

  test('the addresses of Maillon are those that it publishes', () => {
    expect(Object.keys(tool.endpoints).length).toBeGreaterThan(0);
    for (const [name, url] of Object.entries(tool.endpoints)) expect(url, name).toBe(discovery[name]);
  });

  test('client, addresses of return and ways are those that are declared', () => {
    if (tool.redirectUri !== undefined) expect(client.redirect_uris).toEqual([tool.redirectUri]);
    if (tool.authentication === undefined)
      expect(discovery.token_endpoint_auth_methods_supported).toContain(client.token_endpoint_auth_method);
    else expect(client.token_endpoint_auth_method).toBe(tool.authentication);
    expect(client.pkce === 'optional' || tool.pkce).toBe(true);
    expect(discovery.code_challenge_methods_supported).toContain('S256');
    for (const scope of tool.scope.split(' ')) {
      expect(client.scope.split(' ')).toContain(scope);
      expect(discovery.scopes_supported).toContain(scope);
    }
    expect(tool.scope.split(' ')).toContain('openid');
  });

  test('signatures are those that the tool expects', () => {
    const alg = client.id_token_signed_response_alg;
    expect(discovery.id_token_signing_alg_values_supported).toContain(alg);
    if (tool.signingAlg !== undefined) expect(alg).toBe(tool.signingAlg);
    // Tools that hold one algorithm hold it for both.
    const userinfoAlg = client.userinfo_signed_response_alg;
    if (userinfoAlg !== undefined) expect(userinfoAlg).toBe(alg);
  });

  test.each([
    ['an agent', people.commune, true],
    ['a member of an approved association', people.approved, true],
    ['a member of an association without approval', people.association, false],
  ])('%s', async (_who, email, expected) => {
    const claims = await enter(client, tool, email);
    if (claims === undefined) {
      expect(client.enforcement).toBe('gate');
      expect(expected).toBe(false);
    } else {
      expect(tool.letsIn?.(claims) ?? client.enforcement === 'gate').toBe(expected);
      expect(claims['sub']).toEqual(expect.any(String));
    }
  });

  test('with other claims than these, nobody is let in by the tool itself', () => {
    const others = { sub: 'x', email: 'x@y.example', email_verified: true };
    for (const value of [[], ['agent_public'], ['eligible:member'], ['not-eligible']])
      expect(tool.letsIn?.({ ...others, roles: value, groups: value }) ?? false).toBe(false);
  });

  test('when the gate is open, the rule of the tool refuses by itself', async () => {
    if (tool.letsIn === undefined || client.enforcement === 'gate') return;
    const claims = await enter(client, tool, people.association);
    expect(claims).toBeDefined();
    expect(tool.letsIn(claims ?? {})).toBe(false);
  });
});

/** Signs in as the tool would; undefined when Maillon refused. */
async function enter(client: Client, tool: ToolConfiguration, email: Email): Promise<Claims | undefined> {
  const { issuer } = world;
  const asTool: Tool = {
    clientId: client.client_id,
    secret: secretOf(`${client.client_id.replaceAll('-', '_').toUpperCase()}_SECRET`),
    authentication:
      client.token_endpoint_auth_method === 'client_secret_post'
        ? 'client_secret_post'
        : 'client_secret_basic',
    redirectUri: client.redirect_uris[0] ?? '',
    scope: tool.scope,
  };
  const person = demoPeople.find((one) => one.email === email);
  if (person === undefined) throw new Error(`nobody has the address ${email}`);
  const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
  const browser = createBrowser();
  try {
    const attempt = authorizationRequest(issuer, asTool, {
      ...(tool.pkce ? {} : withoutPkce),
      ...tool.parameters,
    });
    const answer = await signIn(browser, attempt, person).catch((error: unknown) => {
      if (!String(error).includes('the browser was not sent to the tool')) throw error;
      return undefined;
    });
    if (answer === undefined) return undefined;
    if (answer.code === undefined) throw new Error(`${answer.error ?? ''}: ${answer.description ?? ''}`);
    const tokens = tokensOf(
      await redeem(issuer, attempt, answer.code, tool.pkce ? {} : { code_verifier: undefined }),
    );
    if (tool.reads === 'id_token') return claimsOf(tokens.id_token);
    const { body, json } = await userinfo(issuer, tokens.access_token);
    return client.userinfo_signed_response_alg === undefined ? json : claimsOf(body);
  } finally {
    await browser.close();
  }
}
