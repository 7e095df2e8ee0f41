import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { supportedScopes } from '../declarations/declarations.ts';
import { defaultScope } from './members.ts';
import type { Metadata } from './read-metadata.ts';
import { given, jwks, read, written } from './testing/metadata.ts';
import { writeMetadata } from './write-metadata.ts';

describe('what is answered', () => {
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const uris = fc.uniqueArray(
    fc.integer({ min: 0, max: 50 }).map((index) => `https://tool.test/cb/${index}`),
    { minLength: 1, maxLength: 5 },
  );
  const algorithms = fc.constantFrom('ES256', 'RS256', 'PS256', 'EdDSA');
  const metadata = fc
    .record({
      redirect_uris: uris,
      post_logout_redirect_uris: maybe(uris),
      client_name: maybe(fc.constantFrom('Outil', 'Ça <b>marche</b>', 'x')),
      client_uri: maybe(fc.constant('https://tool.test/')),
      application_type: maybe(fc.constantFrom('web', 'native')),
      method: maybe(fc.constantFrom('client_secret_basic', 'client_secret_post', 'none', 'private_key_jwt')),
      scope: maybe(fc.subarray([...supportedScopes]).map((names) => ['openid', ...names].join(' '))),
      grant_types: maybe(
        fc.subarray(['refresh_token', 'implicit']).map((more) => ['authorization_code', ...more]),
      ),
      subject_type: maybe(fc.constantFrom('pairwise', 'public')),
      id_token_signed_response_alg: maybe(algorithms),
      userinfo_signed_response_alg: maybe(algorithms),
      authorization_signed_response_alg: maybe(algorithms),
      default_max_age: maybe(fc.nat()),
      require_auth_time: maybe(fc.boolean()),
      require_pushed_authorization_requests: maybe(fc.boolean()),
      dpop_bound_access_tokens: maybe(fc.boolean()),
      backchannel_logout_uri: maybe(fc.constant('https://tool.test/bye')),
      backchannel_logout_session_required: maybe(fc.boolean()),
      initiate_login_uri: maybe(fc.constant('https://tool.test/start')),
    })
    .map(({ method, ...rest }) => ({
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
      ...(method === 'private_key_jwt' ? { jwks } : {}),
    }));

  it('reads again as the same client, and is answered the same way', () => {
    fc.assert(
      fc.property(metadata, (sent: Metadata) => {
        // Without an address to tell it to, that the session is told has no use, and is not kept.
        const said =
          'backchannel_logout_uri' in sent
            ? sent
            : Object.fromEntries(
                Object.entries(sent).filter(([name]) => name !== 'backchannel_logout_session_required'),
              );
        const client = read(said);
        const answered = writeMetadata(client);
        expect(read(answered)).toEqual(client);
        expect(written(answered)).toEqual(answered);
      }),
    );
  });

  it('never has more scopes than were asked for and allowed, nor the hash of the secret', () => {
    fc.assert(
      fc.property(metadata, fc.subarray([...supportedScopes]), (sent: Metadata, most) => {
        const answered = written(sent, [...new Set(['openid', ...most])].join(' '));
        const asked = z.string().default(defaultScope).parse(sent['scope']).split(' ');
        for (const name of z.string().parse(answered['scope']).split(' ')) {
          expect(['openid', ...most]).toContain(name);
          expect(asked).toContain(name);
        }
        expect(JSON.stringify(answered)).not.toContain(given.secretSha256);
      }),
    );
  });
});
