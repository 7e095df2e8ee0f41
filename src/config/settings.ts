import { isIP } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { authoritySettings, emailAddress } from './authority.ts';
import { logLevels } from './logger.ts';
import { isLoopback } from './loopback.ts';
import { organizationSourceSettings } from './organization-sources.ts';
import { privateNetworks, proxyNetworks } from './private-networks.ts';

const example = (text: string): string => ` Example: ${text}.`;

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535, {
      error: `must be a port number between 1 and 65535.${example(String(fallback))}`,
    })
    .transform(Number);

const connection = (schemes: readonly string[], sample: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
      // The value itself is not shown: it may hold a password.
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.${example(sample)}`,
    })
    .optional();

const keys = z
  .string()
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine((list) => list.every((key) => key.length >= 32), {
    error: `must hold keys of at least 32 characters, separated by commas, the newest first.${example('the output of `openssl rand -base64 48`')}`,
  })
  .optional();

/** Headers that mean something else to us, to Koa or to Node. */
const takenHeader =
  /^(?:authorization|cookie|host|origin|dpop|forwarded|accept.*|connection|content-.*|transfer-.*|x-forwarded-.*)$/;

const headerName = (sample: string) =>
  z
    .string()
    .toLowerCase()
    .refine((name) => /^[a-z0-9-]{1,64}$/.test(name) && !takenHeader.test(name), {
      error: `must be the name of a header that your proxy alone writes.${example(sample)}`,
    })
    .optional();

const issuer = z
  .string()
  .transform((text, context) => {
    const problem = issuerProblem(text);
    if (problem === undefined) return new URL(text);
    context.addIssue({
      code: 'custom',
      message: `${problem}.${example('https://connexion.example.fr/api/v2')}`,
    });
    return z.NEVER;
  })
  .optional();

/** OpenID Connect Discovery §3 and RFC 8414 §2: an https URL without query or fragment. */
function issuerProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'must begin with https:// (http is for localhost only)';
  if (text.includes('?')) return 'must not have a query (?)';
  if (text.includes('#')) return 'must not have a fragment (#)';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or a password';
  if (text.endsWith('/')) return 'must not end with a slash';
  // Tokens carry the issuer as it is written here, and tools compare it letter by letter (OpenID Connect Core §3.1.3.7).
  const written = url.pathname === '/' ? url.origin : url.origin + url.pathname;
  return written === text ? undefined : `must be written ${written}`;
}

const securityContact = z
  .string()
  .refine(
    (text) => /^mailto:[^@\s]+@[^@\s]+$/.test(text) || (URL.canParse(text) && text.startsWith('https://')),
    {
      error: `must be a mailto: or https: address (RFC 9116).${example('mailto:securite@example.fr')}`,
    },
  )
  .optional();

/** One line per variable: what is accepted, what stands for it when it is absent. Relative paths start at `root`. */
export const settingsSchema = (root: string) => {
  const path = (fallback: string) =>
    z
      .string()
      .default(fallback)
      .transform((text) => (isAbsolute(text) ? text : join(root, text)));
  return z.object({
    ISSUER: issuer,
    PORT: port(3000),
    DEMO_IDP_PORT: port(3001),
    DEMO_TOOLS_PORT: port(3002),
    ADMIN_PORT: port(9090),
    // An address of this machine: figures say who signs in where, and have no lock of their own.
    ADMIN_HOST: z
      .string()
      .refine((text) => isIP(text) !== 0, {
        error: `must be an address of this machine.${example('0.0.0.0')}`,
      })
      .optional(),
    DATABASE_URL: connection(
      ['postgres:', 'postgresql:'],
      'postgres://maillon:password@localhost:5432/maillon',
    ),
    REDIS_URL: connection(['redis:', 'rediss:'], 'redis://localhost:6379'),
    SMTP_URL: connection(['smtp:', 'smtps:'], 'smtp://localhost:25'),
    MAIL_FROM: emailAddress,
    ...authoritySettings,
    COOKIE_KEYS: keys,
    ENCRYPTION_KEYS: keys,
    CONFIG_DIR: path('config/demo'),
    DATA_DIR: path('var'),
    TRUSTED_PROXIES: z
      .string()
      .default('0')
      .refine((text) => /^\d$/.test(text), {
        error: `must be the number of proxies in front of Maillon, 0 to 9.${example('1')}`,
      })
      .transform(Number),
    CLIENT_CERT_HEADER: headerName('Client-Cert'),
    CLIENT_CERT_VERIFIED_HEADER: headerName('X-Client-Verify'),
    CLIENT_CERT_PROXIES: proxyNetworks,
    PRIVATE_NETWORKS: privateNetworks,
    ...organizationSourceSettings,
    LOG_LEVEL: z
      .string()
      .default('info')
      .pipe(z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}.${example('info')}` })),
    SECURITY_CONTACT: securityContact,
    // Two months of silence on a request: a refusal (CRPA art. L231-4), unless a decree makes a procedure of it (L231-1).
    SILENCE: z
      .string()
      .default('refusal')
      .pipe(
        z.enum(['refusal', 'acceptance'], {
          error: `must be refusal or acceptance.${example('refusal')}`,
        }),
      ),
    // What the administration promises itself; the law's own delay is another (legal-clock.ts).
    EXAMINATION_TARGET_DAYS: z
      .string()
      .default('30')
      .refine((text) => /^[1-9]\d{0,2}$/.test(text), {
        error: `must be a number of days, 1 to 999.${example('30')}`,
      })
      .transform(Number),
    DYNAMIC_REGISTRATION: z
      .string()
      .default('off')
      .pipe(z.enum(['off', 'on'], { error: `must be on or off.${example('off')}` })),
    // Whoever has no identity provider signs in here, by a code sent to their address.
    PARTNER_ACCOUNTS: z
      .string()
      .default('on')
      .pipe(z.enum(['off', 'on'], { error: `must be on or off.${example('on')}` })),
    NODE_ENV: z.string().default('development'),
  });
};

export type Settings = z.output<ReturnType<typeof settingsSchema>>;

/** Every variable that Maillon reads. */
export const settingNames: readonly string[] = Object.keys(settingsSchema('/').shape);
