import { describe, expect, it } from 'vitest';
import { declaredClientSchema, storedClientSchema } from './client.ts';
import { jwks, noSecret } from './testing/client-samples.ts';
import { aClient } from './testing/samples.ts';

describe('a profile speaks for what is left out, and only for that', () => {
  const read = (client: object) => declaredClientSchema.parse(client);

  it('standard', () => {
    expect(read(aClient)).toMatchObject({ profile: 'standard', pkce: 'required', refresh_token: 'never' });
  });

  it('proconnect', () => {
    expect(read({ ...aClient, profile: 'proconnect' })).toMatchObject({
      token_endpoint_auth_method: 'client_secret_post',
      pkce: 'optional',
      refresh_token: 'always',
      userinfo_signed_response_alg: 'ES256',
    });
    expect(
      read({
        ...aClient,
        profile: 'proconnect',
        pkce: 'required',
        refresh_token: 'never',
        token_endpoint_auth_method: 'client_secret_basic',
      }),
    ).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      pkce: 'required',
      refresh_token: 'never',
    });
  });

  it('proconnect signs userinfo like the ID token, or as it is said', () => {
    const rs = { ...aClient, profile: 'proconnect', id_token_signed_response_alg: 'RS256' };
    expect(read(rs).userinfo_signed_response_alg).toBe('RS256');
    expect(read({ ...rs, userinfo_signed_response_alg: 'PS256' }).userinfo_signed_response_alg).toBe('PS256');
  });

  it('fapi2', () => {
    expect(read({ ...noSecret, jwks, profile: 'fapi2' })).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    });
    expect(
      read({ ...noSecret, jwks, profile: 'fapi2', tls_client_certificate_bound_access_tokens: true }),
    ).toMatchObject({ dpop_bound_access_tokens: false });
  });

  it('what is no block of keys is refused all the same', () => {
    for (const value of [null, 'docs', 1, []])
      expect(declaredClientSchema.safeParse(value).success).toBe(false);
  });
});

describe('a client that the version before stored', () => {
  const before = {
    client_id: 'docs',
    service: 'docs',
    enforcement: 'gate',
    client_secret_sha256: '0'.repeat(64),
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: ['https://docs.test/cb'],
    post_logout_redirect_uris: [],
    scope: 'openid',
    id_token_signed_response_alg: 'ES256',
    subject_type: 'pairwise',
    claims_in_id_token: false,
    extended_roles: false,
    refresh_token: 'never',
    pkce: 'required',
    cors_origins: [],
  };

  it('is read, with what it does not say at its default', () => {
    expect(storedClientSchema.parse(before)).toMatchObject({
      ...before,
      profile: 'standard',
      assertion_audience: 'issuer',
      introspects: [],
      strict: false,
      dpop_bound_access_tokens: false,
    });
  });

  it('as is one that a newer version stored', () => {
    expect(storedClientSchema.parse({ ...before, of_tomorrow: true })).not.toHaveProperty('of_tomorrow');
  });
});
