// Every rule of a client: what it lets through, and what it refuses (its secrets and keys: client-keys.test.ts).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../test/support/certificates.ts';
import { declaredClientSchema } from './client.ts';
import { certificateJwk, jwks, noSecret, problems, secret, signs } from './testing/client-samples.ts';
import { aClient, without } from './testing/samples.ts';

type Case = readonly [name: string, client: object];

describe('what a client may declare', () => {
  it.each<Case>([
    ['a secret, or its hash', aClient],
    ['the hash of its secret', { ...noSecret, client_secret_sha256: '0'.repeat(64) }],
    ['a former secret beside the new one', { ...aClient, former_client_secret: secret() }],
    ['the hash of its former secret', { ...aClient, former_client_secret_sha256: '0'.repeat(64) }],
    ['keys by value', signs],
    ['keys by reference', { ...without(signs, 'jwks'), jwks_uri: 'https://tool.example/jwks' }],
    ['keys on this machine', { ...without(signs, 'jwks'), jwks_uri: 'http://localhost:4000/jwks' }],
    [
      'a certificate that an authority signed',
      {
        ...noSecret,
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=tool,C=FR',
      },
    ],
    [
      'a certificate of its own',
      {
        ...noSecret,
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [certificateJwk(selfSignedCertificate)] },
      },
    ],
    ['no secret, with PKCE', { ...noSecret, token_endpoint_auth_method: 'none' }],
    ['an opt-out of PKCE, with a secret', { ...aClient, pkce: 'optional' }],
    ['only the tokens of others', { ...aClient, redirect_uris: [], introspects: ['docs'] }],
    ['an encrypted ID token', { ...aClient, jwks, id_token_encrypted_response_alg: 'ECDH-ES' }],
    [
      'a signed and encrypted userinfo',
      {
        ...aClient,
        jwks,
        userinfo_signed_response_alg: 'ES256',
        userinfo_encrypted_response_alg: 'ECDH-ES',
        userinfo_encrypted_response_enc: 'A256GCM',
      },
    ],
    ['signed requests', { ...aClient, jwks, require_signed_request_object: true }],
    ['offline_access', { ...aClient, scope: 'openid offline_access', refresh_token: 'offline_access' }],
    [
      'two hosts and their sector',
      { ...aClient, redirect_uris: ['https://a.test/', 'https://b.test/'], sector_identifier: 'a.test' },
    ],
    [
      'two hosts and a public subject',
      { ...aClient, redirect_uris: ['https://a.test/', 'https://b.test/'], subject_type: 'public' },
    ],
    ['FAPI 2.0 with a key and DPoP', { ...signs, profile: 'fapi2' }],
    [
      'FAPI 2.0 with a certificate',
      {
        ...noSecret,
        profile: 'fapi2',
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_dns: 'tool.example',
        tls_client_certificate_bound_access_tokens: true,
      },
    ],
  ])('%s', (_name, client) => {
    expect(problems(client)).toEqual([]);
  });

  const certificate = { ...noSecret, token_endpoint_auth_method: 'tls_client_auth' };
  const fapi = { ...signs, profile: 'fapi2' };

  it.each<readonly [string, object, string]>([
    ['no name of its certificate', certificate, 'tls_client_auth_subject_dn or one tls_client_auth_san_'],
    [
      'two names of its certificate',
      { ...certificate, tls_client_auth_san_dns: 'a.example', tls_client_auth_san_ip: '192.0.2.1' },
      'tls_client_auth_subject_dn or one tls_client_auth_san_',
    ],
    [
      'a name of a certificate for nothing',
      { ...aClient, tls_client_auth_san_dns: 'a.example' },
      'have a use with',
    ],
    ['a distinguished name that is none', { ...certificate, tls_client_auth_subject_dn: 'tool' }, 'RFC 4514'],
    ['a wildcard', { ...certificate, tls_client_auth_san_dns: '*.example' }, 'without wildcard'],
    ['an address that is none', { ...certificate, tls_client_auth_san_ip: '192.0.2' }, 'IP address'],
    ['a URI that is none', { ...certificate, tls_client_auth_san_uri: 'tool' }, 'absolute URI'],
    ['an e-mail that is none', { ...certificate, tls_client_auth_san_email: 'tool' }, 'e-mail address'],
    ['no redirect URI', { ...aClient, redirect_uris: [] }, 'redirect_uris must hold at least one'],
    [
      'no secret and no PKCE',
      { ...noSecret, token_endpoint_auth_method: 'none', pkce: 'optional' },
      'pkce must be required',
    ],
    [
      'two hosts without sector',
      { ...aClient, redirect_uris: ['https://a.test/', 'https://b.test/'] },
      'sector_identifier must be given',
    ],
    [
      'offline_access out of its scope',
      { ...aClient, refresh_token: 'offline_access' },
      'scope must contain offline_access',
    ],
    [
      'how, but not that, it is encrypted',
      { ...aClient, id_token_encrypted_response_enc: 'A128GCM' },
      'id_token_encrypted_response_enc has no use without',
    ],
    [
      'encrypted userinfo that nobody signed',
      { ...aClient, jwks, userinfo_encrypted_response_alg: 'ECDH-ES' },
      'userinfo_signed_response_alg must be given',
    ],
    [
      'encryption with a shared key',
      { ...aClient, jwks, id_token_encrypted_response_alg: 'dir' },
      'id_token_encrypted_response_alg',
    ],
    [
      'RSA1_5',
      { ...aClient, jwks, id_token_encrypted_response_alg: 'RSA1_5' },
      'id_token_encrypted_response_alg',
    ],
    ['HS256', { ...aClient, id_token_signed_response_alg: 'HS256' }, 'id_token_signed_response_alg'],
    [
      'an unsigned ID token',
      { ...aClient, id_token_signed_response_alg: 'none' },
      'id_token_signed_response_alg',
    ],
    [
      'FAPI 2.0 with a secret',
      { ...aClient, profile: 'fapi2', token_endpoint_auth_method: 'client_secret_basic' },
      'token_endpoint_auth_method must be private_key_jwt or a certificate',
    ],
    [
      'FAPI 2.0 without PAR',
      { ...fapi, require_pushed_authorization_requests: false },
      'require_pushed_authorization_requests must be true',
    ],
    [
      'FAPI 2.0 with tokens for anybody',
      { ...fapi, dpop_bound_access_tokens: false },
      'dpop_bound_access_tokens or tls_client',
    ],
    ['FAPI 2.0 without PKCE', { ...fapi, pkce: 'optional' }, 'pkce must be required with fapi2'],
    [
      'FAPI 2.0 for the endpoint',
      { ...fapi, assertion_audience: 'endpoint' },
      'assertion_audience must be issuer',
    ],
    [
      'FAPI 2.0 with RS256',
      { ...fapi, id_token_signed_response_alg: 'RS256' },
      'id_token_signed_response_alg must be one of ES256, PS256, EdDSA',
    ],
    [
      'FAPI 2.0 signing with RS256',
      { ...fapi, token_endpoint_auth_signing_alg: 'RS256' },
      'token_endpoint_auth_signing_alg must be one of',
    ],
    ['an unknown profile', { ...aClient, profile: 'oauth1' }, 'profile'],
    [
      'an address of keys in clear',
      { ...without(signs, 'jwks'), jwks_uri: 'http://tool.example/jwks' },
      'jwks_uri must be an https: address',
    ],
    [
      'an address of keys with a password',
      { ...without(signs, 'jwks'), jwks_uri: 'https://a:b@tool.example/' },
      'jwks_uri must be',
    ],
    [
      'a logout endpoint with a fragment',
      { ...aClient, backchannel_logout_uri: 'https://tool.example/#x' },
      'backchannel_logout_uri must be',
    ],
    [
      'a logout endpoint that runs code',
      { ...aClient, backchannel_logout_uri: 'JAVASCRIPT:alert(1)' },
      'backchannel_logout_uri must be',
    ],
  ])('but not %s', (_name, client, expected) => {
    const found = problems(client);
    expect(
      found.some((problem) => problem.includes(expected)),
      found.join('\n'),
    ).toBe(true);
  });

  it('in FAPI 2.0, every algorithm is one of three', () => {
    const fields = [
      'id_token_signed_response_alg',
      'userinfo_signed_response_alg',
      'authorization_signed_response_alg',
      'introspection_signed_response_alg',
      'request_object_signing_alg',
      'token_endpoint_auth_signing_alg',
    ];
    for (const field of fields) {
      for (const alg of ['ES256', 'PS256', 'EdDSA', 'RS256']) {
        expect(problems({ ...fapi, [field]: alg }).length, `${field} ${alg}`).toBe(alg === 'RS256' ? 1 : 0);
      }
    }
  });

  it('keeps of any secret only its hash, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 43, maxLength: 512 }),
        fc.string({ minLength: 43, maxLength: 512 }),
        (current, former) => {
          const read = declaredClientSchema.parse({
            ...aClient,
            client_secret: current,
            former_client_secret: former,
          });
          expect(
            Object.keys(read)
              .filter((key) => key.includes('secret'))
              .toSorted(),
          ).toEqual(['client_secret_sha256', 'former_client_secret_sha256']);
        },
      ),
    );
  });
});
