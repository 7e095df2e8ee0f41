import { z } from 'zod';
import { contentEncryptionAlg, keyManagementAlg, signingAlg } from './client-algorithms.ts';
import { clientJwks } from './client-keys.ts';
import { bilingual, setOf, slug } from './scalars.ts';

/** RFC 6749 §3.3, without the colon's neighbours that engines split on. */
const scopeName = z.string().regex(/^[a-z0-9](?:[a-z0-9:._-]{0,62}[a-z0-9])?$/, {
  error: 'must be lower-case letters, digits and : . _ -',
});

/**
 * An API that tools call with an access token of the person (RFC 8707: the resource is named by its address; RFC 9068:
 * the token is a JWT that it checks by itself, or stays opaque and is introspected).
 */
export const resourceServerSchema = z
  .strictObject({
    id: slug,
    name: bilingual,
    /** What clients send as `resource`, and the `aud` of its tokens: absolute, without fragment (RFC 8707 §2). */
    resource: z.string().refine(
      (value) => {
        if (!/^(?:https?:\/\/|urn:)[\x21-\x7e]{1,500}$/.test(value) || value.includes('#')) return false;
        return URL.canParse(value);
      },
      { error: 'must be an absolute URI without fragment (RFC 8707 §2)' },
    ),
    scopes: setOf(scopeName).refine((scopes) => scopes.length > 0, { error: 'must hold at least one scope' }),
    /** Clients that may ask for its tokens. */
    clients: setOf(slug),
    access_token_format: z.enum(['jwt', 'opaque']).default('jwt'),
    access_token_signed_response_alg: signingAlg.default('ES256'),
    access_token_encrypted_response_alg: keyManagementAlg.optional(),
    access_token_encrypted_response_enc: contentEncryptionAlg.optional(),
    /** Its key, when its tokens are encrypted. */
    jwks: clientJwks.optional(),
    /** Seconds. A JWT cannot be taken back: it lives five minutes unless said otherwise. */
    access_token_lifetime: z.int().min(30).max(3600).default(300),
    /** Clients, as which it introspects opaque tokens (RFC 7662). */
    introspected_by: setOf(slug).default([]),
  })
  .superRefine((server, context) => {
    const encrypted = server.access_token_encrypted_response_alg !== undefined;
    if (encrypted && server.access_token_format !== 'jwt') {
      context.addIssue({
        code: 'custom',
        path: ['access_token_encrypted_response_alg'],
        message: 'has a use with access_token_format jwt only',
      });
    }
    if (encrypted !== (server.jwks !== undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['jwks'],
        message: 'must be given with access_token_encrypted_response_alg, and only then',
      });
    }
    if (server.access_token_format === 'opaque' && server.introspected_by.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['introspected_by'],
        message: 'must name a client: nobody could read an opaque token otherwise',
      });
    }
  })
  .readonly();

export type ResourceServer = z.output<typeof resourceServerSchema>;
