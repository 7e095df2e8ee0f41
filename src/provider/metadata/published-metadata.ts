import { hash } from 'node:crypto';
import type { Middleware } from 'koa';
import { z } from 'zod';
import { metadataMaxAgeSeconds } from '../../keys/keys.ts';
import type { KeySet } from '../../keys/keys.ts';
import { completeMetadata } from './discovery.ts';

type Document = Readonly<Record<string, unknown>>;
type Keys = Pick<KeySet, 'encryptionJwks'>;

const documentSchema = z.record(z.string(), z.unknown());
const jwksSchema = z.object({ keys: z.array(documentSchema) });

/**
 * RFC 7517 §4.3: `use` and `key_ops` should not stand together. The second is how we keep the library from signing with
 * next and retired keys; for everybody else each key is one that verifies. What identity providers encrypt to the library
 * does not know: it would let tools encrypt their requests to it.
 */
function publishedKeys(jwks: unknown, { encryptionJwks }: Keys): Document {
  const { keys } = jwksSchema.parse(jwks);
  const signing = keys.map((key) =>
    Object.fromEntries(Object.entries(key).filter(([name]) => name !== 'key_ops')),
  );
  return { keys: [...signing, ...encryptionJwks] };
}

const metadata = (body: unknown): Document => completeMetadata(documentSchema.parse(body));

const published: Readonly<Record<string, (body: unknown, keys: Keys) => Document>> = {
  '/jwks': publishedKeys,
  '/.well-known/openid-configuration': metadata,
  // RFC 8414 §3: the library serves it under this name as well.
  '/.well-known/oauth-authorization-server': metadata,
};

/**
 * Tools fetch keys and metadata often: they and proxies may keep them, for less time than a new key is published before
 * it signs, and ask afterwards whether anything changed (RFC 9111 §4.3; RFC 9110 §8.8.3, §13.1.2). The library sends no
 * header for it. The same keys give the same ETag in every process.
 */
export function publishedMetadata(keys: Keys): Middleware {
  return async (ctx, next) => {
    // The library's router forgives case and a slash at the end: it is the same document under each of those names.
    const path = ctx.path.toLowerCase().replace(/(?<=.)\/$/, '');
    const documentOf = Object.hasOwn(published, path) ? published[path] : undefined;
    await next();
    if (documentOf === undefined || ctx.status !== 200) return;
    const type = ctx.response.get('Content-Type');
    const text = JSON.stringify(documentOf(ctx.body, keys));
    ctx.body = text;
    ctx.set('Content-Type', type);
    ctx.set('Cache-Control', `public, max-age=${metadataMaxAgeSeconds}`);
    ctx.etag = hash('sha256', text, 'base64url');
    if (ctx.fresh) ctx.status = 304;
  };
}
