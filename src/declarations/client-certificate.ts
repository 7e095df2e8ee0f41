import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDistinguishedName } from './distinguished-name.ts';

/**
 * What a client declares of its certificate (RFC 8705 §2.1.2): one name, compared exactly with the certificate's.
 */
export const certificateName = {
  tls_client_auth_subject_dn: z
    .string()
    .max(1000)
    .refine((name) => parseDistinguishedName(name) !== undefined, {
      error: 'must be a distinguished name as RFC 4514 writes it: CN=tool,O=Organization,C=FR',
    })
    .optional(),
  tls_client_auth_san_dns: z
    .string()
    .regex(/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, {
      error: 'must be a host name in lower case, without wildcard',
    })
    .optional(),
  tls_client_auth_san_uri: z
    .string()
    .max(1000)
    .refine((uri) => /^[\x21-\x7e]+$/.test(uri) && URL.canParse(uri), { error: 'must be an absolute URI' })
    .optional(),
  tls_client_auth_san_ip: z
    .string()
    .refine((address) => isIP(address) !== 0, { error: 'must be an IP address' })
    .optional(),
  tls_client_auth_san_email: z
    .string()
    .regex(/^[^@\s"\\]{1,64}@[^@\s"\\]{1,255}$/, { error: 'must be an e-mail address' })
    .optional(),
} as const;
