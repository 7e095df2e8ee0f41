// The records of docs/identity-providers/ through a whole sign-in, with an identity provider that answers as theirs do:
// only its address, its client and its keys are others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answersOf, kinds, recordsFolder } from '../../test/support/identity-provider-guides.ts';
import type { Kind, Records } from '../../test/support/identity-provider-guides.ts';
import { loadDeclarations } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { createBench } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';

let records: Records;
let idps: ReadonlyMap<string, IdentityProvider>;
beforeAll(async () => {
  records = await recordsFolder();
  const { identityProviders } = await loadDeclarations(records.dir, {
    variables: records.variables,
    production: true,
  });
  idps = new Map(identityProviders.map((idp) => [idp.id, idp]));
});
afterAll(() => records.remove());

/** @param changes of the ID token */
async function signInWith(kind: Kind, changes: object, acrValues: readonly string[] = []) {
  const record = idps.get(kinds[kind]);
  if (record === undefined) throw new Error(kind);
  const small = await createSmallIdp();
  const { issuer, client_id } = small.record;
  const protocol = {
    issuer,
    client_id,
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  } as const;
  const idp = { ...small, record: { ...record, ...protocol } };
  const { id_token: idToken, userinfo } = await answersOf(kind);
  const own = ['iss', 'sub', 'aud', 'azp', 'nonce', 'iat', 'exp', 'auth_time'];
  const of = (claims: object) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !own.includes(name)));
  small.authentication = { ...of(idToken), ...changes };
  const jwt = await small.signed({ ...of(userinfo), sub: 'agent-1', iss: issuer, aud: client_id });
  small.deviation = {
    userinfo: ({ sub }) =>
      record.userinfo_signed_response_alg === undefined
        ? { ...of(userinfo), sub }
        : new Response(jwt, { headers: { 'content-type': 'application/jwt' } }),
  };
  const bench = createBench(idp);
  const url = await bench.begin(idp, { acrValues });
  const result = await bench.end(idp, small.answer(url));
  return { asked: url.searchParams, result };
}

describe('Entra ID', () => {
  it('is asked for a level as an authentication context, and for nothing by the claims parameter otherwise', async () => {
    const { asked, result } = await signInWith('entra-id', { acrs: ['c2'] }, ['eidas1-mfa']);
    expect(JSON.parse(asked.get('claims') ?? '')).toEqual({
      id_token: { acrs: { essential: true, value: 'c2' } },
    });
    expect(result).toMatchObject({
      ok: true,
      identity: {
        claims: { given_name: 'Camille', usual_name: 'Martin' },
        email: 'CMartin@commune.example',
        emailVerified: true,
        siret: '21440109300015',
        acr: 'eidas1-mfa',
      },
    });
    expect((await signInWith('entra-id', {})).asked.has('claims')).toBe(false);
  });

  it('is refused when it did not reach that', async () => {
    const { result } = await signInWith('entra-id', { acrs: ['c1'], amr: ['pwd'] }, ['eidas1-mfa']);
    expect(result).toMatchObject({ ok: false, error: { code: 'M-UPST-015' } });
  });
});

describe('Keycloak', () => {
  it('reaches by its methods a level that its acr does not say', async () => {
    const { asked, result } = await signInWith('keycloak', {}, ['eidas1-mfa']);
    expect(asked.get('claims')).toContain('"values":["two-factors"]');
    expect(result).toMatchObject({ ok: true, identity: { acr: 'eidas1-mfa', siret: '21440109300023' } });
  });
});

describe('ProConnect', () => {
  it('is asked for each level that would do, and read from its signed userinfo', async () => {
    const { asked, result } = await signInWith('proconnect', { acr: 'eidas2' }, ['eidas1-mfa', 'eidas2']);
    expect(asked.get('claims')).toContain('"values":["eidas1-mfa","eidas2","eidas3"]');
    expect(result).toMatchObject({
      ok: true,
      identity: {
        acr: 'eidas2',
        siret: '13002526500013',
        claims: { uid: 'cm-42', custom: { corps: 'Attaché' } },
      },
    });
  });
});

describe('FranceConnect', () => {
  it('is always asked for a level by acr_values, and gives an identity without organization', async () => {
    const { asked, result } = await signInWith('franceconnect', { acr: 'eidas1' });
    expect(Object.fromEntries(asked)).toMatchObject({
      acr_values: 'eidas1',
      scope: 'openid given_name family_name birthdate email',
    });
    expect(asked.has('claims') || asked.has('login_hint')).toBe(false);
    if (!result.ok) throw result.error;
    expect(result.identity).toMatchObject({
      acr: 'eidas1',
      claims: { given_name: 'Angela', usual_name: 'DUBOIS' },
    });
    expect(result.identity).not.toHaveProperty('siret');
  });

  it('is not even asked for more than was attested', async () => {
    await expect(signInWith('franceconnect', {}, ['eidas2'])).rejects.toMatchObject({ code: 'M-UPST-015' });
  });
});
