// What FAPI 2.0 says and no module of the suite looks at: the signed answers of introspection, and the edges of the rules.
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { movableTime } from '../journeys/time.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { queryOf, send } from '../replay/support/relying-party.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { checkTokenError } from './support/check-error.ts';
import { checkErrorPage } from './support/check-page.ts';
import { fapi2Declaration, slugOf } from './support/fapi2-clients.ts';
import { createFapi2Party } from './support/fapi2-party.ts';
import type { Fapi2Party } from './support/fapi2-party.ts';
import { epoch, newDpopKey } from './support/fapi2-proof.ts';
import { startFapi2 } from './support/fapi2-run.ts';
import type { Fapi2World } from './support/fapi2-run.ts';

const variant = {
  authentication: 'private_key_jwt',
  binding: 'dpop',
  request: 'unsigned',
  response: 'plain',
} as const;
const time = movableTime();
const pair = await generateKeyPair('ES256', { extractable: true });
const apiKey = { ...(await exportJWK(pair.publicKey)), kid: 'api-key', use: 'sig' };
const api = {
  client_id: 'fapi2-api',
  service: 'visio',
  profile: 'fapi2',
  scope: 'openid',
  jwks: { keys: [apiKey] },
  introspects: [`fapi2-${slugOf(variant)}-first`],
  introspection_signed_response_alg: 'ES256',
};

let fapi: Fapi2World;
let first: Fapi2Party;
let browser: Browser;
beforeAll(async () => {
  fapi = await startFapi2(variant, [api]);
  ({ first } = fapi);
});
afterAll(() => fapi.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const offline = { scope: 'openid offline_access', prompt: 'consent' };

describe('FAPI 2.0 Message Signing §5.5: an API is told of a token in a signed answer', () => {
  const introspected = async (token: string) => {
    const { metadata, keys, parEndpoint, receiver, world } = fapi;
    const party = createFapi2Party({
      client: {
        ...first.client,
        id: api.client_id,
        alg: 'ES256',
        privateKey: pair.privateKey,
        publicJwk: apiKey,
      },
      variant,
      dpop: await newDpopKey(),
      metadata,
      keys,
      parEndpoint,
      receiver,
    });
    const accept = { accept: 'application/token-introspection+jwt' };
    const answer = await party.post(`${world.issuer}/token/introspection`, { token }, {}, accept);
    expect(answer.status, answer.body).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/token-introspection\+jwt\b/);
    const { payload, protectedHeader } = await jwtVerify(
      answer.body,
      createLocalJWKSet({ keys: [...keys.keys] }),
      { issuer: world.issuer, audience: api.client_id },
    );
    expect([protectedHeader.typ, protectedHeader.alg]).toEqual(['token-introspection+jwt', 'ES256']);
    expect(payload.iat).toBeLessThanOrEqual(epoch());
    // RFC 9701 §5: so that it is never taken for an access token.
    expect(payload).not.toHaveProperty('sub');
    expect(payload).not.toHaveProperty('exp');
    return payload['token_introspection'];
  };

  it('with the key that the token is bound to', async () => {
    const { tokens } = await first.signIn(browser);
    expect(await introspected(tokens.access_token)).toMatchObject({
      active: true,
      client_id: first.client.id,
      token_type: 'DPoP',
      cnf: { jkt: first.dpop.thumbprint },
    });
  });

  it('of an unknown token, nothing but that it serves nobody', async () => {
    expect(await introspected('unknown')).toEqual({ active: false });
  });
});

describe('FAPI 2.0 Security Profile', () => {
  it('§5.3.2.2: a request object in the address is no pushed request', async () => {
    const parameters = {
      client_id: first.client.id,
      request: 'a.b.c',
      response_type: 'code',
      scope: 'openid',
    };
    const page = await browser.get(`${fapi.metadata.authorization_endpoint}?${queryOf(parameters)}`);
    checkErrorPage(page);
  });

  it('§5.3.2.1: a proof of a clock more than a minute ahead serves at no endpoint, with our nonce or without', async () => {
    const visit = await first.authorize(browser);
    const code = await first.codeOf(visit);
    const ahead = { proof: { claims: { iat: epoch() + 90 } } };
    checkTokenError(await first.redeem(code, visit.verifier, {}, ahead), 'invalid_dpop_proof');
    const { tokens } = await first.verify(await first.redeem(code, visit.verifier), visit.sent);
    expect((await first.userinfo(tokens.access_token, ahead)).status).toBe(401);
    const old = await first.userinfo(tokens.access_token, { proof: { claims: { iat: epoch() - 3600 } } });
    const nonce = old.headers['dpop-nonce'];
    expect(typeof nonce).toBe('string');
    const withNonce = { proof: { claims: { iat: epoch() + 90, nonce } } };
    expect((await first.userinfo(tokens.access_token, withNonce)).status).toBe(401);
  });

  it('§5.4.1: RS256 signs no proof', async () => {
    const visit = await first.authorize(browser);
    const code = await first.codeOf(visit);
    const rs256 = { dpop: await newDpopKey('RS256') };
    checkTokenError(await first.redeem(code, visit.verifier, {}, rs256), 'invalid_dpop_proof');
  });

  it('§5.3.2.2: the browser is sent back by 303, so that nothing it posted goes on', async () => {
    await first.signIn(browser);
    const address = first.addressOf(await first.push());
    const end = await browser.get(address, { redirects: 'manual' });
    expect(end.status).toBe(303);
    expect(end.location).toMatch(/[?&]code=/);
  });

  it.each(['password', 'client_credentials', 'implicit'])(
    '§5.3.2.1: no grant of type %s',
    async (grant_type) => {
      const fields = { grant_type, username: 'agent', password: 'secret', scope: 'openid' };
      const answer = await first.post(fapi.metadata.token_endpoint, fields);
      checkTokenError(answer, 'unsupported_grant_type');
    },
  );

  it('§5.3.2.1: an assertion serves once', async () => {
    const assertion = { claims: { jti: `once-${epoch()}` } };
    expect((await first.push({}, { assertion })).answer.status).toBe(201);
    const again = await first.push({}, { assertion });
    expect([again.answer.status, again.answer.json['error']]).toEqual([401, 'invalid_client']);
  });

  it('§5.3.2.1: a code serves for nearly a minute; the module above has it refused after one', async () => {
    const visit = await first.authorize(browser);
    const code = await first.codeOf(visit);
    time.pass(58);
    expect((await first.redeem(code, visit.verifier)).status).toBe(200);
  });

  it('§5.3.2.1: refreshes at once all succeed and keep the refresh token; it dies with its access token', async () => {
    const { tokens } = await first.signIn(browser, offline);
    const { refresh_token: token = '' } = tokens;
    const answers = await Promise.all(Array.from({ length: 5 }, () => first.refresh(token)));
    for (const { status, json } of answers) expect([status, json['refresh_token']]).toEqual([200, token]);
    expect(new Set(answers.map(({ json }) => json['access_token'])).size).toBe(5);
    const revoked = await first.post(`${fapi.world.issuer}/token/revocation`, { token: tokens.access_token });
    expect(revoked.status).toBe(200);
    checkTokenError(await first.refresh(token), 'invalid_grant');
  });

  it('a client that becomes one of FAPI finds no grace for a token that it consumed: the family ends', async () => {
    const clients = (profile: 'standard' | 'fapi2') => [
      {
        ...fapi2Declaration('first', first.client, variant),
        profile,
        token_endpoint_auth_method: 'private_key_jwt',
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
      },
      fapi2Declaration('second', fapi.second.client, variant),
      api,
    ];
    await redeclare(fapi.world, { clients: clients('standard') });
    const { tokens } = await first.signIn(browser, offline);
    const { refresh_token: token = '' } = tokens;
    const rotated = await first.refresh(token);
    const next = String(rotated.json['refresh_token']);
    expect(next).not.toBe(token);
    await redeclare(fapi.world, { clients: clients('fapi2') });
    checkTokenError(await first.refresh(token), 'invalid_grant');
    checkTokenError(await first.refresh(next), 'invalid_grant');
  });

  it('§5.3.4: a token that is bound to a key is no bearer token', async () => {
    const { tokens } = await first.signIn(browser);
    const bearer = await send(fapi.metadata.userinfo_endpoint, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(bearer.status).toBe(401);
  });
});
