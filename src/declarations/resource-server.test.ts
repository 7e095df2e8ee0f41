import { describe, expect, it } from 'vitest';
import { resourceServerSchema } from './resource-server.ts';
import { jwks } from './testing/client-samples.ts';
import { aResourceServer, without } from './testing/samples.ts';

type Case = readonly [name: string, client: object];

describe('a resource server', () => {
  const found = (server: object): readonly string[] => {
    const read = resourceServerSchema.safeParse(server);
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  };
  const encrypted = { ...aResourceServer, access_token_encrypted_response_alg: 'ECDH-ES', jwks };
  const opaque = { ...aResourceServer, access_token_format: 'opaque', introspected_by: ['docs'] };

  it.each<Case>([
    ['signed tokens', aResourceServer],
    ['encrypted tokens', encrypted],
    ['opaque tokens', opaque],
    ['a name instead of an address', { ...aResourceServer, resource: 'urn:maillon:agenda' }],
    ['tokens of half a minute', { ...aResourceServer, access_token_lifetime: 30 }],
  ])('may have %s', (_name, server) => {
    expect(found(server)).toEqual([]);
  });

  it.each<readonly [string, object, string]>([
    [
      'an address with a fragment',
      { ...aResourceServer, resource: 'https://agenda.test/#api' },
      'resource must be an absolute URI',
    ],
    ['a relative address', { ...aResourceServer, resource: '/api' }, 'resource must be an absolute URI'],
    [
      'an address that runs code',
      { ...aResourceServer, resource: 'javascript:x' },
      'resource must be an absolute URI',
    ],
    ['no scope', { ...aResourceServer, scopes: [] }, 'scopes must hold at least one'],
    ['a scope with a space', { ...aResourceServer, scopes: ['a b'] }, 'scopes.0 must be lower-case'],
    ['a key without encryption', { ...aResourceServer, jwks }, 'jwks must be given with'],
    ['encryption without key', without(encrypted, 'jwks'), 'jwks must be given with'],
    ['encrypted opaque tokens', { ...encrypted, ...opaque }, 'has a use with access_token_format jwt'],
    [
      'opaque tokens that nobody reads',
      without(opaque, 'introspected_by'),
      'introspected_by must name a client',
    ],
    ['tokens of a day', { ...aResourceServer, access_token_lifetime: 86_400 }, 'access_token_lifetime'],
    [
      'unsigned tokens',
      { ...aResourceServer, access_token_signed_response_alg: 'none' },
      'access_token_signed_response_alg',
    ],
  ])('has not %s', (_name, server, expected) => {
    const lines = found(server);
    expect(
      lines.some((line) => line.includes(expected)),
      lines.join('\n'),
    ).toBe(true);
  });
});
