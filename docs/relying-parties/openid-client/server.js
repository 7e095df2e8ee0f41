/**
 * A whole relying party in one file: sign-in, userinfo, a refusal, sign-out started here, sign-out announced by Maillon.
 * Sessions are in memory: a real tool keeps them in a store that all its processes share, and makes them expire.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { env, stdout } from 'node:process';
import { URL, URLSearchParams } from 'node:url';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as openid from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PUBLIC_URL, PORT } = env;
const scope = 'openid email given_name usual_name organization_label eligibility';
const algorithm = 'ES256';
const secret = openid.ClientSecretBasic(CLIENT_SECRET);
const metadata = { id_token_signed_response_alg: algorithm };
// The signature of the ID token is checked too; plain HTTP is for a Maillon on this machine only.
const plainHttp = ISSUER.startsWith('http://localhost:') ? [openid.allowInsecureRequests] : [];
const execute = [openid.enableNonRepudiationChecks, ...plainHttp];
const config = await openid.discovery(new URL(ISSUER), CLIENT_ID, metadata, secret, { execute });
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));

/** By the value of the cookie: `attempt`, a sign-in under way; `person`, who is signed in. */
const sessions = new Map();
const logoutTokensSeen = new Set();

async function login({ state, nonce, verifier }) {
  const challenge = await openid.calculatePKCECodeChallenge(verifier);
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const redirect_uri = `${PUBLIC_URL}/callback`;
  return openid.buildAuthorizationUrl(config, { redirect_uri, scope, state, nonce, ...pkce }).href;
}

/** Throws when Maillon answers with an error, or when the answer is not for the attempt of this browser. */
async function callback(attempt, search) {
  if (attempt === undefined) throw new Error('no sign-in is under way in this browser');
  const tokens = await openid.authorizationCodeGrant(config, new URL(`${PUBLIC_URL}/callback${search}`), {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.verifier,
    idTokenExpected: true,
  });
  const { sub, sid } = tokens.claims();
  const userinfo = await openid.fetchUserInfo(config, tokens.access_token, sub);
  return { sub, sid, idToken: tokens.id_token, userinfo };
}

/** OpenID Connect Back-Channel Logout §2.6: ends one session (`sid`), or all of a person. */
async function backchannelLogout(logoutToken) {
  const { payload } = await jwtVerify(logoutToken, keys, {
    issuer: ISSUER,
    audience: CLIENT_ID,
    typ: 'logout+jwt',
    algorithms: [algorithm],
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
  });
  const { sub, sid, jti, nonce, events } = payload;
  if (!('http://schemas.openid.net/event/backchannel-logout' in events)) throw new Error('another event');
  if (nonce !== undefined || (sub ?? sid) === undefined) throw new Error('not a logout token');
  if (logoutTokensSeen.has(jti)) throw new Error('seen before');
  logoutTokensSeen.add(jti);
  for (const [id, { person }] of sessions)
    if (person && (sid === undefined ? person.sub === sub : person.sid === sid)) sessions.delete(id);
}

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const signOut = '<form method="post" action="/logout"><button>Sign out</button></form>';
const home = ({ person }) =>
  person === undefined
    ? '<h1>Tool</h1><p><a href="/login">Sign in</a></p>'
    : `<h1>Welcome ${escape(person.userinfo.given_name)}</h1>
       <p>For ${escape(person.userinfo.organization_label)}.</p>${signOut}`;
const problem = ({ error = 'error', error_description: description, message }) =>
  `<h1>You are not signed in</h1><p>${escape(error)}: ${escape(description ?? message)}</p>`;

async function answer(request, response) {
  const { pathname, search } = new URL(request.url, PUBLIC_URL);
  const id = /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const session = sessions.get(id) ?? {};
  const send = (status, body = '', headers = {}) => {
    const always = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    response.writeHead(status, { ...always, ...headers }).end(`<!doctype html><title>Tool</title>${body}`);
  };
  /** A session that changes gets a new name, so that nobody knows it beforehand. */
  const keep = (content) => {
    const [name, secure] = [randomUUID(), PUBLIC_URL.startsWith('https:') ? '; Secure' : ''];
    sessions.delete(id);
    sessions.set(name, content);
    return { 'set-cookie': `session=${name}; Path=/; HttpOnly; SameSite=Lax${secure}` };
  };

  const route = `${request.method} ${pathname}`;
  if (route === 'GET /') send(200, home(session));
  else if (route === 'GET /login') {
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const attempt = { state, nonce, verifier: openid.randomPKCECodeVerifier() };
    send(303, '', { location: await login(attempt), ...keep({ ...session, attempt }) });
  } else if (route === 'GET /callback') {
    await callback(session.attempt, search).then(
      (person) => send(303, '', { location: '/', ...keep({ person }) }),
      (error) => send(403, problem(error), keep({ person: session.person })),
    );
  } else if (route === 'POST /logout' && session.person !== undefined) {
    sessions.delete(id);
    const back = { post_logout_redirect_uri: `${PUBLIC_URL}/signed-out` };
    const url = openid.buildEndSessionUrl(config, { id_token_hint: session.person.idToken, ...back });
    send(303, '', { location: url.href });
  } else if (route === 'GET /signed-out') send(200, '<h1>You are signed out</h1>');
  else if (route === 'POST /backchannel-logout') {
    let body = '';
    for await (const chunk of request) if (body.length < 20_000) body += chunk;
    const logoutToken = new URLSearchParams(body).get('logout_token') ?? '';
    const done = backchannelLogout(logoutToken).then(() => 200);
    send(await done.catch(() => 400));
  } else send(404, '<h1>No such page</h1>');
}

createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end());
}).listen(Number(PORT), 'localhost', () => stdout.write(`Ready on ${PUBLIC_URL}\n`));
