/**
 * The relying party of the certification: it sends what a module wants, right or wrong, and puts every answer through
 * the checks that the suite makes on each.
 *
 * Flow: `authorize` sends the browser and keeps what the client received; `codeOf` and `errorOf` read it;
 * `complete` redeems the code, verifies the ID token and asks for userinfo. `post` authenticates the client anywhere.
 */
import { randomBytes } from 'node:crypto';
import { postForm, queryOf, send } from '../../replay/support/relying-party.ts';
import type { Answer, Changes } from '../../replay/support/relying-party.ts';
import type { Browser, Page } from '../../support/browser-session.ts';
import { checkedCode, checkedError } from './check-authorization-response.ts';
import type { AuthorizationError } from './check-authorization-response.ts';
import { checkedIdToken } from './check-id-token.ts';
import type { IdToken } from './check-id-token.ts';
import { checkedTokens } from './check-token-response.ts';
import type { TokenResponse } from './check-token-response.ts';
import { checkedUserinfo } from './check-userinfo.ts';
import type { Claims } from './check-userinfo.ts';
import type { CertificationClient } from './clients.ts';
import { paths } from './clients.ts';
import type { KeySet, Metadata } from './metadata.ts';
import type { Received, Receiver } from './receiver.ts';
import { walk } from './walk.ts';
import type { Asked } from './walk.ts';

export type ResponseMode = 'default' | 'form_post';

/** What was sent, as far as answers are held against it. */
export interface SentRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly issuer: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly scope: string;
}

export interface Visit {
  readonly sent: SentRequest;
  /** Where the browser ended. */
  readonly page: Page;
  readonly asked: readonly Asked[];
  /** What the client received; empty when the browser was not sent back. */
  readonly received: readonly Received[];
}

export interface Completed {
  readonly code: string;
  readonly tokens: TokenResponse;
  readonly idToken: IdToken;
  readonly userinfo: Claims;
}

export interface Party {
  readonly client: CertificationClient;
  /** @param changes parameters that differ from a plain request; `undefined` leaves one out */
  authorize(browser: Browser, changes?: Changes, method?: 'GET' | 'POST'): Promise<Visit>;
  codeOf(visit: Visit): string;
  errorOf(visit: Visit): AuthorizationError;
  /** @param changes to the token request */
  complete(visit: Visit, changes?: Changes): Promise<Completed>;
  /** Both: the happy way. */
  signIn(browser: Browser, changes?: Changes): Promise<Completed>;
  /** A form of this client at an endpoint, authenticated. @param headers more of them, such as a DPoP proof */
  post(endpoint: string, fields: Changes, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  redeem(code: string, changes?: Changes): Promise<Answer>;
  refresh(refreshToken: string, changes?: Changes): Promise<Answer>;
  /** The checks of a token response, and those of the ID token in it when there is one. */
  verify(
    answer: Answer,
    sent: Pick<SentRequest, 'nonce' | 'scope'>,
  ): Promise<{
    readonly tokens: TokenResponse;
    readonly idToken: IdToken;
  }>;
  userinfo(accessToken: string): Promise<Answer>;
}

const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** As long as the suite's own states and nonces, unless a module says another length. */
export const randomText = (length = 10): string =>
  [...randomBytes(length)].map((byte) => alphanumerics.charAt(byte % alphanumerics.length)).join('');

/** A page of another site, from which a browser is sent to the provider. */
const elsewhere = 'https://certification.example/';

export function createParty(needs: {
  readonly client: CertificationClient;
  readonly mode: ResponseMode;
  readonly metadata: Metadata;
  readonly keys: KeySet;
  readonly receiver: Receiver;
}): Party {
  const { client, mode, metadata, keys, receiver } = needs;

  const party: Party = {
    client,
    authorize: async (browser, changes = {}, method = 'GET') => {
      const parameters: Changes = {
        client_id: client.id,
        response_type: 'code',
        redirect_uri: client.redirectUri,
        scope: 'openid',
        state: randomText(),
        nonce: randomText(),
        ...(mode === 'form_post' && { response_mode: 'form_post' }),
        ...changes,
      };
      const sent: SentRequest = {
        clientId: client.id,
        redirectUri: client.redirectUri,
        mode,
        issuer: metadata.issuer,
        state: parameters['state'],
        nonce: parameters['nonce'],
        scope: parameters['scope'] ?? '',
      };
      receiver.take(paths.callback);
      const fields = Object.fromEntries(new URLSearchParams(queryOf(parameters)));
      const options = { initiator: elsewhere };
      const start =
        method === 'POST'
          ? await browser.post(metadata.authorization_endpoint, fields, options)
          : await browser.get(`${metadata.authorization_endpoint}?${queryOf(parameters)}`, options);
      const { end, asked } = await walk(browser, start, receiver.origin);
      return { sent, page: end, asked, received: receiver.take(paths.callback) };
    },
    codeOf: ({ sent, page, received }) => checkedCode(sent, page, received),
    errorOf: ({ sent, page, received }) => checkedError(sent, page, received),
    complete: async (visit, changes = {}) => {
      const code = party.codeOf(visit);
      const { tokens, idToken } = await party.verify(await party.redeem(code, changes), visit.sent);
      const userinfo = checkedUserinfo(await party.userinfo(tokens.access_token), idToken.claims);
      return { code, tokens, idToken, userinfo };
    },
    signIn: async (browser, changes = {}) => party.complete(await party.authorize(browser, changes)),
    post: async (endpoint, fields, headers = {}) => {
      const known = await client.authenticate();
      return postForm(endpoint, { ...known.fields, ...fields }, { ...known.headers, ...headers });
    },
    redeem: (code, changes = {}) =>
      party.post(metadata.token_endpoint, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: client.redirectUri,
        ...changes,
      }),
    refresh: (refreshToken, changes = {}) =>
      party.post(metadata.token_endpoint, {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        ...changes,
      }),
    verify: async (answer, { nonce, scope }) => {
      const tokens = checkedTokens(answer, scope, client.tokenType);
      const idToken = await checkedIdToken(tokens, {
        issuer: metadata.issuer,
        clientId: client.id,
        nonce,
        keys,
        algorithm: client.idTokenAlg,
      });
      return { tokens, idToken };
    },
    userinfo: (accessToken) =>
      send(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${accessToken}` } }),
  };
  return party;
}
