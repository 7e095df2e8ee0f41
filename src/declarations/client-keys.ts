import { X509Certificate, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { isLoopback } from '../config/config.ts';

/** Public halves only: a private member in a file that many can read would no longer be private (RFC 7517 §9.2). */
const writtenJwk = z.strictObject({
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
});

const publicJwk = writtenJwk
  .superRefine((jwk, context) => {
    const problem = keyProblem(jwk);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .readonly();

export const clientJwks = z
  .strictObject({ keys: z.array(publicJwk).min(1).readonly() })
  .refine(({ keys }) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
    error: 'must hold keys with different kid (RFC 7517 §4.5)',
  })
  .readonly();

const curves: readonly (string | undefined)[] = ['P-256', 'P-384', 'P-521', 'Ed25519', 'X25519'];

function keyProblem({ x5c, ...key }: z.output<typeof writtenJwk>): string | undefined {
  try {
    const read = createPublicKey({ key: definedOnly(key), format: 'jwk' });
    const { modulusLength } = read.asymmetricKeyDetails ?? {};
    // RFC 7518 §3.3.
    if (modulusLength !== undefined && modulusLength < 2048)
      return 'must be an RSA key of 2048 bits at least';
    if (key.kty !== 'RSA' && !curves.includes(key.crv))
      return 'must be a key on P-256, P-384, P-521 or 25519';
    // RFC 7517 §4.7.
    const [first] = x5c ?? [];
    return first === undefined || certificateOf(first).publicKey.equals(read)
      ? undefined
      : 'must be the key of the certificate in x5c';
  } catch {
    return 'must be a public key, with the certificate in x5c whole if there is one';
  }
}

const definedOnly = (key: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(key).filter(([, value]) => value !== undefined));

const certificateOf = (base64: string): X509Certificate => new X509Certificate(Buffer.from(base64, 'base64'));

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
