import { ClientError, ResponseBodyError } from 'openid-client';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';

type Values = Readonly<Record<string, string>>;

/** Codes for what went wrong at the token endpoint, in the ID token (OpenID Connect Core §3.1.3.7) or with the keys. */
export function tokenFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, tokenFailureCode);
}

/** Whatever is wrong with userinfo, it is refused as a whole (OpenID Connect Core §5.3.2). */
export function userinfoFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, () => 'M-UPST-009');
}

/** Metadata that cannot be read are those of an IdP that cannot be used; those of another issuer are an error of it. */
export function metadataFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, () =>
    error instanceof ClientError && error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'
      ? 'M-UPST-002'
      : 'M-UPST-001',
  );
}

/** What the library keeps behind an error: the claim that it compared, the claims or the body that it read. */
const comparedClaim = z.object({ claim: z.string() });
const readClaims = z.object({ claims: z.record(z.string(), z.unknown()) });
const readBody = z.object({ body: z.unknown() });
const bodyWithoutIdToken = z.object({ access_token: z.string().min(1), id_token: z.undefined().optional() });

function tokenFailureCode(error: unknown): ErrorCode {
  // An OAuth error, a challenge, another status, another content type: there is no token to speak of.
  if (!(error instanceof ClientError)) return 'M-UPST-002';
  if (error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || error.code === 'OAUTH_RESPONSE_IS_NOT_JSON') {
    return 'M-UPST-002';
  }
  if (!(error.cause instanceof Error)) return 'M-UPST-008';
  const behind = error.cause.cause;
  const compared = comparedClaim.safeParse(behind);
  if (compared.success) return compared.data.claim === 'nonce' ? 'M-UPST-006' : 'M-UPST-008';
  const claims = readClaims.safeParse(behind);
  if (claims.success) return firstMissing(claims.data.claims) === 'nonce' ? 'M-UPST-006' : 'M-UPST-008';
  const answer = readBody.safeParse(behind);
  if (answer.success) {
    return bodyWithoutIdToken.safeParse(answer.data.body).success ? 'M-UPST-008' : 'M-UPST-002';
  }
  const unreadable = error.code === 'OAUTH_PARSE_ERROR' && error.cause.message.includes('response');
  return unreadable ? 'M-UPST-002' : 'M-UPST-008';
}

/** In the order in which the library looks for them. */
function firstMissing(claims: Readonly<Record<string, unknown>>): string | undefined {
  return ['aud', 'exp', 'iat', 'iss', 'sub', 'nonce'].find((claim) => claims[claim] === undefined);
}

/**
 * The error of the library is not kept as `cause`: it holds tokens, claims and whole answers, and causes go to the log.
 * What `guarded-fetch.ts` threw comes out as it went in.
 */
function failure(error: unknown, values: Values, codeOf: (error: unknown) => ErrorCode): BrokerError {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof BrokerError) return each;
  }
  return new BrokerError(codeOf(error), { detail: describe(error), values });
}

/** One line for the log, without the values that the library attaches. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let each: unknown = error; each instanceof Error && parts.length < 4; each = each.cause) {
    parts.push(each.message);
    if (each instanceof ResponseBodyError) parts.push(each.error, each.error_description ?? '');
  }
  return oneLine(parts.filter((part) => part !== '').join(': '), 400);
}

/** Text of somebody else for the log: printable, short. */
export function oneLine(text: string, limit = 200): string {
  return text.replace(/[^\x20-\x7e\u00a0-\u024f]+/g, ' ').slice(0, limit);
}
