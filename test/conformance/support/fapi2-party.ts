/**
 * A client of FAPI 2.0: it pushes its requests, signs them when the variant says so, proves who it is by key or by
 * certificate, and binds its tokens; each of these right, or wrong as a module wants it.
 *
 * Flow: `push` and `visit`, or `authorize` for both; `codeOf` and `errorOf` read the answer, out of its JWT with JARM;
 * `redeem`, `refresh` and `userinfo` go on, and `complete` does all of it with the checks of the suite.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { expect } from 'vitest';
import { z } from 'zod';
import { challengeOf, postForm, queryOf, send } from '../../replay/support/relying-party.ts';
import type { Answer, Changes } from '../../replay/support/relying-party.ts';
import type { Browser, Page } from '../../support/browser-session.ts';
import { checkedCode, checkedError } from './check-authorization-response.ts';
import type { AuthorizationError } from './check-authorization-response.ts';
import { checkedIdToken } from './check-id-token.ts';
import { unwrapped, withoutRedirectQuery } from './check-jarm.ts';
import { checkedTokens } from './check-token-response.ts';
import { checkedUserinfo } from './check-userinfo.ts';
import { paths } from './clients.ts';
import type { Fapi2Client } from './fapi2-clients.ts';
import type { Fapi2Variant } from './fapi2-plans.ts';
import { epoch } from './fapi2-proof.ts';
import type { DpopKey, ProofChanges } from './fapi2-proof.ts';
import type { KeySet, Metadata } from './metadata.ts';
import type { Completed, SentRequest, Visit } from './party.ts';
import { randomText } from './party.ts';
import type { Received, Receiver } from './receiver.ts';
import { walk } from './walk.ts';

type Members = Readonly<Record<string, unknown>>;

/** What differs in a JWT of the client; `undefined` leaves a claim out. */
export interface Signed {
  readonly claims?: Members;
  readonly alg?: string;
  readonly key?: CryptoKey | JWK;
  readonly typ?: string;
  /** Changes the whole of it. */
  readonly spoil?: (jwt: string) => string;
}

/** How a form is sent, where it is not as the variant says. */
export interface How {
  readonly object?: Signed | 'none';
  readonly assertion?: Signed | 'none';
  /** `''`: none is shown. */
  readonly certificate?: string;
  readonly proof?: ProofChanges | 'none';
  readonly dpop?: DpopKey;
}

export interface Pushed {
  readonly answer: Answer;
  readonly sent: SentRequest;
  readonly verifier: string;
}
export type Fapi2Visit = Visit & Pick<Pushed, 'verifier'>;

const pushedSchema = z.object({
  // RFC 9126 §2.2; §5.3.2.2 of FAPI 2.0: less than 600 seconds.
  request_uri: z.string().startsWith('urn:ietf:params:oauth:request_uri:').min(60),
  expires_in: z.int().positive().lt(600),
});
export const pushedOf = ({ answer }: Pushed): z.output<typeof pushedSchema> => {
  expect(answer.status, answer.body).toBe(201);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  return pushedSchema.parse(answer.json);
};

const elsewhere = 'https://certification.example/';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const present = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

export interface Fapi2Party {
  readonly client: Fapi2Client;
  readonly dpop: DpopKey;
  /** @param changes parameters that differ from a plain request */
  push(changes?: Changes, how?: How): Promise<Pushed>;
  /** @param beside parameters in the address of the authorization endpoint, beside those that OpenID Connect repeats */
  visit(browser: Browser, pushed: Pushed, beside?: Changes): Promise<Fapi2Visit>;
  authorize(browser: Browser, changes?: Changes, how?: How): Promise<Fapi2Visit>;
  /** The address of the authorization endpoint with what was pushed. */
  addressOf(pushed: Pushed, beside?: Changes): string;
  /** Where a browser that started there ended. */
  arrived(browser: Browser, pushed: Pushed, start: Page): Promise<Fapi2Visit>;
  codeOf(visit: Visit): Promise<string>;
  errorOf(visit: Visit): Promise<AuthorizationError>;
  redeem(code: string, verifier: string | undefined, changes?: Changes, how?: How): Promise<Answer>;
  refresh(refreshToken: string, changes?: Changes, how?: How): Promise<Answer>;
  verify(
    answer: Answer,
    sent: Pick<SentRequest, 'nonce' | 'scope'>,
  ): Promise<Pick<Completed, 'tokens' | 'idToken'>>;
  userinfo(
    accessToken: string,
    how?: How & { readonly scheme?: string; readonly query?: string },
  ): Promise<Answer>;
  complete(visit: Fapi2Visit): Promise<Completed>;
  signIn(browser: Browser, changes?: Changes, how?: How): Promise<Completed>;
  /** A form of this client, authenticated. */
  post(
    endpoint: string,
    fields: Changes,
    how?: How,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

export function createFapi2Party(needs: {
  readonly client: Fapi2Client;
  readonly variant: Fapi2Variant;
  readonly dpop: DpopKey;
  readonly metadata: Metadata;
  readonly parEndpoint: string;
  readonly keys: KeySet;
  readonly receiver: Receiver;
}): Fapi2Party {
  const { client, variant, metadata, parEndpoint, keys, receiver } = needs;
  const { issuer } = metadata;
  const byKey = variant.authentication === 'private_key_jwt';

  async function jwt(claims: Members, { alg = client.alg, key = client.privateKey, typ, spoil }: Signed) {
    const kid = client.publicJwk.kid;
    const header = { alg, ...present({ kid, typ }) };
    const made = await new SignJWT(present(claims)).setProtectedHeader(header).sign(key);
    return spoil === undefined ? made : spoil(made);
  }

  /** The certificate as the proxy hands it over, having verified it. */
  const shown = ({ certificate = client.certificate }: How): Readonly<Record<string, string>> =>
    certificate === '' ? {} : { 'client-cert': certificate, 'x-client-verify': 'SUCCESS' };

  async function identified({ assertion = {} }: How): Promise<Changes> {
    if (assertion === 'none') return {};
    if (!byKey) return { client_id: client.id };
    const now = epoch();
    const claims = {
      iss: client.id,
      sub: client.id,
      aud: issuer,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
      ...assertion.claims,
    };
    return { client_assertion_type: assertionType, client_assertion: await jwt(claims, assertion) };
  }

  async function proofHeader(
    method: string,
    url: string,
    how: How,
    token?: string,
  ): Promise<Readonly<Record<string, string>>> {
    if (variant.binding !== 'dpop' || how.proof === 'none') return {};
    return { dpop: await (how.dpop ?? needs.dpop).proof(method, url, token, how.proof) };
  }

  async function requestObject(parameters: Changes, object: Signed): Promise<string> {
    const now = epoch();
    const claims = { ...parameters, iss: client.id, aud: issuer, nbf: now, exp: now + 300, ...object.claims };
    return jwt(claims, object);
  }

  const clear = async (visit: Visit): Promise<readonly Received[]> =>
    Promise.all(
      visit.received.map(async (received) => {
        const one = withoutRedirectQuery(received, client.redirectUri);
        const expected = { issuer, clientId: client.id, algorithm: client.alg, keys };
        return variant.response === 'jarm' ? unwrapped(one, expected) : one;
      }),
    );

  const party: Fapi2Party = {
    client,
    dpop: needs.dpop,
    async push(changes = {}, how = {}) {
      const verifier = randomBytes(32).toString('base64url');
      const parameters: Changes = {
        client_id: client.id,
        response_type: 'code',
        ...(variant.response === 'jarm' && { response_mode: 'jwt' }),
        redirect_uri: client.redirectUri,
        scope: 'openid',
        state: randomText(),
        nonce: randomText(),
        code_challenge: challengeOf(verifier),
        code_challenge_method: 'S256',
        ...changes,
      };
      const { object = variant.request === 'signed' ? {} : 'none' } = how;
      const asked = object === 'none' ? parameters : { request: await requestObject(parameters, object) };
      // A proof where a module asks for one: the code is then bound to its key (RFC 9449 §10.1).
      const proof = how.dpop === undefined ? {} : await proofHeader('POST', parEndpoint, how);
      const fields = { ...asked, ...(await identified(how)) };
      const answer = await postForm(parEndpoint, fields, { ...(byKey ? {} : shown(how)), ...proof });
      const { state, nonce, scope = '' } = parameters;
      const sent: SentRequest = {
        clientId: client.id,
        redirectUri: client.redirectUri,
        mode: 'default',
        issuer,
        state,
        nonce,
        scope,
      };
      return { answer, sent, verifier };
    },
    addressOf: (pushed, beside = { response_type: 'code', scope: 'openid' }) =>
      `${metadata.authorization_endpoint}?${queryOf({ client_id: client.id, request_uri: pushedOf(pushed).request_uri, ...beside })}`,
    async arrived(browser, { sent, verifier }, start) {
      const { end, asked } = await walk(browser, start, receiver.origin);
      return { sent, verifier, page: end, asked, received: receiver.take(paths.callback) };
    },
    async visit(browser, pushed, beside) {
      receiver.take(paths.callback);
      const start = await browser.get(party.addressOf(pushed, beside), { initiator: elsewhere });
      return party.arrived(browser, pushed, start);
    },
    authorize: async (browser, changes, how) => party.visit(browser, await party.push(changes, how)),
    codeOf: async (visit) => checkedCode(visit.sent, visit.page, await clear(visit)),
    errorOf: async (visit) => checkedError(visit.sent, visit.page, await clear(visit)),
    post: async (endpoint, fields, how = {}, headers = {}) => {
      const known = await identified(how);
      const certificate = byKey && variant.binding === 'dpop' ? {} : shown(how);
      const proof = endpoint === metadata.token_endpoint ? await proofHeader('POST', endpoint, how) : {};
      return postForm(endpoint, { ...known, ...fields }, { ...certificate, ...proof, ...headers });
    },
    redeem: (code, verifier, changes = {}, how = {}) =>
      party.post(
        metadata.token_endpoint,
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: client.redirectUri,
          code_verifier: verifier,
          ...changes,
        },
        how,
      ),
    refresh: (refreshToken, changes = {}, how = {}) =>
      party.post(
        metadata.token_endpoint,
        { grant_type: 'refresh_token', refresh_token: refreshToken, ...changes },
        how,
      ),
    verify: async (answer, { nonce, scope }) => {
      const tokens = checkedTokens(answer, scope, variant.binding === 'dpop' ? 'DPoP' : 'Bearer');
      const idToken = await checkedIdToken(tokens, {
        issuer,
        clientId: client.id,
        nonce,
        keys,
        algorithm: client.alg,
      });
      return { tokens, idToken };
    },
    userinfo: async (accessToken, how = {}) => {
      const { scheme = variant.binding === 'dpop' ? 'DPoP' : 'Bearer', query = '' } = how;
      const url = metadata.userinfo_endpoint;
      return send(url + query, {
        headers: {
          authorization: `${scheme} ${accessToken}`,
          ...(variant.binding === 'mtls' ? shown(how) : await proofHeader('GET', url, how, accessToken)),
        },
      });
    },
    complete: async (visit) => {
      const code = await party.codeOf(visit);
      const { tokens, idToken } = await party.verify(await party.redeem(code, visit.verifier), visit.sent);
      const userinfo = checkedUserinfo(await party.userinfo(tokens.access_token), idToken.claims);
      return { code, tokens, idToken, userinfo };
    },
    signIn: async (browser, changes, how) => party.complete(await party.authorize(browser, changes, how)),
  };
  return party;
}
