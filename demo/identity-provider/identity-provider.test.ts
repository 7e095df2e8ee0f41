import { createHash } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../../test/support/browser-session.ts';
import type { Browser, Page } from '../../test/support/browser-session.ts';
import { demoPeople } from '../people.ts';
import { startDemoIdp } from './identity-provider.ts';
import type { DemoIdp } from './identity-provider.ts';

const callback = 'http://localhost:9/callback/demo';
const after = 'http://localhost:9/after';
const secret = 'a-secret-for-tests-only-0123456789';
const verifier = 'v'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');

let idp: DemoIdp;
let browser: Browser;

beforeAll(async () => {
  idp = await startDemoIdp({
    port: 0,
    name: 'Identité d’essai',
    people: demoPeople,
    clients: [
      {
        client_id: 'broker',
        client_secret: secret,
        client_name: 'Maillon',
        redirect_uris: [callback],
        post_logout_redirect_uris: [after],
      },
    ],
  });
});
beforeEach(() => {
  browser = createBrowser();
  return () => browser.close();
});
afterAll(() => idp.close());

const outside = (url: URL): boolean => url.origin === 'http://localhost:9';

const authorize = (extra: Readonly<Record<string, string>> = {}): Promise<Page> => {
  const url = new URL('/authorize', idp.url);
  url.search = new URLSearchParams({
    client_id: 'broker',
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid given_name usual_name email uid siret phone',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...extra,
  }).toString();
  return browser.get(url.href, { redirects: outside });
};

const choose = (page: Page, fields: Readonly<Record<string, string>>): Promise<Page> =>
  browser.submitForm(page, fields, { redirects: outside });

const answerOf = (page: Page): URLSearchParams =>
  new URL(page.location ?? 'http://none.example').searchParams;

const redeem = async (code: string, changes: Readonly<Record<string, string>> = {}) => {
  const body = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    ...changes,
  };
  const answer = await request(`${idp.url}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`broker:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(body).toString(),
  });
  const json: unknown = await answer.body.json();
  return { status: answer.statusCode, json: Object.fromEntries(Object.entries(json ?? {})) };
};

const signIn = async (person: string, extra: Readonly<Record<string, string>> = {}) => {
  const answer = answerOf(await choose(await authorize(extra), { person }));
  return redeem(answer.get('code') ?? '');
};

const payloadOf = (jwt: unknown): unknown =>
  JSON.parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString());

describe('discovery', () => {
  test('says what the provider does, whatever the Host header', async () => {
    const answer = await request(`${idp.url}/.well-known/openid-configuration`, {
      headers: { host: 'evil.example' },
    });
    expect(await answer.body.json()).toMatchObject({
      issuer: idp.url,
      token_endpoint: `${idp.url}/token`,
      end_session_endpoint: `${idp.url}/session/end`,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  });
});

describe('signing in', () => {
  test('the page lists everybody, by name, address and organization', async () => {
    const page = await authorize();
    for (const person of demoPeople) {
      const { given_name, usual_name, email, organization } = person;
      expect(browser.text(page)).toContain(`\n${given_name} ${usual_name} ${email} ${organization}\n`);
    }
    expect(browser.text(page)).toContain('Maillon demande qui vous êtes.');
  });

  test.each(demoPeople.map((person) => [person.sub, person] as const))(
    '%s gets a code, with state and iss',
    async (sub, person) => {
      const answer = answerOf(await choose(await authorize(), { person: sub }));
      expect(answer.get('state')).toBe('the-state');
      expect(answer.get('iss')).toBe(idp.url);
      const { status, json } = await redeem(answer.get('code') ?? '');
      expect(status).toBe(200);
      expect(payloadOf(json['id_token'])).toMatchObject({
        iss: idp.url,
        aud: 'broker',
        sub,
        nonce: 'the-nonce',
        acr: 'eidas1',
        amr: ['pwd'],
      });
      expect(payloadOf(json['id_token'])).toHaveProperty('auth_time');
      const userinfo = await request(`${idp.url}/userinfo`, {
        headers: { authorization: `Bearer ${String(json['access_token'])}` },
      });
      const { given_name, usual_name, email, siret, uid } = person;
      expect(await userinfo.body.json()).toMatchObject({ sub, given_name, usual_name, email, siret, uid });
    },
  );

  test('one scope releases one claim', async () => {
    const { json } = await signIn('agent-etat', { scope: 'openid email' });
    const userinfo = await request(`${idp.url}/userinfo`, {
      headers: { authorization: `Bearer ${String(json['access_token'])}` },
    });
    expect(await userinfo.body.json()).toEqual({
      sub: 'agent-etat',
      email: 'agent@etat.example',
      email_verified: true,
    });
  });

  test('« Annuler » answers access_denied', async () => {
    const answer = answerOf(await choose(await authorize(), { cancel: 'yes' }));
    expect(answer.get('error')).toBe('access_denied');
    expect(answer.get('state')).toBe('the-state');
    expect(answer.get('code')).toBeNull();
  });

  test('an empty form, or a person who does not exist, stays on the page', async () => {
    const page = await authorize();
    for (const fields of [{}, { person: 'nobody' }, { cancel: 'no' }]) {
      const again = await browser.post(page.url, fields);
      expect([again.status, browser.text(again)]).toEqual([200, browser.text(page)]);
    }
  });

  test('a code serves once, with its verifier, at its redirect URI', async () => {
    const code = async () =>
      answerOf(await choose(await authorize({ prompt: 'login' }), { person: 'agent-etat' })).get('code') ??
      '';
    expect((await redeem(await code(), { code_verifier: 'w'.repeat(43) })).json['error']).toBe(
      'invalid_grant',
    );
    expect((await redeem(await code(), { redirect_uri: after })).json['error']).toBe('invalid_grant');
    const good = await code();
    const both = await Promise.all([redeem(good), redeem(good)]);
    expect(both.map((one) => one.status).sort()).toEqual([200, 400]);
  });

  test('the page of one browser does not open in another', async () => {
    const page = await authorize();
    const stranger = createBrowser();
    expect((await stranger.get(page.url)).status).toBe(400);
    await stranger.close();
  });

  test.each([
    ['another redirect URI', { redirect_uri: 'https://evil.example/' }],
    ['an unknown client', { client_id: 'unknown' }],
  ])('%s is refused on our own page', async (_name, extra) => {
    const page = await authorize(extra);
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect(browser.text(page)).toContain('La demande n’a pas abouti');
  });

  test('without PKCE there is no sign-in', async () => {
    const answer = answerOf(await authorize({ code_challenge: '', code_challenge_method: '' }));
    expect(answer.get('error')).toBe('invalid_request');
  });
});

describe('being signed in already', () => {
  test('a second request answers at once; prompt=login and max_age=0 ask again', async () => {
    await signIn('agent-etat');
    expect(answerOf(await authorize()).get('code')).not.toBeNull();
    for (const extra of [{ prompt: 'login' }, { max_age: '0' }]) {
      const page = await authorize(extra);
      expect(browser.text(page)).toContain('Camille Renaud est déjà connecté ici');
      expect(answerOf(await choose(page, { person: 'agent-etat' })).get('code')).not.toBeNull();
    }
  });

  test('another person takes over, without a form that needs script', async () => {
    await signIn('agent-etat');
    const { json } = await signIn('membre-asso', { prompt: 'login' });
    expect(payloadOf(json['id_token'])).toMatchObject({ sub: 'membre-asso' });
  });

  test('an announced address that is not that of the session asks who is there', async () => {
    await signIn('agent-etat');
    const page = await authorize({ login_hint: 'Membre@Asso.example' });
    expect(browser.text(page)).toMatch(/Samir Benali[\s\S]*Adresse que vous avez saisie/);
    // Whoever is chosen then is accepted, even somebody else: the broker checks.
    expect(answerOf(await choose(page, { person: 'agent-etat' })).get('code')).not.toBeNull();
    expect(answerOf(await authorize({ login_hint: 'agent@etat.example' })).get('code')).not.toBeNull();
    const silent = answerOf(await authorize({ login_hint: 'membre@asso.example', prompt: 'none' }));
    expect(silent.get('error')).toBe('login_required');
  });

  test('an unknown announced address is said', async () => {
    const page = await authorize({ login_hint: '<b>x</b>@nowhere.example' });
    expect(browser.text(page)).toContain('Personne ici n’a l’adresse <b>x</b>@nowhere.example');
  });

  test('a stronger sign-in is asked, reached by who can, refused to who cannot', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['eidas1-mfa'] } } });
    await signIn('agent-etat');
    const page = await authorize({ claims, acr_values: 'eidas1' });
    expect(browser.text(page)).toContain('exige une connexion renforcée');
    const { json } = await redeem(answerOf(await choose(page, { person: 'agent-etat' })).get('code') ?? '');
    expect(payloadOf(json['id_token'])).toMatchObject({ acr: 'eidas1-mfa', amr: ['pwd', 'otp', 'mfa'] });
    const refused = answerOf(
      await choose(await authorize({ claims, prompt: 'login' }), { person: 'membre-asso' }),
    );
    expect(refused.get('error')).toBe('unmet_authentication_requirements');
  });
});

describe('signing out', () => {
  const end = (query: Readonly<Record<string, string>>): Promise<Page> =>
    browser.get(`${idp.url}/session/end?${new URLSearchParams(query).toString()}`, { redirects: outside });

  test('with the ID token of the person: at once, and back with the state', async () => {
    const { json } = await signIn('agent-etat');
    const hint = { id_token_hint: String(json['id_token']), post_logout_redirect_uri: after, state: 's' };
    expect((await end(hint)).location).toBe(`${after}?state=s`);
    expect(answerOf(await authorize({ prompt: 'none' })).get('error')).toBe('login_required');
    // Nobody is signed in any more: still no page in between.
    expect((await end(hint)).location).toBe(`${after}?state=s`);
  });

  test('with the ID token of somebody else, or none: asks, and may stay', async () => {
    const { json } = await signIn('agent-etat');
    await signIn('membre-asso', { prompt: 'login' });
    const page = await end({ id_token_hint: String(json['id_token']), post_logout_redirect_uri: after });
    expect(browser.text(page)).toContain('Se déconnecter ?');
    await choose(await end({}), {});
    expect(answerOf(await authorize({ prompt: 'none' })).get('code')).not.toBeNull();
    const gone = await choose(await end({}), { logout: 'yes' });
    expect(browser.text(gone)).toContain('Vous êtes déconnecté');
    expect(answerOf(await authorize({ prompt: 'none' })).get('error')).toBe('login_required');
  });

  test('an address that is not registered is refused', async () => {
    const { json } = await signIn('agent-etat');
    const page = await end({
      id_token_hint: String(json['id_token']),
      post_logout_redirect_uri: 'https://evil.example/',
    });
    expect([page.status, page.location]).toEqual([400, undefined]);
  });
});
