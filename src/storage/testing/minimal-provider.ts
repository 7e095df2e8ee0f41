import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { CookieJar } from 'tough-cookie';
import { z } from 'zod';
import { createOidcAdapter, grantSnapshot, setPendingSnapshot, unitOfWork } from '../storage.ts';
import type { Stores } from '../storage.ts';

/** The library as the broker uses it, reduced to what the stores see. */
export function createLibrary(issuer: string, stores: Stores): Provider {
  const { db, ephemeral } = stores;
  const clock = () => new Date();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const library: Provider = new Provider(issuer, {
    adapter: createOidcAdapter({ db, ephemeral, clock }),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [
      {
        client_id: 'docs',
        client_secret: 'secret',
        redirect_uris: ['https://tool.example/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    claims: { openid: ['sub', 'name'] },
    cookies: { keys: ['key'] },
    clockTolerance: 15,
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 300,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
    },
    async loadExistingGrant({ oidc }) {
      const clientId = oidc.client?.clientId ?? '';
      const existing = oidc.session?.grantIdFor(clientId);
      if (existing !== undefined) return library.Grant.find(existing);
      const grant = new library.Grant({ accountId: oidc.account?.accountId, clientId });
      grant.jti = randomBytes(32).toString('base64url');
      grant.addOIDCScope('openid');
      setPendingSnapshot(grant.jti, JSON.stringify({ name: 'Camille' }));
      await grant.save();
      return grant;
    },
    async findAccount({ oidc }, accountId, token) {
      const grantId = token?.grantId ?? oidc.session?.grantIdFor(oidc.client?.clientId ?? '');
      const snapshot = grantId === undefined ? undefined : await grantSnapshot(db, grantId);
      return {
        accountId,
        claims: () => ({
          sub: accountId,
          ...z.record(z.string(), z.unknown()).parse(JSON.parse(snapshot ?? '{}')),
        }),
      };
    },
  });
  library.use((_ctx, next) => unitOfWork(next));
  library.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) {
      await next();
      return;
    }
    const interaction = await library.interactionDetails(ctx.req, ctx.res);
    interaction.result = { login: { accountId: 'account-1' } };
    await interaction.save(600);
    ctx.redirect(interaction.returnTo);
  });
  return library;
}

export const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  id_token: z.string(),
});
export type Tokens = z.output<typeof tokensSchema>;

export function createBrowser(issuer: string) {
  const jar = new CookieJar();
  const basic = `Basic ${Buffer.from('docs:secret').toString('base64')}`;
  const seen: string[] = [];

  async function visit(url: string): Promise<string> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: await jar.getCookieString(url) },
    });
    for (const cookie of response.headers.getSetCookie()) {
      await jar.setCookie(cookie, url);
      seen.push(/=([^;]*)/.exec(cookie)?.[1] ?? '');
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} ${await response.text()}`);
    return new URL(location, url).href;
  }

  const post = async (path: string, fields: Record<string, string>): Promise<Response> =>
    fetch(issuer + path, {
      method: 'POST',
      headers: { authorization: basic },
      body: new URLSearchParams(fields),
    });

  const verifier = randomBytes(32).toString('base64url');
  const request = {
    client_id: 'docs',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'https://tool.example/callback',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  };

  return {
    /** Every cookie value that this browser ever got. */
    seen,
    visit,
    request,
    post,
    authorizeUrl: `${issuer}/auth?${new URLSearchParams(request).toString()}`,
    redeem: (code: string) =>
      post('/token', {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: request.redirect_uri,
      }),
    refresh: (token: string) => post('/token', { grant_type: 'refresh_token', refresh_token: token }),
    userinfo: (token: string) => fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } }),
    codeOf: (url: string) => new URL(url).searchParams.get('code') ?? '',
    /** From the tool to the tool, as somebody who is not signed in. */
    async signIn(start: string): Promise<string> {
      const interaction = await visit(start);
      const resume = await visit(interaction);
      return this.codeOf(await visit(resume));
    },
  };
}
