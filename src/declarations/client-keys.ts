import { z } from 'zod';
import { isLoopback } from '../config/config.ts';

/** Public halves only: a private member in a file that many can read would no longer be private (RFC 7517 §9.2). */
const publicJwk = z
  .strictObject({
    kty: z.enum(['EC', 'RSA', 'OKP'], { error: 'must be EC, RSA or OKP' }),
    kid: z.string().min(1),
    use: z.enum(['sig', 'enc']).optional(),
    alg: z.string().optional(),
    crv: z.string().optional(),
    x: z.string().optional(),
    y: z.string().optional(),
    n: z.string().optional(),
    e: z.string().optional(),
    /** The certificate of `self_signed_tls_client_auth` (RFC 8705 §2.2), base64. */
    x5c: z.array(z.string().min(1)).min(1).readonly().optional(),
  })
  .readonly();

export const clientJwks = z.strictObject({ keys: z.array(publicJwk).min(1).readonly() }).readonly();

/**
 * An address that this server asks or tells by itself: the keys of a client, its logout endpoint. Only its form is
 * checked here; where its name leads is checked at each request, since names move.
 */
export const serverUri = z.string().refine(
  (value) => {
    if (!/^https?:\/\/[\x21-\x7e]{1,2000}$/.test(value) || !URL.canParse(value)) return false;
    const url = new URL(value);
    return (
      url.username === '' &&
      url.password === '' &&
      url.hash === '' &&
      (url.protocol === 'https:' || isLoopback(url.hostname))
    );
  },
  { error: 'must be an https: address without user name and without fragment' },
);
