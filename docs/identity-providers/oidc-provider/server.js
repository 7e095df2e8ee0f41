/**
 * A bare `oidc-provider` (npm) with Maillon as its client, twice: `maillon`, as most providers have it, and
 * `maillon-strict`, from which everything is demanded. Its own development pages sign in whoever types an address, with two
 * factors whoever types six digits for a password: for tries and tests only. A real one brings its own pages, a directory of people, keys, and an adapter.
 */
import { env, stdout } from 'node:process';
import { text } from 'node:stream/consumers';
import { URLSearchParams } from 'node:url';
import { Provider } from 'oidc-provider';

const { ISSUER, PORT, MAILLON, MAILLON_SECRET, SIRET, JWKS, COOKIE_KEY } = env;

/** What both have: one redirect URI for each record, and the address where Maillon hears of sign-outs here. */
const client = (client_id, record) => ({
  client_id,
  redirect_uris: [`${MAILLON}/callback/${record}`],
  post_logout_redirect_uris: [`${MAILLON}/logout-callback`],
  backchannel_logout_uri: `${MAILLON}/backchannel-logout/${record}`,
  backchannel_logout_session_required: true,
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: 'ES256',
});

const callThisMachine = (url, { method, headers, body, signal }) =>
  globalThis.fetch(url, { method, headers, body, signal, redirect: 'error' });

const provider = new Provider(ISSUER, {
  clients: [
    {
      ...client('maillon', 'bare'),
      client_secret: MAILLON_SECRET,
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      ...client('maillon-strict', 'bare-strict'),
      jwks_uri: `${MAILLON}/jwks`,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      require_pushed_authorization_requests: true,
      id_token_encrypted_response_alg: 'ECDH-ES',
      id_token_encrypted_response_enc: 'A256GCM',
      userinfo_signed_response_alg: 'ES256',
      userinfo_encrypted_response_alg: 'RSA-OAEP-256',
      userinfo_encrypted_response_enc: 'A256GCM',
    },
  ],
  jwks: JSON.parse(JWKS),
  cookies: { keys: [COOKIE_KEY] },
  claims: {
    openid: ['sub'],
    profile: ['given_name', 'family_name'],
    email: ['email'],
    siret: ['siret'],
  },
  acrValues: ['password', 'two-factors'],
  features: {
    backchannelLogout: { enabled: true },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
  },
  findAccount: (_context, address) => ({
    accountId: address,
    claims: () => {
      const [given_name, family_name] = address.split('@')[0].split('.');
      return { sub: address, given_name, family_name, email: address, siret: SIRET };
    },
  }),
  // Its own refuses loopback and private networks: neither our keys nor our back-channel logout would be reached there.
  ...(MAILLON.startsWith('http://localhost:') ? { fetch: callThisMachine } : {}),
});

/** What its development page leaves out: how strongly somebody signed in. */
provider.use(async (context, next) => {
  const { method, path, req, res } = context;
  const isForm = method === 'POST' && /^\/interaction\/[^/]+$/.test(path);
  if (!isForm || (await provider.interactionDetails(req, res)).prompt.name !== 'login') return next();
  const form = new URLSearchParams(await text(req));
  const acr = /^\d{6}$/.test(form.get('password')) ? 'two-factors' : 'password';
  context.respond = false;
  return provider.interactionFinished(req, res, { login: { accountId: form.get('login'), acr } });
});

provider.listen(Number(PORT), '127.0.0.1', () => stdout.write(`Ready at ${ISSUER}\n`));
