import { describe, expect, it, test } from 'vitest';
import { defaultScope } from './members.ts';
import type { Metadata } from './read-metadata.ts';
import { RegistrationError } from './registration-error.ts';
import { given, jwks, least, publicKey, read, written } from './testing/metadata.ts';
import { writeMetadata } from './write-metadata.ts';

function refusalOf(metadata: Metadata): readonly [string, string] {
  try {
    read(metadata);
  } catch (error) {
    if (error instanceof RegistrationError) return [error.code, error.message];
    throw error;
  }
  throw new Error('accepted');
}

describe('a tool that says only where it is', () => {
  it('gets the defaults of the specifications, PKCE and the gate', () => {
    expect(read(least)).toMatchObject({
      client_id: given.clientId,
      service: 'docs',
      profile: 'standard',
      enforcement: 'gate',
      pkce: 'required',
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret_sha256: given.secretSha256,
      id_token_signed_response_alg: 'RS256',
      subject_type: 'pairwise',
      refresh_token: 'never',
      scope: 'openid email given_name usual_name siret eligibility',
      introspects: [],
      cors_origins: [],
      claims_in_id_token: false,
      extended_roles: false,
    });
  });

  it('is told so', () => {
    expect(written(least)).toEqual({
      ...least,
      post_logout_redirect_uris: [],
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      response_types: ['code'],
      grant_types: ['authorization_code'],
      scope: defaultScope,
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'RS256',
      require_auth_time: false,
      require_pushed_authorization_requests: false,
      require_signed_request_object: false,
      dpop_bound_access_tokens: false,
      tls_client_certificate_bound_access_tokens: false,
    });
  });
});

describe('what is ignored (RFC 7591 §2)', () => {
  test.each<[string, unknown]>([
    ['service', 'tchap'],
    ['client_id', 'docs'],
    ['client_secret', 's'.repeat(43)],
    ['client_secret_sha256', 'b'.repeat(64)],
    ['former_client_secret_sha256', 'b'.repeat(64)],
    ['profile', 'proconnect'],
    ['enforcement', 'claims'],
    ['introspects', ['docs']],
    ['pkce', 'optional'],
    ['assertion_audience', 'endpoint'],
    ['claims_in_id_token', true],
    ['extended_roles', true],
    ['refresh_token', 'always'],
    ['sector_identifier', 'docs.example'],
    ['cors_origins', ['https://evil.test']],
    ['strict', true],
    ['contacts', ['a@tool.test']],
    ['software_statement', 'eyJhbGciOiJub25lIn0.e30.'],
    ['software_id', 'x'],
    ['default_acr_values', ['eidas1']],
    ['request_uris', ['https://tool.test/r']],
    ['frontchannel_logout_uri', 'https://tool.test/out'],
    ['client_name#fr', 'Un outil'],
    ['__proto__', { enforcement: 'claims' }],
    ['unheard_of', { a: 1 }],
  ])('%s', (name, value) => {
    const sent = Object.fromEntries([...Object.entries(least), [name, value]]);
    expect(read(sent)).toEqual(read(least));
    expect(writeMetadata(read(sent))).toEqual(written(least));
  });

  it('null and empty texts stand for nothing (RFC 7592 §2.2)', () => {
    expect(
      read({ ...least, client_name: '', jwks: null, scope: null, sector_identifier_uri: null, logo_uri: '' }),
    ).toEqual(read(least));
  });
});

describe('what is replaced, and shown in the answer (RFC 7591 §3.2.1)', () => {
  it('response types and grant types that we do not have', () => {
    expect(
      written({
        ...least,
        response_types: ['code', 'id_token', 'code id_token token'],
        grant_types: ['authorization_code', 'implicit', 'refresh_token', 'password'],
      }),
    ).toMatchObject({ response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'] });
  });

  it('scopes that nobody knows, or that the initial access token does not allow', () => {
    const most = 'openid email siret';
    expect(written({ ...least, scope: 'custom siret mcp:tools openid' }, most)).toMatchObject({
      scope: 'openid siret',
    });
    expect(written({ ...least, scope: 'address' }, most)).toMatchObject({ scope: 'openid' });
    expect(written(least, most)).toMatchObject({ scope: 'openid email siret' });
  });

  it('offline_access without the grant type that gives it a sense', () => {
    expect(read({ ...least, scope: 'openid offline_access' })).toMatchObject({
      scope: 'openid',
      refresh_token: 'never',
    });
    const grant_types = ['authorization_code', 'refresh_token'];
    expect(read({ ...least, grant_types, scope: 'openid offline_access' })).toMatchObject({
      scope: 'openid offline_access',
      refresh_token: 'offline_access',
    });
    // Refresh tokens that end with the session of the browser.
    expect(read({ ...least, grant_types, scope: 'openid' })).toMatchObject({ refresh_token: 'always' });
  });

  it('what comes twice in a list', () => {
    const [uri] = least.redirect_uris;
    expect(written({ redirect_uris: [uri, uri] })).toMatchObject(least);
  });

  it('members of keys that mean nothing here', () => {
    const sent = { keys: [{ ...publicKey, key_ops: ['verify'], ext: true }] };
    expect(written({ ...least, token_endpoint_auth_method: 'private_key_jwt', jwks: sent })).toMatchObject({
      jwks,
    });
  });

  it('how an answer is encrypted, and signed before, when only that it is encrypted was said', () => {
    const alg = 'ECDH-ES';
    expect(
      written({
        ...least,
        jwks,
        id_token_encrypted_response_alg: alg,
        authorization_encrypted_response_alg: alg,
        introspection_encrypted_response_alg: alg,
      }),
    ).toMatchObject({
      id_token_encrypted_response_enc: 'A128CBC-HS256',
      authorization_encrypted_response_enc: 'A128CBC-HS256',
      authorization_signed_response_alg: 'RS256',
      introspection_encrypted_response_enc: 'A128CBC-HS256',
      introspection_signed_response_alg: 'RS256',
    });
  });
});

describe('redirect URIs (RFC 7591 §3.2.2 invalid_redirect_uri)', () => {
  test.each<[string, unknown]>([
    ['javascript', ['javascript:alert(1)']],
    ['in capitals', ['JaVaScRiPt:alert(1)']],
    ['data', ['data:text/html,x']],
    ['http', ['http://tool.test/cb']],
    ['a wildcard', ['https://*.tool.test/cb']],
    ['a fragment', ['https://tool.test/cb#x']],
    ['a user name', ['https://tool.test@evil.test/cb']],
    ['dot segments', ['https://tool.test/cb/../x']],
    ['a scheme of an application', ['tool.app:/cb']],
    ['out of band', ['urn:ietf:wg:oauth:2.0:oob']],
    ['a parameter of ours', ['https://tool.test/cb?code=1']],
    ['relative', ['/cb']],
    ['not a text', [1]],
    ['a list in a list', [['https://tool.test/cb']]],
    ['the second', ['https://tool.test/cb', 'http://tool.test/cb']],
    ['not a list', 'https://tool.test/cb'],
    ['none', []],
    ['twenty-one', Array.from({ length: 21 }, (_, index) => `https://tool.test/${index}`)],
  ])('%s', (_name, uris) => {
    expect(refusalOf({ redirect_uris: uris })[0]).toBe('invalid_redirect_uri');
  });

  it('left out', () => {
    expect(refusalOf({})).toEqual(['invalid_redirect_uri', 'redirect_uris must hold at least one address']);
  });

  it('a refusal never repeats what came', () => {
    const [, text] = refusalOf({ redirect_uris: ['HTTPS://Tool.test/%3Cscript%3E'] });
    expect(text).not.toMatch(/script|Tool/);
    expect(refusalOf({ redirect_uris: ['https://Tool.test/mark'] })[1]).not.toContain('mark');
  });
});

describe('what is refused (RFC 7591 §3.2.2 invalid_client_metadata)', () => {
  test.each<[string, Metadata, string]>([
    ['no code', { response_types: ['id_token'] }, 'response_types must contain code'],
    ['inconsistent grant types', { grant_types: ['refresh_token'] }, 'grant_types must contain'],
    ['machine to machine', { grant_types: ['client_credentials'] }, 'grant_types must contain'],
    ['grant types that are no list', { grant_types: 'authorization_code' }, 'grant_types must be a list'],
    ['a secret as a key', { token_endpoint_auth_method: 'client_secret_jwt' }, 'token_endpoint_auth_method'],
    ['an unsigned ID token', { id_token_signed_response_alg: 'none' }, 'id_token_signed_response_alg'],
    ['a symmetric signature', { userinfo_signed_response_alg: 'HS256' }, 'userinfo_signed_response_alg'],
    ['RSA1_5', { jwks, id_token_encrypted_response_alg: 'RSA1_5' }, 'id_token_encrypted_response_alg'],
    ['enc without alg', { id_token_encrypted_response_enc: 'A256GCM' }, 'id_token_encrypted_response_enc'],
    ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }, 'jwks'],
    ['keys twice', { jwks, jwks_uri: 'https://tool.test/k' }, 'jwks'],
    ['keys in clear', { jwks_uri: 'http://tool.test/k' }, 'jwks_uri'],
    ['keys without use', { jwks }, 'jwks has no use'],
    ['a private key', { jwks: { keys: [{ ...publicKey, d: 'x' }] } }, 'private member d'],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'x', kid: '1' }] } }, 'private member k'],
    ['no key', { jwks: { keys: [] } }, 'jwks must be a key set'],
    ['keys as text', { jwks: '{}' }, 'jwks must be a key set'],
    [
      'a key without a name',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC' }] } },
      'kid',
    ],
    ['a certificate without a name', { token_endpoint_auth_method: 'tls_client_auth' }, 'tls_client_auth'],
    ['the sector of others', { sector_identifier_uri: 'https://docs.example/s' }, 'sector_identifier_uri'],
    [
      'several hosts',
      { redirect_uris: ['https://a.test/', 'https://b.test/'] },
      'subject_type must be public',
    ],
    ['encrypted request objects', { request_object_encryption_alg: 'RSA-OAEP' }, 'request_object_encryption'],
    ['a scope that is no text', { scope: ['openid'] }, 'scope must be text'],
    ['a page that runs', { client_uri: 'javascript:alert(1)' }, 'client_uri must be an https'],
    ['a logo from nowhere', { logo_uri: 'data:image/svg+xml,x' }, 'logo_uri must be an https'],
    ['a policy in clear', { policy_uri: 'http://tool.test/' }, 'policy_uri must be an https'],
    ['terms in a language', { 'tos_uri#fr': 'JAVASCRIPT:alert(1)' }, 'tos_uri must be an https'],
    ['a name of 201 characters', { client_name: 'x'.repeat(201) }, 'client_name'],
    ['a name with a line break', { client_name: 'a\nb' }, 'client_name'],
    ['a name that is none', { client_name: { fr: 'x' } }, 'client_name must be text'],
    [
      'a way back after logout',
      { post_logout_redirect_uris: ['http://tool.test/'] },
      'post_logout_redirect_uris[0]',
    ],
    ['logout told to a page', { backchannel_logout_uri: 'http://tool.test/' }, 'backchannel_logout_uri'],
    ['a date for an age', { default_max_age: '3600' }, 'default_max_age'],
    ['true as a text', { require_auth_time: 'true' }, 'require_auth_time must be true or false'],
    ['a kind of application', { application_type: 'mobile' }, 'application_type'],
    ['a response mode', { response_modes: ['fragment'] }, 'response_modes'],
    ['a login page in clear', { initiate_login_uri: 'http://tool.test/' }, 'initiate_login_uri'],
    [
      'tokens bound in two ways',
      { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
      'must not both be true',
    ],
    ['a subject of its own', { subject_type: 'me' }, 'subject_type'],
  ])('%s', (_name, metadata, said) => {
    const [code, text] = refusalOf({ ...least, ...metadata });
    expect([code, text]).toEqual(['invalid_client_metadata', expect.stringContaining(said)]);
  });
});
