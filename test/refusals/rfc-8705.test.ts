/**
 * Tokens that are bound to the TLS certificate of the tool (RFC 8705 §3), which our proxy hands over in a header. Clients
 * that are known by a certificate (§2) are in test/journeys/client-authentication-certificates.test.ts.
 */
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api, archive, codeForResources } from '../journeys/tokens-support.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { codeFor } from '../replay/support/granted.ts';
import { basic, claimsOf, postAs, postForm, send, tokensOf } from '../replay/support/relying-party.ts';
import type { Answer, Attempt, Changes, Tokens, Tool } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { derOf, plainCertificate, toolCertificate } from '../support/certificates.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const bound = extraTool('ancre');
const spa = extraTool('nu', { authentication: 'none' });
let world: World;
let browser: Browser;

beforeAll(async () => {
  const certificates = { tls_client_certificate_bound_access_tokens: true, refresh_token: 'always' };
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('ancre', certificates),
      extraClient('nu', { ...certificates, token_endpoint_auth_method: 'none' }),
    ],
    resource_servers: [api('archive', archive, { clients: ['ancre'] })],
  });
  world = await startWorld({
    configDir: dir,
    environment: {
      TRUSTED_PROXIES: '1',
      CLIENT_CERT_HEADER: 'Client-Cert',
      CLIENT_CERT_VERIFIED_HEADER: 'X-Client-Verify',
    },
  });
  await remove();
}, startUp);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const shown = (pem?: string): Readonly<Record<string, string>> =>
  pem === undefined ? {} : { 'client-cert': `:${derOf(pem)}:`, 'x-client-verify': 'SUCCESS' };
const thumbprint = Buffer.from(
  new X509Certificate(toolCertificate).fingerprint256.replaceAll(':', ''),
  'hex',
).toString('base64url');

function ask(tool: Tool, fields: Changes, pem?: string): Promise<Answer> {
  const named = tool.authentication === 'none' ? { client_id: tool.clientId } : {};
  const headers = tool.authentication === 'none' ? {} : basic(tool.clientId, tool.secret);
  return postForm(`${world.issuer}/token`, { ...named, ...fields }, { ...headers, ...shown(pem) });
}
const fieldsOf = ({ attempt, code }: { readonly attempt: Attempt; readonly code: string }): Changes => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: attempt.tool.redirectUri,
  code_verifier: attempt.verifier,
});
const tokensOn = async (tool: Tool): Promise<Tokens> =>
  tokensOf(await ask(tool, fieldsOf(await codeFor(world, browser, tool)), toolCertificate));
const userinfo = (token: string, pem?: string): Promise<Answer> =>
  send(`${world.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}`, ...shown(pem) } });

describe('a token that is bound to a certificate', () => {
  test('RFC 8705 §3: opens userinfo with that certificate, and with no other and none', async () => {
    const { access_token: token } = await tokensOn(bound);
    expect((await userinfo(token, toolCertificate)).status).toBe(200);
    for (const pem of [undefined, plainCertificate]) {
      const answer = await userinfo(token, pem);
      expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_token']);
      expect(answer.json['sub']).toBeUndefined();
    }
  });

  test('RFC 8705 §3: is not given without a certificate, and the code is not lost', async () => {
    const fields = fieldsOf(await codeFor(world, browser, bound));
    const answer = await ask(bound, fields);
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
    expect(answer.json['access_token']).toBeUndefined();
    expect((await ask(bound, fields, toolCertificate)).status).toBe(200);
  });

  test('RFC 8705 §3.1: a JWT says which certificate', async () => {
    const granted = await codeForResources(world, browser, bound, [archive]);
    const answer = await ask(bound, { ...fieldsOf(granted), resource: archive }, toolCertificate);
    expect(claimsOf(tokensOf(answer).access_token)['cnf']).toEqual({ 'x5t#S256': thumbprint });
  });

  test('RFC 8705 §3.2: introspection says which certificate', async () => {
    const { access_token: token } = await tokensOn(bound);
    const answer = await postAs(bound, `${world.issuer}/token/introspection`, { token });
    expect(answer.json).toMatchObject({ active: true, cnf: { 'x5t#S256': thumbprint } });
  });

  test('RFC 8705 §4: the refresh token of a client without secret is bound as well', async () => {
    const { refresh_token: token } = await tokensOn(spa);
    const fields = { grant_type: 'refresh_token', refresh_token: token };
    for (const pem of [undefined, plainCertificate]) {
      const answer = await ask(spa, fields, pem);
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
    }
    expect((await ask(spa, fields, toolCertificate)).status).toBe(200);
  });
});
