import { compactVerify, createRemoteJWKSet, customFetch as joseFetch, decodeProtectedHeader } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import type { Configuration } from 'openid-client';
import { z } from 'zod';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { clockTolerance } from './connection.ts';
import { oneLine } from './failures.ts';
import { fetchForLogoutTokens } from './keys.ts';

/** Seconds that a logout token serves after it was made (Back-Channel Logout §2.4: two minutes at most). */
export const logoutTokenLifetime = 120;
/** Characters; ours have 600. */
export const longestLogoutToken = 8_192;
const event = 'http://schemas.openid.net/event/backchannel-logout';

/** Whose sessions end: of a person, or one of them. At least one of both. */
export interface LoggedOut {
  readonly subject: string | undefined;
  readonly sid: string | undefined;
}

export interface LogoutToken extends LoggedOut {
  readonly jti: string;
  readonly issuedAt: Date;
}

interface Received {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly idp: IdentityProvider;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What we keep of the names that IdPs give: `sub` as OpenID Connect Core §2 has it, and `sid`, `jti` like it. */
export const claimedName = z.string().regex(/^[\x20-\x7e]{1,255}$/);
const time = z.number().positive();
const empty = z.strictObject({});
const has = (claims: object, claim: string): boolean => Object.hasOwn(claims, claim);
const isOrAbsent = (claims: Received['claims'], claim: string, schema: z.ZodType): boolean =>
  !has(claims, claim) || schema.safeParse(claims[claim]).success;

/** Back-Channel Logout §2.6, once the signature holds. In order: the first broken rule refuses. */
const rules: readonly {
  readonly rule: string;
  readonly code: ErrorCode;
  readonly broken: (received: Received) => boolean;
}[] = [
  {
    rule: 'iss is the issuer, letter by letter',
    code: 'M-UPST-043',
    broken: ({ claims, idp }) => claims['iss'] !== idp.issuer,
  },
  {
    rule: 'aud is us and nobody else: we trust no other audience (OpenID Connect Core §3.1.3.7 point 3)',
    code: 'M-UPST-043',
    broken: ({ claims: { aud }, idp }) =>
      aud !== idp.client_id && !(Array.isArray(aud) && aud.length === 1 && aud[0] === idp.client_id),
  },
  {
    rule: 'azp, when present, is us',
    code: 'M-UPST-043',
    broken: ({ claims, idp }) => has(claims, 'azp') && claims['azp'] !== idp.client_id,
  },
  {
    // Beside it Keycloak writes `revoke_offline_access`.
    rule: 'events says that it is a logout, by an empty object',
    code: 'M-UPST-043',
    broken: ({ claims }) => {
      const events = z.record(z.string(), z.unknown()).safeParse(claims['events']);
      return !events.success || !has(events.data, event) || !empty.safeParse(events.data[event]).success;
    },
  },
  {
    rule: 'there is no nonce: it is not an ID token',
    code: 'M-UPST-043',
    broken: ({ claims }) => has(claims, 'nonce'),
  },
  {
    rule: 'sub, sid, or both say who',
    code: 'M-UPST-043',
    broken: ({ claims }) =>
      (!has(claims, 'sub') && !has(claims, 'sid')) ||
      !isOrAbsent(claims, 'sub', claimedName) ||
      !isOrAbsent(claims, 'sid', claimedName),
  },
  {
    rule: 'jti names it',
    code: 'M-UPST-043',
    broken: ({ claims }) => !claimedName.safeParse(claims['jti']).success,
  },
  {
    rule: 'iat is of the last two minutes',
    code: 'M-UPST-044',
    broken: ({ claims, now }) => {
      const iat = time.safeParse(claims['iat']);
      return (
        !iat.success ||
        iat.data < now - logoutTokenLifetime - clockTolerance ||
        iat.data > now + clockTolerance
      );
    },
  },
  {
    rule: 'exp, when present, is to come',
    code: 'M-UPST-044',
    broken: ({ claims, now }) => {
      if (!has(claims, 'exp')) return false;
      const exp = time.safeParse(claims['exp']);
      return !exp.success || exp.data <= now - clockTolerance;
    },
  },
  {
    rule: 'nbf, when present, has passed',
    code: 'M-UPST-044',
    broken: ({ claims, now }) => {
      if (!has(claims, 'nbf')) return false;
      const nbf = time.safeParse(claims['nbf']);
      return !nbf.success || nbf.data > now + clockTolerance;
    },
  },
];

const claimsSchema = z.record(z.string(), z.unknown());
const rightSchema = z.object({
  sub: claimedName.optional(),
  sid: claimedName.optional(),
  jti: claimedName,
  iat: time,
});

/**
 * What a logout token says, once it is sure that this IdP said it to us, now (Back-Channel Logout §2.6).
 *
 * @param token already opened, when the IdP encrypts to us
 * @throws BrokerError M-UPST-042 no token that this IdP signed; M-UPST-043, M-UPST-044; M-UPST-001, M-UPST-018 and M-UPST-026 to
 *   M-UPST-028 when its keys cannot be read
 */
export async function verifyLogoutToken(
  token: string,
  needs: { readonly config: Configuration; readonly idp: IdentityProvider; readonly now: Date },
): Promise<LogoutToken> {
  const { config, idp } = needs;
  const values = { idp: idp.name };
  const claims = await signedClaims(token, config, idp);
  const now = needs.now.getTime() / 1000;
  for (const { rule, code, broken } of rules)
    if (broken({ claims, idp, now })) throw new BrokerError(code, { detail: `broken: ${rule}`, values });
  const { sub, sid, jti, iat } = rightSchema.parse(claims);
  return { subject: sub, sid, jti, issuedAt: new Date(iat * 1000) };
}

async function signedClaims(
  token: string,
  config: Configuration,
  idp: IdentityProvider,
): Promise<Received['claims']> {
  const refuse = (detail: string) => new BrokerError('M-UPST-042', { detail, values: { idp: idp.name } });
  try {
    const wrong = wrongHeader(decodeProtectedHeader(token));
    if (wrong !== undefined) throw refuse(wrong);
    const { payload } = await compactVerify(token, keysOf(config), {
      algorithms: [idp.id_token_signed_response_alg],
    });
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return claimsSchema.parse(json);
  } catch (error) {
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      if (each instanceof BrokerError) throw each;
    // Whatever the library attaches to it stays out of the log: it may hold the token.
    throw refuse(oneLine(error instanceof Error ? error.message : String(error)));
  }
}

/** Typed explicitly or, by IdPs older than RFC 8725 §3.11, not at all; as anything else it is something else. */
function wrongHeader(header: ReturnType<typeof decodeProtectedHeader>): string | undefined {
  const { typ } = header;
  if (typ !== undefined && !/^(?:application\/)?logout\+jwt$/i.test(typ)) return 'typ is not logout+jwt';
  return 'crit' in header ? 'an extension that we do not know' : undefined;
}

const keySets = new WeakMap<Configuration, JWTVerifyGetKey>();

/**
 * The keys of the IdP, asked for as for ID tokens: once in five minutes, and once a minute for a key that is not known, so
 * that whoever posts forged tokens has it asked no more often.
 */
function keysOf(config: Configuration): JWTVerifyGetKey {
  const known = keySets.get(config);
  if (known !== undefined) return known;
  const { jwks_uri: uri } = config.serverMetadata();
  const ask = fetchForLogoutTokens(config);
  if (uri === undefined || ask === undefined) throw new Error('the identity provider publishes no keys');
  const fresh = createRemoteJWKSet(new URL(uri), {
    cooldownDuration: 60_000,
    cacheMaxAge: 300_000,
    timeoutDuration: Math.ceil((config.timeout ?? 5) * 1000),
    [joseFetch]: (href, { headers, signal }) =>
      ask(href, {
        method: 'GET',
        headers: Object.fromEntries(headers),
        body: undefined,
        redirect: 'manual',
        signal,
      }),
  });
  keySets.set(config, fresh);
  return fresh;
}
