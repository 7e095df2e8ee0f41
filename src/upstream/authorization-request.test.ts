import { describe, expect, it } from 'vitest';
import { createBench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';

describe('the authorization request', () => {
  it('carries PKCE, nonce, state, our own redirect URI and the declared scope', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const url = await bench.begin(idp);
    expect(url.href).toMatch(/^https:\/\/etat\.idp\.example\/authorize\?/);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'broker-at-etat',
      response_type: 'code',
      redirect_uri: 'https://connexion.example/api/v2/callback/etat',
      scope: 'openid given_name usual_name email siret',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
      claims: '{"id_token":{"acr":null,"amr":null,"auth_time":null}}',
    });
  });

  it('never repeats a secret', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const urls = await Promise.all(Array.from({ length: 20 }, () => bench.begin(idp)));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(urls.map((url) => url.searchParams.get(name))).size).toBe(20);
    }
    expect(bench.cookies.size).toBe(20);
  });

  it('asks for a fresh authentication, and for auth_time to prove it', async () => {
    const idp = await createSmallIdp();
    const forced = (await createBench(idp).begin(idp, { forceLogin: true })).searchParams;
    expect([forced.get('prompt'), forced.get('max_age')]).toEqual(['login', '600']);
    const aged = (await createBench(idp).begin(idp, { maxAge: 60 })).searchParams;
    expect([aged.get('prompt'), aged.get('max_age')]).toEqual([null, '60']);
  });

  it('asks for levels in the words of the IdP: only those that reach what is wanted', async () => {
    const idp = await createSmallIdp();
    const url = await createBench(idp).begin(idp, { acrValues: ['eidas1-mfa', 'eidas2'] });
    expect(JSON.parse(url.searchParams.get('claims') ?? '')).toEqual({
      id_token: { acr: { essential: true, values: ['high', 'card'] }, amr: null, auth_time: null },
    });
  });

  it('does not go to an IdP that cannot reach the level', async () => {
    const idp = await createSmallIdp();
    await expect(createBench(idp).begin(idp, { acrValues: ['eidas3'] })).rejects.toMatchObject({
      code: 'M-UPST-015',
    });
  });

  it('gives the address of the person only to the IdP that owns it', async () => {
    const idp = await createSmallIdp();
    const hint = async (loginHint: string) =>
      (await createBench(idp).begin(idp, { loginHint, uiLocales: 'fr' })).searchParams.get('login_hint');
    expect(await hint('agent@etat.example')).toBe('agent@etat.example');
    expect(await hint('agent@commune.example')).toBeNull();
  });

  it('sends no claims parameter to an IdP that does not read it, unless a level is demanded', async () => {
    const idp = await createSmallIdp();
    idp.deviation = { metadata: (right) => ({ ...right, claims_parameter_supported: false }) };
    expect((await createBench(idp).begin(idp)).searchParams.has('claims')).toBe(false);
    expect((await createBench(idp).begin(idp, { acrValues: ['eidas1'] })).searchParams.has('claims')).toBe(
      true,
    );
  });

  it('is not made to a disabled IdP', async () => {
    const idp = await createSmallIdp();
    const { upstream } = createBench(idp);
    await expect(
      upstream.start({ ...idp.record, enabled: false }, { interactionUid: 'u' }),
    ).rejects.toMatchObject({
      code: 'M-UPST-014',
    });
    expect(idp.requests).toEqual([]);
  });

  it.each(['http://etat.idp.example/authorize', 'javascript:alert(1)', 'authorize', 'data:text/html,x'])(
    'is not made to %s',
    async (endpoint) => {
      const idp = await createSmallIdp();
      idp.deviation = { metadata: (right) => ({ ...right, authorization_endpoint: endpoint }) };
      await expect(createBench(idp).begin(idp)).rejects.toMatchObject({ name: 'BrokerError' });
    },
  );

  it('goes over plain http to a loopback address only', async () => {
    const idp = await createSmallIdp({ issuer: 'http://127.0.0.1:4001' });
    expect((await createBench(idp).begin(idp)).origin).toBe('http://127.0.0.1:4001');
    idp.deviation = {
      metadata: (right) => ({ ...right, authorization_endpoint: 'http://evil.example/authorize' }),
    };
    await expect(createBench(idp).begin(idp)).rejects.toMatchObject({ code: 'M-UPST-028' });
  });
});
