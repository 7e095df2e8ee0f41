import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import type { AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { request } from 'undici';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bindTokensToTheirSession,
  cacheClients,
  compareHashedSecrets,
  logoutToken,
  markReplaysAtomically,
  pinUrlsToIssuer,
  queueLogouts,
  tellDecidedAuthentication,
} from './library.ts';

const secret = 'a-secret-of-more-than-256-random-bits-0123456789';
const document = { client_id: 'docs' };
let declared: { client_id: string } | undefined = document;
let reads = 0;

const metadata = () => ({
  client_id: 'docs',
  client_secret: hash('sha256', secret, 'hex'),
  redirect_uris: ['https://docs.example/callback'],
});

const provider = new Provider('https://connexion.example/api/v2', {
  adapter: () => ({
    find: async () => {
      reads += 1;
      return metadata();
    },
    upsert: async () => undefined,
    destroy: async () => undefined,
    consume: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => undefined,
  }),
  features: { devInteractions: { enabled: false } },
});

let origin: string;
const answer = provider.callback();
const server = createServer((incoming, response) => void answer(incoming, response));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  origin = `http://127.0.0.1:${address.port}`;
});
afterAll(() => void server.close());

const aContext = () => z.custom<KoaContextWithOIDC>().parse({});

describe('what the library does not document, and our cures (library.ts)', () => {
  test('the level is the one decided on for the request, else that of the session', () => {
    const [decided, undecided] = [aContext(), aContext()];
    tellDecidedAuthentication(provider, new WeakMap([[decided, { acr: 'eidas0-mfa', amr: ['mail'] }]]));
    const level = (ctx: object, session?: object): unknown =>
      Reflect.get(provider.OIDCContext.prototype, 'acr', { ctx, session });
    expect(level(decided, { acr: 'eidas1-mfa' })).toBe('eidas0-mfa');
    expect(level(undecided, { acr: 'eidas1-mfa' })).toBe('eidas1-mfa');
    expect(level(undecided)).toBeUndefined();
    const methods: unknown = Reflect.get(provider.OIDCContext.prototype, 'amr', { ctx: decided });
    expect(methods).toEqual(['mail']);
  });

  test('URLs of discovery come from the issuer, whatever Host and X-Forwarded-* say', async () => {
    const discover = async () => {
      const { body } = await request(`${origin}/.well-known/openid-configuration`, {
        headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
      });
      return body.text();
    };
    expect(await discover()).toContain('evil.example');
    pinUrlsToIssuer(provider);
    const cured = await discover();
    expect(cured).not.toContain('evil.example');
    expect(cured).toContain('https://connexion.example/api/v2/token');
  });

  test('a client is read once per declared document, by any number of requests at once', async () => {
    cacheClients(provider, () => declared);
    reads = 0;
    const found = await Promise.all(Array.from({ length: 50 }, () => provider.Client.find('docs')));
    expect(reads).toBe(1);
    expect(new Set(found).size).toBe(1);
    declared = { client_id: 'docs' };
    await provider.Client.find('docs');
    expect(reads).toBe(2);
    declared = undefined;
    expect(await provider.Client.find('docs')).toBeUndefined();
    expect(reads).toBe(2);
    declared = document;
  });

  test('a client secret is compared to its digest: the digest itself opens nothing', async () => {
    const right = hash('sha256', secret, 'hex');
    compareHashedSecrets(provider, (clientId, digest) => clientId === 'docs' && digest === right);
    const client = await provider.Client.find('docs');
    expect(await client?.compareClientSecret(secret)).toBe(true);
    expect(await client?.compareClientSecret(`${secret}x`)).toBe(false);
    expect(await client?.compareClientSecret(hash('sha256', secret, 'hex'))).toBe(false);
    expect(await client?.compareClientSecret('')).toBe(false);
  });

  test('replay detection is one atomic mark', async () => {
    const marks = new Set<string>();
    markReplaysAtomically(provider, async (key) => {
      if (marks.has(key)) return false;
      marks.add(key);
      return true;
    });
    const once = () => provider.ReplayDetection.unique('issuer', 'jti', Math.floor(Date.now() / 1000) + 60);
    expect(await once()).toBe(true);
    expect(await once()).toBe(false);
  });
});

describe('tokens live and die with their session', () => {
  const now = Math.floor(Date.now() / 1000);
  const lasting = { iat: now, exp: now + 60 };
  const token = { kind: 'AccessToken', accountId: 'camille', clientId: 'docs', scope: 'openid', ...lasting };
  const bound = { ...token, expiresWithSession: true, sessionUid: 'session' };
  const tokens: Readonly<Record<string, AdapterPayload>> = {
    current: { ...bound, grantId: 'now' },
    former: { ...bound, grantId: 'before' },
    garbled: { ...bound, sessionUid: undefined },
    offline: { ...token, grantId: 'before' },
  };
  const sessionOf = (accountId: string, authorizations: Record<string, object>): AdapterPayload => ({
    kind: 'Session',
    uid: 'session',
    accountId,
    authorizations,
    ...lasting,
  });
  let session: AdapterPayload | undefined;

  const bindingProvider = new Provider('https://connexion.example', {
    adapter: (model: string) => ({
      find: async (id: string) => (model === 'AccessToken' ? { ...tokens[id], jti: id } : undefined),
      findByUid: async () => session,
      upsert: async () => undefined,
      destroy: async () => undefined,
      consume: async () => undefined,
      findByUserCode: async () => undefined,
      revokeByGrantId: async () => undefined,
    }),
    features: { devInteractions: { enabled: false } },
  });
  const isFound = async (id: string) => (await bindingProvider.AccessToken.find(id)) !== undefined;

  test('the library knows the one grant that the session names; ours, all that the person was given in it', async () => {
    session = sessionOf('camille', { docs: { grantId: 'now' } });
    expect(await isFound('former')).toBe(false);
    bindTokensToTheirSession(bindingProvider);
    expect(await isFound('current')).toBe(true);
    expect(await isFound('former')).toBe(true);
  });

  test('also when the session lost the name of the grant to a request that ran at the same time', async () => {
    session = sessionOf('camille', { tchap: { grantId: 'other' } });
    expect(await isFound('current')).toBe(true);
  });

  test.each([
    ['has ended', undefined],
    ['is of somebody else', sessionOf('yann', { docs: { grantId: 'now' } })],
    ['was left for this tool since', sessionOf('camille', { docs: { grantId: 'now', leftAt: now + 1 } })],
  ])('a token whose session %s is not found; one that outlives sessions is', async (_what, state) => {
    session = state;
    expect(await isFound('current')).toBe(false);
    expect(await isFound('former')).toBe(false);
    expect(await isFound('offline')).toBe(true);
  });

  test('a token that lacks its binding is an error, not a free token', async () => {
    await expect(isFound('garbled')).rejects.toThrow();
  });
});

describe('telling tools of a logout', () => {
  const told: object[] = [];
  const logoutProvider = new Provider('https://connexion.example', {
    clients: [
      {
        client_id: 'docs',
        client_secret: secret,
        redirect_uris: ['https://docs.example/callback'],
        backchannel_logout_uri: 'https://docs.example/backchannel',
        backchannel_logout_session_required: true,
        subject_type: 'pairwise',
      },
    ],
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, accountId, { clientId }) => `${accountId} of ${clientId}`,
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  });
  const logOut = async (sid: string | undefined): Promise<unknown> => {
    const client = await logoutProvider.Client.find('docs');
    const method: unknown = Reflect.get(client ?? {}, 'backchannelLogout');
    if (typeof method !== 'function') throw new TypeError('the library has no such method');
    const outcome: unknown = await Reflect.apply(method, client, ['camille', sid]);
    return outcome;
  };

  test('the library would post in the request; ours is kept for later, unless the tool was left already', async () => {
    queueLogouts(logoutProvider, async (departure) => void told.push(departure));
    await logOut('s1');
    await logOut(undefined);
    expect(told).toEqual([
      { clientId: 'docs', uri: 'https://docs.example/backchannel', accountId: 'camille', sid: 's1' },
    ]);
  });

  test('what could not be kept is said to the library', async () => {
    queueLogouts(logoutProvider, () => Promise.reject(new Error('the database is away')));
    await expect(logOut('s1')).rejects.toThrow('the database is away');
  });

  test('a logout token has the sub that this client knows, and its sid', async () => {
    const client = await logoutProvider.Client.find('docs');
    if (client === undefined) throw new Error('no client');
    const token = await logoutToken(logoutProvider, client, { accountId: 'camille', sid: 's1' });
    const part = (index: number): unknown =>
      JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());
    expect(part(0)).toMatchObject({ typ: 'logout+jwt' });
    expect(part(1)).toMatchObject({
      iss: 'https://connexion.example',
      aud: 'docs',
      sub: 'camille of docs',
      sid: 's1',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(part(1)).not.toHaveProperty('nonce');
  });
});
