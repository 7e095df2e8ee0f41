/** FAPI 2.0: requests that the server has to refuse, and those that are pushed wrongly. */
import { UnsecuredJWT, decodeJwt } from 'jose';
import { expect } from 'vitest';
import { queryOf, send } from '../../replay/support/relying-party.ts';
import type { Changes } from '../../replay/support/relying-party.ts';
import { checkErrorPage } from '../support/check-page.ts';
import { checkJsonError } from '../support/check-error.ts';
import { paths } from '../support/clients.ts';
import { pushedOf } from '../support/fapi2-party.ts';
import type { How, Signed } from '../support/fapi2-party.ts';
import type { Fapi2Module } from '../support/fapi2-plans.ts';
import { epoch } from '../support/fapi2-proof.ts';
import type { Fapi2Check, Fapi2Run } from '../support/fapi2-run.ts';
import { randomText } from '../support/party.ts';

/** Refused where it is pushed: nothing goes to a browser. */
const refusedPush =
  (changes: Changes, error: string, how: How = {}, status = 400): Fapi2Check['run'] =>
  async ({ first }) => {
    checkJsonError((await first.push(changes, how)).answer, error, status);
  };

const refusedObject =
  (object: (run: Fapi2Run) => Signed): Fapi2Check['run'] =>
  async (run) => {
    checkJsonError((await run.first.push({}, { object: object(run) })).answer, 'invalid_request_object');
  };

const refusedAssertion =
  (claims: (run: Fapi2Run) => Readonly<Record<string, unknown>>): Fapi2Check['run'] =>
  async (run) => {
    const { answer } = await run.first.push({}, { assertion: { claims: claims(run) } });
    checkJsonError(answer, 'invalid_client', 401);
  };

/** The same claims, and no signature. */
const unsigned = (jwt: string): string => new UnsecuredJWT(decodeJwt(jwt)).encode();
const tampered = (jwt: string): string => {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const bytes = Buffer.from(signature, 'base64url').map((byte) => byte ^ 0x5a);
  return [header, payload, Buffer.from(bytes).toString('base64url')].join('.');
};

async function unregisteredRedirect({ first, receiver }: Fapi2Run): Promise<void> {
  const path = `${paths.callback}/${randomText()}`;
  const { answer } = await first.push({ redirect_uri: receiver.origin + path });
  checkJsonError(answer, 'invalid_request');
  expect(receiver.take(path)).toEqual([]);
}

/** Everything in the address: nothing was pushed. */
async function notPushed({ first, browser, metadata, receiver }: Fapi2Run): Promise<void> {
  const parameters = {
    client_id: first.client.id,
    response_type: 'code',
    redirect_uri: first.client.redirectUri,
    scope: 'openid',
    state: randomText(),
    nonce: randomText(),
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
  };
  receiver.take(paths.callback);
  const page = await browser.get(`${metadata.authorization_endpoint}?${queryOf(parameters)}`);
  const received = receiver.take(paths.callback);
  if (received.length === 0) {
    checkErrorPage(page);
    return;
  }
  const [{ query }] = [received[0] ?? { query: new URLSearchParams() }];
  expect(query.get('error')).toBe('invalid_request');
  expect(query.get('state')).toBe(parameters.state);
  expect(query.get('code')).toBeNull();
}

/** The browser goes to an address twice; the second time it finds an error page. */
async function spent(run: Fapi2Run, wait: number, address?: (uri: string) => string): Promise<void> {
  const { first, browser, receiver, time } = run;
  const pushed = await first.push();
  const url = address?.(pushedOf(pushed).request_uri) ?? first.addressOf(pushed);
  if (wait > 0) time.pass(pushedOf(pushed).expires_in + wait);
  receiver.take(paths.callback);
  const visit = await first.arrived(browser, pushed, await browser.get(url));
  checkErrorPage(visit.page);
  expect(visit.received).toEqual([]);
}

export const fapi2RequestModules = {
  'ensure-request-object-without-exp-fails': {
    checks: 'an object without end: invalid_request_object',
    run: refusedObject(() => ({ claims: { exp: undefined } })),
  },
  'ensure-request-object-without-nbf-fails': {
    checks: 'an object without beginning: invalid_request_object',
    run: refusedObject(() => ({ claims: { nbf: undefined } })),
  },
  'ensure-request-object-without-redirect-uri-fails': {
    checks: 'a request without redirect_uri: invalid_request',
    run: refusedPush({ redirect_uri: undefined }, 'invalid_request'),
  },
  'ensure-expired-request-object-fails': {
    checks: 'an object that has ended: invalid_request_object',
    run: refusedObject(() => ({ claims: { nbf: epoch() - 600, exp: epoch() - 300 } })),
  },
  'ensure-request-object-with-bad-aud-fails': {
    checks: 'an object for somebody else: invalid_request_object',
    run: refusedObject(() => ({ claims: { aud: 'https://other.example' } })),
  },
  'ensure-request-object-with-exp-over-60-fails': {
    checks: 'an object that ends in 70 minutes: invalid_request_object',
    run: refusedObject(() => ({ claims: { exp: epoch() + 70 * 60 } })),
  },
  'ensure-request-object-with-nbf-over-60-fails': {
    checks: 'an object that began 70 minutes ago: invalid_request_object',
    run: refusedObject(() => ({ claims: { nbf: epoch() - 70 * 60 } })),
  },
  'ensure-signed-request-object-with-RS256-fails': {
    checks: 'an object signed with RS256, by the right key: invalid_request_object',
    run: refusedObject(({ first }) => ({ alg: 'RS256', key: first.client.privateJwk })),
  },
  'ensure-request-object-signature-algorithm-is-not-none': {
    checks: 'an object that nobody signed: invalid_request_object',
    run: refusedObject(() => ({ spoil: unsigned })),
  },
  'ensure-request-object-with-invalid-signature-fails': {
    checks: 'an object whose signature is wrong: invalid_request_object',
    run: refusedObject(() => ({ spoil: tampered })),
  },
  'ensure-matching-key-in-authorization-request': {
    checks: 'an object of the first client, signed by the second: invalid_request_object',
    run: refusedObject(({ second }) => ({ alg: second.client.alg, key: second.client.privateKey })),
  },
  'ensure-unsigned-request-at-par-endpoint-fails': {
    checks: 'plain parameters where an object is due: invalid_request',
    run: refusedPush({}, 'invalid_request', { object: 'none' }),
  },
  'par-authorization-request-containing-request_uri': {
    checks: 'a `request_uri` in the object: invalid_request_object',
    run: refusedObject(() => ({ claims: { request_uri: 'urn:ietf:params:oauth:request_uri:other' } })),
  },
  'plain-fapi-ensure-registered-redirect-uri': {
    checks: 'a redirect URI that nobody registered: invalid_request, and nobody is sent there',
    run: unregisteredRedirect,
  },
  'ensure-unsigned-authorization-request-without-using-par-fails': {
    checks: 'a request in the address: invalid_request, or an error page',
    run: notPushed,
  },
  'ensure-redirect-uri-in-authorization-request': {
    checks: 'a request without redirect_uri, though only one is registered: invalid_request',
    run: refusedPush({ redirect_uri: undefined }, 'invalid_request'),
  },
  'ensure-response-type-code-idtoken-fails': {
    checks: '`code id_token`: unsupported_response_type',
    run: refusedPush({ response_type: 'code id_token' }, 'unsupported_response_type'),
  },
  'ensure-response-type-token-fails': {
    checks: '`token`: unsupported_response_type',
    run: refusedPush({ response_type: 'token' }, 'unsupported_response_type'),
  },
  'par-ensure-reused-request-uri-prior-to-auth-completion-succeeds': {
    checks: 'the address opened twice before anybody signed in: the second time goes to the end',
    run: async ({ first, browser }) => {
      const pushed = await first.push();
      const page = await browser.get(first.addressOf(pushed));
      expect(page.status).toBe(200);
      await first.complete(await first.visit(browser, pushed));
    },
  },
  'par-attempt-reuse-request_uri': {
    checks: 'the address opened again after the code was given: an error page',
    run: async ({ first, browser }) => {
      const pushed = await first.push();
      await first.complete(await first.visit(browser, pushed));
      const again = await first.visit(browser, pushed);
      checkErrorPage(again.page);
      expect(again.received).toEqual([]);
    },
  },
  'par-attempt-to-use-expired-request_uri': {
    checks: 'the address opened when it has expired: an error page',
    run: (run) => spent(run, 5),
  },
  'par-attempt-to-use-request_uri-for-different-client': {
    checks: 'what the first client pushed, in the name of the second: an error page',
    run: (run) =>
      spent(
        run,
        0,
        (uri) =>
          `${run.metadata.authorization_endpoint}?${queryOf({ client_id: run.second.client.id, request_uri: uri, response_type: 'code', scope: 'openid' })}`,
      ),
  },
  'par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted': {
    checks: 'an assertion of a clock eight seconds ahead',
    run: async ({ first, browser }) => {
      const [now, ahead] = [epoch(), epoch() + 8];
      const assertion = { claims: { iat: ahead, nbf: ahead, exp: now + 60 } };
      await first.signIn(browser, {}, { assertion });
    },
  },
  'par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails': {
    checks: 'an assertion of a clock more than a minute ahead: invalid_client, by `nbf` and by `iat` alone',
    run: async (run) => {
      const ahead = epoch() + 90;
      await refusedAssertion(() => ({ iat: ahead, nbf: ahead, exp: ahead + 60 }))(run);
      await refusedAssertion(() => ({ iat: ahead, exp: ahead + 60 }))(run);
    },
  },
  'par-authorization-request-containing-request_uri-form-param': {
    checks: 'a `request_uri` beside what is pushed: refused (RFC 9126 §2.1)',
    run: async ({ first, parEndpoint, variant }) => {
      const request_uri = 'urn:ietf:params:oauth:request_uri:other';
      const { answer } = await first.push({ request_uri }, { object: 'none' });
      expect(['invalid_request', 'request_uri_not_supported']).toContain(answer.json['error']);
      checkJsonError(answer, String(answer.json['error']));
      if (variant.request !== 'signed') return;
      const beside = await first.post(parEndpoint, {
        client_id: first.client.id,
        request: 'a.b.c',
        request_uri,
      });
      expect(['invalid_request', 'invalid_request_object', 'request_uri_not_supported']).toContain(
        beside.json['error'],
      );
    },
  },
  'par-attempt-invalid-http-method': {
    checks: 'PUT: 405 (RFC 9126 §2.3)',
    run: async ({ parEndpoint }) => {
      const answer = await send(parEndpoint, {
        method: 'PUT',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'client_id=fapi2',
      });
      checkJsonError(answer, 'invalid_request', 405);
      expect(answer.headers['allow']).toBe('POST');
    },
  },
  'par-ensure-pkce-required': {
    checks: 'no PKCE: invalid_request',
    run: refusedPush({ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'),
  },
  'par-plain-pkce-rejected': {
    checks: 'plain PKCE, said or left out: invalid_request',
    run: async (run) => {
      await refusedPush({ code_challenge_method: 'plain' }, 'invalid_request')(run);
      await refusedPush({ code_challenge_method: undefined }, 'invalid_request')(run);
    },
  },
  'par-without-duplicate-parameters': {
    checks: '`client_id` and `request_uri` alone in the address (RFC 9101 §5)',
    run: async ({ first, browser }) => {
      await first.complete(await first.visit(browser, await first.push(), {}));
    },
  },
  'par-test-array-as-audience-fails': {
    checks: 'an assertion for a list of servers: invalid_client',
    run: async (run) => {
      await refusedAssertion(({ world }) => ({ aud: [world.issuer, 'https://other.example'] }))(run);
      await refusedAssertion(({ world }) => ({ aud: [world.issuer] }))(run);
    },
  },
  'par-test-par-endpoint-url-as-audience-fails': {
    checks: 'an assertion for the endpoint that it is sent to: invalid_client',
    run: refusedAssertion(({ parEndpoint }) => ({ aud: parEndpoint })),
  },
  'par-test-token-endpoint-url-as-audience-fails': {
    checks: 'an assertion for the token endpoint: invalid_client',
    run: refusedAssertion(({ metadata }) => ({ aud: metadata.token_endpoint })),
  },
} as const satisfies Partial<Record<Fapi2Module, Fapi2Check>>;
