import { join } from 'node:path';
import { BrokerError } from '../errors/errors.ts';
import { authorityOf, authorityProblems } from './authority.ts';
import type { AuthorityConfig } from './authority.ts';
import { loadDevelopmentKeys } from './development.ts';
import type { LogLevel } from './logger.ts';
import { organizationSourceProblems, organizationSourcesOf } from './organization-sources.ts';
import type { OrganizationSourceConfig } from './organization-sources.ts';
import { settingsSchema } from './settings.ts';
import type { Settings } from './settings.ts';

/** Frozen. Paths are absolute. What is absent from the environment and has no default is undefined. */
export interface Config {
  readonly issuer: URL;
  /** '' or a path without trailing slash, such as '/api/v2'. */
  readonly issuerPath: string;
  readonly port: number;
  readonly demoIdpPort: number;
  readonly demoToolsPort: number;
  /** Of the figures, for whoever watches (`/metrics`). */
  readonly adminPort: number;
  /** Where they are read; undefined: on this machine only. */
  readonly adminHost: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly smtpUrl?: string | undefined;
  /** Address that mails come from. */
  readonly mailFrom: string;
  /** Undefined in production only: then no request can be filed. */
  readonly authority: AuthorityConfig | undefined;
  /** Newest first, at least one. */
  readonly cookieKeys: readonly string[];
  /** Newest first, at least one. */
  readonly encryptionKeys: readonly string[];
  readonly configDir: string;
  readonly dataDir: string;
  /** How many proxies of ours stand in front: 0 means that X-Forwarded-* is never believed. */
  readonly trustedProxies: number;
  /** Lower-case names of the headers in which the proxy says who it spoke TLS with (RFC 8705, RFC 9440). */
  readonly clientCertificate:
    | {
        readonly header: string;
        /** Says SUCCESS when the proxy verified the chain of the certificate. */
        readonly verifiedHeader: string | undefined;
        /** From whom the headers are believed (CIDR): our proxies, and nobody who reaches the port beside them. */
        readonly proxies: readonly string[];
      }
    | undefined;
  /** Networks of ours (CIDR) in which tools live: this server may ask them for keys and tell them of logouts. */
  readonly privateNetworks: readonly string[];
  /** Registers to ask for organizations that ours does not hold, in order; none: nobody else is ever asked. */
  readonly organizationSources: readonly OrganizationSourceConfig[];
  readonly logLevel: LogLevel;
  readonly production: boolean;
  /** A mailto: or https: URI for security.txt (RFC 9116 §2.5.3). */
  readonly securityContact: string | undefined;
  /** Whether tools may register themselves (RFC 7591), with a token that an operator gave them. */
  readonly dynamicRegistration: boolean;
  /** Whether people without an identity provider have an account here. */
  readonly partnerAccounts: boolean;
  /** What two months of silence on a request are. */
  readonly silence: 'refusal' | 'acceptance';
  /** Within which the administration means to decide. */
  readonly examinationTargetDays: number;
}

/**
 * @param env the environment; an empty variable counts as absent, as container tools pass them.
 * @param cwd folder that relative paths start from, and whose `certs/` keeps the keys of development.
 * @throws BrokerError M-CONF-001 whose detail holds one sentence per wrong variable, one a line.
 */
export function loadConfig(env: Record<string, string | undefined>, cwd: string): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const read = settingsSchema(cwd).safeParse(given);
  if (!read.success) {
    // By variable: which member of a list is wrong, the sentence tells.
    refuse([...new Set(read.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`))]);
  }
  const settings = read.data;
  const production = settings.NODE_ENV === 'production';
  const problems = [...coherenceProblems(settings), ...(production ? productionProblems(settings) : [])];
  if (problems.length > 0) refuse(problems);

  const issuer = settings.ISSUER ?? new URL(`http://localhost:${settings.PORT}`);
  return Object.freeze({
    issuer,
    issuerPath: issuer.pathname === '/' ? '' : issuer.pathname,
    port: settings.PORT,
    demoIdpPort: settings.DEMO_IDP_PORT,
    demoToolsPort: settings.DEMO_TOOLS_PORT,
    adminPort: settings.ADMIN_PORT,
    adminHost: settings.ADMIN_HOST,
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    smtpUrl: settings.SMTP_URL,
    mailFrom: settings.MAIL_FROM ?? `maillon@${issuer.hostname}`,
    authority: authorityOf(settings, production),
    ...keysOf(settings, cwd),
    configDir: settings.CONFIG_DIR,
    dataDir: settings.DATA_DIR,
    trustedProxies: settings.TRUSTED_PROXIES,
    clientCertificate:
      settings.CLIENT_CERT_HEADER === undefined
        ? undefined
        : Object.freeze({
            header: settings.CLIENT_CERT_HEADER,
            verifiedHeader: settings.CLIENT_CERT_VERIFIED_HEADER,
            proxies: Object.freeze(settings.CLIENT_CERT_PROXIES),
          }),
    privateNetworks: Object.freeze(settings.PRIVATE_NETWORKS),
    organizationSources: Object.freeze(organizationSourcesOf(settings)),
    logLevel: settings.LOG_LEVEL,
    production,
    securityContact: settings.SECURITY_CONTACT,
    dynamicRegistration: settings.DYNAMIC_REGISTRATION === 'on',
    partnerAccounts: settings.PARTNER_ACCOUNTS === 'on',
    silence: settings.SILENCE,
    examinationTargetDays: settings.EXAMINATION_TARGET_DAYS,
  });
}

function keysOf(settings: Settings, cwd: string): Pick<Config, 'cookieKeys' | 'encryptionKeys'> {
  const { COOKIE_KEYS: cookie, ENCRYPTION_KEYS: encryption } = settings;
  const keys =
    cookie !== undefined && encryption !== undefined
      ? { cookieKeys: cookie, encryptionKeys: encryption }
      : loadDevelopmentKeys(join(cwd, 'certs'));
  return {
    cookieKeys: Object.freeze(cookie ?? keys.cookieKeys),
    encryptionKeys: Object.freeze(encryption ?? keys.encryptionKeys),
  };
}

function coherenceProblems(settings: Settings): readonly string[] {
  return [
    ...(settings.PORT === settings.ADMIN_PORT
      ? [`ADMIN_PORT must differ from PORT (both are ${settings.PORT}). Example: ADMIN_PORT=9090.`]
      : []),
    ...certificateProblems(settings),
    ...organizationSourceProblems(settings),
    ...authorityProblems(settings),
  ];
}

/** A header that no proxy of ours writes is written by whoever wants to be somebody else. */
function certificateProblems(settings: Settings): readonly string[] {
  const { CLIENT_CERT_HEADER: header, CLIENT_CERT_VERIFIED_HEADER: verified } = settings;
  const given = header === undefined ? 'CLIENT_CERT_VERIFIED_HEADER' : 'CLIENT_CERT_HEADER';
  if (header === undefined && verified === undefined) return [];
  return [
    ...(settings.TRUSTED_PROXIES === 0
      ? [`${given} has a meaning behind a proxy of yours only. Example: TRUSTED_PROXIES=1.`]
      : []),
    ...(header === undefined
      ? [
          'CLIENT_CERT_VERIFIED_HEADER has no use without CLIENT_CERT_HEADER. Example: CLIENT_CERT_HEADER=Client-Cert.',
        ]
      : []),
    ...(header === verified
      ? [
          'CLIENT_CERT_VERIFIED_HEADER must differ from CLIENT_CERT_HEADER. Example: CLIENT_CERT_VERIFIED_HEADER=X-Client-Verify.',
        ]
      : []),
  ];
}

const requiredInProduction = [
  ['ISSUER', 'https://connexion.example.fr'],
  ['COOKIE_KEYS', 'the output of `openssl rand -base64 48`'],
  ['ENCRYPTION_KEYS', 'the output of `openssl rand -base64 48`'],
  ['DATABASE_URL', 'postgres://maillon:password@database:5432/maillon'],
  ['REDIS_URL', 'redis://redis:6379'],
] as const satisfies readonly (readonly [keyof Settings, string])[];

/** What DESIGN calls production: nothing generated, nothing embedded, nothing in clear. */
function productionProblems(settings: Settings): readonly string[] {
  const missing = [
    ...requiredInProduction,
    ...(settings.SMTP_URL === undefined ? [] : [['MAIL_FROM', 'ne-pas-repondre@example.fr'] as const]),
  ]
    .filter(([name]) => settings[name] === undefined)
    .map(
      ([name, example]) => `${name} must be set in production (NODE_ENV=production). Example: ${example}.`,
    );
  return settings.ISSUER?.protocol === 'http:'
    ? [
        ...missing,
        'ISSUER must begin with https:// in production (NODE_ENV=production). Example: https://connexion.example.fr.',
      ]
    : missing;
}

function refuse(problems: readonly string[]): never {
  throw new BrokerError('M-CONF-001', { detail: problems.join('\n') });
}
