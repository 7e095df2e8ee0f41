import { describe, expect, test } from 'vitest';
import type { Client, ResourceServer } from '../../declarations/declarations.ts';
import { mayIntrospect } from './introspection.ts';
import { declaredApi, declaredClient } from '../testing/declared.ts';

const clients = new Map<string, Client>(
  [
    declaredClient('tool'),
    declaredClient('other'),
    declaredClient('spa', { token_endpoint_auth_method: 'none' }),
    declaredClient('api', { redirect_uris: [], introspects: ['tool'] }),
    declaredClient('archive', { redirect_uris: [], introspects: ['other'] }),
  ].map((client) => [client.client_id, client]),
);
const resource = 'https://archive.example/';
const resourceServers = new Map<string, ResourceServer>([
  [resource, declaredApi({ resource, introspected_by: ['archive'] })],
]);
const snapshot = { clients, resourceServers };

const access = { kind: 'AccessToken', clientId: 'tool' };
const refresh = { kind: 'RefreshToken', clientId: 'tool' };
const ofArchive = { ...access, aud: resource };

describe('who may introspect which token (RFC 7662 §2.1)', () => {
  test.each([
    ['a tool, its own access token', 'tool', access, true],
    ['a tool, its own refresh token', 'tool', refresh, true],
    ['a tool, its own token for an API', 'tool', ofArchive, true],
    ['another tool', 'other', access, false],
    ['another tool, a refresh token', 'other', refresh, false],
    ['an API, the access token of a tool that calls it', 'api', access, true],
    ['an API, the refresh token of that tool', 'api', refresh, false],
    ['an API, a token that the tool got for another API', 'api', ofArchive, false],
    ['an API that is called by another tool', 'archive', access, false],
    ['the API that a token is for', 'archive', ofArchive, true],
    ['the same, when its audience is a list', 'archive', { ...access, aud: [resource] }, true],
    ['an API, a token for one that nobody declared', 'archive', { ...access, aud: 'urn:gone' }, false],
    [
      'a client without secret, even its own: anybody can say its name',
      'spa',
      { ...access, clientId: 'spa' },
      false,
    ],
    ['a client that is no longer declared', 'gone', { ...access, clientId: 'gone' }, false],
    ['a tool, a token of nobody', 'tool', { kind: 'AccessToken' }, false],
  ])('%s', (_what, clientId, token, allowed) => {
    expect(mayIntrospect(snapshot, clientId, token)).toBe(allowed);
  });
});
