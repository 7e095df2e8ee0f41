import { describe, expect, it } from 'vitest';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { decryptionAlgorithmsOf } from './idp-protocol.ts';
import { read, refused } from './testing/reading.ts';
import { aService, anIdp, without, yamlOf } from './testing/samples.ts';

const file = (idp: object) => yamlOf({ services: [aService], identity_providers: [idp] });
const metadata = {
  authorization_endpoint: 'https://idp.etat.test/authorize',
  token_endpoint: 'https://idp.etat.test/token',
  jwks_uri: 'https://idp.etat.test/jwks',
};
const encrypted = {
  id_token_encrypted_response_alg: 'ECDH-ES',
  id_token_encrypted_response_enc: 'A256GCM',
  userinfo_signed_response_alg: 'ES256',
  userinfo_encrypted_response_alg: 'RSA-OAEP-256',
  userinfo_encrypted_response_enc: 'A128CBC-HS256',
};
const withKeys = { ...without(anIdp, 'client_secret'), token_endpoint_auth_method: 'private_key_jwt' };

describe('what a record says of the protocol', () => {
  it.each<readonly [string, object]>([
    ['keys instead of a secret', withKeys],
    ['keys of another algorithm', { ...withKeys, token_endpoint_auth_signing_alg: 'PS256' }],
    ['metadata of its own', { ...anIdp, metadata }],
    [
      'metadata with all that they may hold',
      {
        ...anIdp,
        require_pushed_authorization_requests: true,
        metadata: {
          ...metadata,
          userinfo_endpoint: 'https://idp.etat.test/userinfo?v=2',
          end_session_endpoint: 'https://idp.etat.test/end',
          pushed_authorization_request_endpoint: 'https://idp.etat.test/par',
          authorization_response_iss_parameter_supported: true,
          claims_parameter_supported: false,
        },
      },
    ],
    ['encryption', { ...anIdp, ...encrypted }],
    ['an answer by form', { ...anIdp, response_mode: 'form_post' }],
    ['parameters', { ...anIdp, authorization_parameters: { kc_idp_hint: 'agents', 'a.b-c': 'x y' } }],
    [
      'a private network, and no claims parameter',
      { ...anIdp, private_addresses: true, claims_parameter: false },
    ],
  ])('%s: taken as it is, and kept as it is', (_name, idp) => {
    const [declared] = read(file(idp)).identityProviders;
    const members = without({ client_secret: '', ...idp }, 'client_secret');
    expect(declared).toMatchObject(members);
    expect(storedIdentityProviderSchema.parse(JSON.parse(JSON.stringify(declared)))).toMatchObject(members);
  });

  it('nothing of it in a record of before: as before', () => {
    const [declared] = read(file(anIdp)).identityProviders;
    expect(declared).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'RS256',
    });
    for (const name of ['metadata', 'response_mode', 'private_addresses', 'authorization_parameters'])
      expect(declared).not.toHaveProperty(name);
  });

  it.each<readonly [object, RegExp]>([
    [
      { ...anIdp, token_endpoint_auth_method: 'private_key_jwt' },
      /"client_secret" must be given, unless .* private_key_jwt or none/,
    ],
    [
      { ...anIdp, token_endpoint_auth_method: 'client_secret_jwt' },
      /"token_endpoint_auth_method" must be one of/,
    ],
    [{ ...anIdp, token_endpoint_auth_signing_alg: 'ES256' }, /has no use without private_key_jwt/],
    [{ ...withKeys, token_endpoint_auth_signing_alg: 'HS256' }, /must be one of ES256/],
    [{ ...anIdp, metadata: without(metadata, 'jwks_uri') }, /"metadata.jwks_uri" is missing/],
    [{ ...anIdp, metadata: { ...metadata, issuer: 'https://x.test' } }, /unknown key "metadata.issuer"/],
    [{ ...anIdp, metadata: { ...metadata, token_endpoint: 'http://idp.etat.test/token' } }, /https/],
    [{ ...anIdp, metadata: { ...metadata, token_endpoint: 'https://a:b@idp.etat.test/token' } }, /https/],
    [{ ...anIdp, metadata: { ...metadata, jwks_uri: 'javascript:x' } }, /https/],
    [{ ...anIdp, metadata: { ...metadata, jwks_uri: 'https://idp.etat.test/jwks#x' } }, /fragment/],
    [
      { ...anIdp, metadata, require_pushed_authorization_requests: true },
      /must have pushed_authorization_request_endpoint/,
    ],
    [
      { ...anIdp, ...encrypted, id_token_encrypted_response_alg: 'RSA1_5' },
      /must be one of ECDH-ES, RSA-OAEP-256/,
    ],
    [
      { ...anIdp, ...encrypted, id_token_encrypted_response_alg: 'PBES2-HS256+A128KW' },
      /must be one of ECDH-ES/,
    ],
    [{ ...anIdp, ...encrypted, id_token_encrypted_response_alg: 'dir' }, /must be one of ECDH-ES/],
    [{ ...anIdp, ...encrypted, id_token_encrypted_response_enc: 'A1CBC' }, /must be one of A128GCM/],
    [
      { ...anIdp, ...without(encrypted, 'id_token_encrypted_response_enc') },
      /must be given with id_token_encrypted_response_alg/,
    ],
    [
      { ...anIdp, ...without(encrypted, 'userinfo_encrypted_response_alg') },
      /must be given with userinfo_encrypted_response_alg/,
    ],
    [
      { ...anIdp, ...without(encrypted, 'userinfo_signed_response_alg') },
      /what is encrypted has to be signed too/,
    ],
    [{ ...anIdp, response_mode: 'fragment' }, /must be one of query, form_post/],
    [{ ...anIdp, authorization_parameters: { state: 'x' } }, /is a parameter that Maillon sets itself/],
    [
      { ...anIdp, authorization_parameters: { redirect_uri: 'https://evil.test' } },
      /that Maillon sets itself/,
    ],
    [{ ...anIdp, authorization_parameters: { request: 'a.b.c' } }, /that Maillon sets itself/],
    [{ ...anIdp, authorization_parameters: { 'a b': 'x' } }, /is no name of a parameter/],
    [{ ...anIdp, authorization_parameters: { hint: 'a\nb' } }, /ASCII/],
    [{ ...anIdp, private_addresses: '10.0.0.0/8' }, /private_addresses/],
  ])('%# is refused: %o', (idp, problem) => {
    expect(refused(file(idp)).join('\n')).toMatch(problem);
  });

  it('says which keys of ours are wanted', () => {
    expect(decryptionAlgorithmsOf(read(file(anIdp)).identityProviders)).toEqual([]);
    expect(decryptionAlgorithmsOf(read(file({ ...anIdp, ...encrypted })).identityProviders)).toEqual([
      'ECDH-ES',
      'RSA-OAEP-256',
    ]);
  });
});
