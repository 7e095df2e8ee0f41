import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derOf, plainCertificate, selfSignedCertificate } from '../../test/support/certificates.ts';
import {
  certificateJwk,
  jwks,
  noSecret,
  problems,
  publicJwk,
  secret,
  signs,
} from './testing/client-samples.ts';
import { aClient, without } from './testing/samples.ts';

describe('the secrets and keys of a client', () => {
  it.each<readonly [string, object, string]>([
    ['no secret', noSecret, 'client_secret or client_secret_sha256 must be given'],
    [
      'a secret of 42 letters',
      { ...aClient, client_secret: 'x'.repeat(42) },
      'client_secret must be at least 43',
    ],
    [
      'a former secret of 42 letters',
      { ...aClient, former_client_secret: 'x'.repeat(42) },
      'former_client_secret must be at least 43',
    ],
    ['a secret that no header can hold', { ...aClient, client_secret: 'é'.repeat(43) }, 'printable ASCII'],
    ['secret and hash', { ...aClient, client_secret_sha256: '0'.repeat(64) }, 'and not both'],
    ['a hash in capitals', { ...noSecret, client_secret_sha256: 'A'.repeat(64) }, 'lower-case hexadecimal'],
    [
      'a former secret and its hash',
      { ...aClient, former_client_secret: secret(), former_client_secret_sha256: '0'.repeat(64) },
      'former_client_secret or former_client_secret_sha256 may be given, not both',
    ],
    [
      'a secret without use',
      { ...aClient, token_endpoint_auth_method: 'none' },
      'client_secret has no use with',
    ],
    [
      'a former secret without use',
      { ...signs, former_client_secret: secret() },
      'client_secret has no use with',
    ],
    [
      'a shared key as authentication',
      { ...aClient, token_endpoint_auth_method: 'client_secret_jwt' },
      'token_endpoint_auth_method',
    ],
    [
      'no key',
      without(signs, 'jwks'),
      'jwks or jwks_uri must be given with token_endpoint_auth_method private_key_jwt',
    ],
    [
      'keys twice',
      { ...signs, jwks_uri: 'https://tool.example/jwks' },
      'jwks or jwks_uri must be given, not both',
    ],
    ['keys for nothing', { ...aClient, jwks }, 'jwks has no use'],
    [
      'an address of keys for nothing',
      { ...aClient, jwks_uri: 'https://tool.example/jwks' },
      'jwks_uri has no use',
    ],
    [
      'signed requests without key',
      { ...aClient, require_signed_request_object: true },
      'given with require_signed_request_object',
    ],
    [
      'encryption without key',
      { ...aClient, id_token_encrypted_response_alg: 'ECDH-ES' },
      'given with id_token_encrypted_response_alg',
    ],
    ['a private key', { ...signs, jwks: { keys: [{ ...publicJwk(), d: 'x' }] } }, 'Unrecognized key'],
    [
      'a shared key',
      { ...signs, jwks: { keys: [{ kty: 'oct', kid: 'k', k: 'x' }] } },
      'must be EC, RSA or OKP',
    ],
    [
      'half a key',
      { ...signs, jwks: { keys: [{ kty: 'EC', kid: 'k', crv: 'P-256', x: 'x' }] } },
      'must be a public key',
    ],
    [
      'a point off the curve',
      { ...signs, jwks: { keys: [{ ...publicJwk(), y: publicJwk().y }] } },
      'must be a public key',
    ],
    [
      'a short RSA key',
      {
        ...signs,
        jwks: {
          keys: [
            {
              ...generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
              kid: 'k',
            },
          ],
        },
      },
      '2048 bits',
    ],
    [
      'an unknown curve',
      {
        ...signs,
        jwks: {
          keys: [
            {
              ...generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' }),
              kid: 'k',
            },
          ],
        },
      },
      'P-256, P-384',
    ],
    ['two keys with one kid', { ...signs, jwks: { keys: [publicJwk(), publicJwk()] } }, 'different kid'],
    ['no keys', { ...signs, jwks: { keys: [] } }, 'jwks.keys'],
    [
      'a key beside the certificate of another',
      {
        ...signs,
        jwks: { keys: [{ ...certificateJwk(selfSignedCertificate), x5c: [derOf(plainCertificate)] }] },
      },
      'must be the key of the certificate in x5c',
    ],
    [
      'a certificate that is none',
      { ...signs, jwks: { keys: [{ ...publicJwk(), x5c: ['AAAA'] }] } },
      'with the certificate in x5c whole',
    ],
    [
      'its own certificate, without certificate',
      { ...signs, token_endpoint_auth_method: 'self_signed_tls_client_auth' },
      'must hold a certificate (x5c)',
    ],
  ])('are not %s', (_name, client, expected) => {
    const found = problems(client);
    expect(
      found.some((problem) => problem.includes(expected)),
      found.join('\n'),
    ).toBe(true);
  });
});
