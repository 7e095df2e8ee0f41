/**
 * The yardstick: `oidc-provider` alone, with its in-memory store, one client, and a login page that finishes at once.
 * Run as a child process; prints `ready <port>`; answers `cpu` messages with its CPU time in microseconds.
 */
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'docs',
      client_secret: 'docs-demo-secret-not-for-production-0123456789',
      redirect_uris: ['http://localhost:1/docs/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [await ellipticKey()] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ['bench-cookie-key'] },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: 'agent@commune.example' }) }),
  claims: { openid: ['sub'], email: ['email'] },
  routes: { authorization: '/authorize', userinfo: '/userinfo' },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: async (ctx) => {
    const { client, session, account } = ctx.oidc;
    if (client === undefined || session === undefined || account === undefined) return undefined;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: account.accountId });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) {
    await next();
    return;
  }
  await provider.interactionDetails(ctx.req, ctx.res);
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: 'agent' } });
  ctx.status = 303;
  ctx.redirect(returnTo);
});

const answer = provider.callback();
createServer((request, response) => void answer(request, response)).listen(port, 'localhost', () =>
  process.send?.('ready'),
);
process.on('message', (message) => {
  if (message === 'cpu') process.send?.(process.cpuUsage());
  if (message === 'stop') process.exit(0);
});

async function ellipticKey() {
  const { exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'bench', use: 'sig', alg: 'ES256' };
}
