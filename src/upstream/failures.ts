import { ClientError, ResponseBodyError } from 'openid-client';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';

type Values = Readonly<Record<string, string>>;

/** The IdP did what it has to with a code that it did not make, or not for this: kept as the `cause` of an error. */
export class CodeRefused extends Error {
  override readonly name = 'CodeRefused';
}

/** What went wrong at the token endpoint, in the ID token (OpenID Connect Core §3.1.3.7) or with the keys. */
export function tokenFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, tokenFailureCode);
}

/** Whatever is wrong with userinfo, it is refused as a whole (OpenID Connect Core §5.3.2). */
export function userinfoFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, () =>
    otherSubject.safeParse(behind(error)).success ? 'M-UPST-025' : 'M-UPST-009',
  );
}

/** Our pushed request was refused, or the answer to it cannot be read (RFC 9126 §2.3). */
export function pushFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, () => 'M-UPST-029');
}

/** Metadata that cannot be read are those of an IdP that cannot be used; those of another issuer are an error of it. */
export function metadataFailure(error: unknown, values: Values): BrokerError {
  return failure(error, values, () => {
    const isOther = error instanceof ClientError && error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED';
    return isOther ? 'M-UPST-020' : 'M-UPST-001';
  });
}

/** What the library keeps behind an error: what it compared, the header, the claims or the body that it read. */
const comparedClaim = z.object({ claim: z.string() });
const otherSubject = z.object({ attribute: z.literal('sub') });
const readHeader = z.object({ header: z.record(z.string(), z.unknown()) });
const readSignature = z.object({ signature: z.instanceof(Uint8Array), data: z.instanceof(Uint8Array) });
const readClaims = z.object({ claims: z.record(z.string(), z.unknown()) });
const readBody = z.object({ body: z.unknown() });
const bodyWithoutIdToken = z
  .looseObject({ access_token: z.string().min(1) })
  .refine((body) => typeof body['id_token'] !== 'string');

const behind = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause.cause : undefined;

/** Of claims that are not what they have to be (OpenID Connect Core §3.1.3.7). */
const claimCodes: Readonly<Record<string, ErrorCode>> = {
  iss: 'M-UPST-020',
  aud: 'M-UPST-021',
  azp: 'M-UPST-021',
  exp: 'M-UPST-022',
  iat: 'M-UPST-022',
  nbf: 'M-UPST-022',
  auth_time: 'M-UPST-022',
  nonce: 'M-UPST-006',
};
const codeOfClaim = (claim: string | undefined): ErrorCode =>
  (claim !== undefined && Object.hasOwn(claimCodes, claim) ? claimCodes[claim] : undefined) ?? 'M-UPST-008';

function tokenFailureCode(error: unknown): ErrorCode {
  // An OAuth error, a challenge, another status, another content type: there is no token to speak of.
  if (!(error instanceof ClientError)) return 'M-UPST-029';
  if (error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || error.code === 'OAUTH_RESPONSE_IS_NOT_JSON')
    return 'M-UPST-029';
  if (!(error.cause instanceof Error)) return 'M-UPST-008';
  const read = behind(error);
  const compared = comparedClaim.safeParse(read);
  if (compared.success) return codeOfClaim(compared.data.claim);
  if (error.code === 'OAUTH_KEY_SELECTION_FAILED' || readSignature.safeParse(read).success)
    return 'M-UPST-018';
  if (readHeader.safeParse(read).success) return 'M-UPST-019';
  const claims = readClaims.safeParse(read);
  if (claims.success) return codeOfClaim(firstWrong(claims.data.claims));
  const answer = readBody.safeParse(read);
  if (answer.success)
    return bodyWithoutIdToken.safeParse(answer.data.body).success ? 'M-UPST-008' : 'M-UPST-029';
  const unreadable = error.code === 'OAUTH_PARSE_ERROR' && error.cause.message.includes('response');
  return unreadable ? 'M-UPST-029' : 'M-UPST-008';
}

/** In the order in which the library looks at them. */
function firstWrong(claims: Readonly<Record<string, unknown>>): string | undefined {
  const isNumber = (name: string) => typeof claims[name] === 'number';
  const isText = (name: string) => typeof claims[name] === 'string';
  const right: Readonly<Record<string, boolean>> = {
    exp: isNumber('exp'),
    iat: isNumber('iat'),
    iss: isText('iss'),
    nbf: claims['nbf'] === undefined || isNumber('nbf'),
    aud: isText('aud') || Array.isArray(claims['aud']),
    sub: isText('sub'),
    nonce: isText('nonce'),
    auth_time: claims['auth_time'] === undefined || isNumber('auth_time'),
  };
  return Object.keys(right).find((claim) => right[claim] === false);
}

/**
 * The error of the library is not kept as `cause`: it holds tokens, claims and whole answers, and causes go to the log.
 * What `guarded-fetch.ts` threw comes out as it went in.
 */
function failure(error: unknown, values: Values, codeOf: (error: unknown) => ErrorCode): BrokerError {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof BrokerError) return each;
  }
  return new BrokerError(isForbidden(error) ? 'M-UPST-028' : codeOf(error), {
    detail: describe(error),
    values,
    ...(isInvalidGrant(error) ? { cause: new CodeRefused('invalid_grant') } : {}),
  });
}

/** The library looks at the protocol before it asks. */
const isForbidden = (error: unknown): boolean =>
  error instanceof ClientError &&
  (error.code === 'OAUTH_HTTP_REQUEST_FORBIDDEN' || error.code === 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN');

/** RFC 6749 §5.2 */
const isInvalidGrant = (error: unknown): boolean =>
  error instanceof ResponseBodyError && error.error === 'invalid_grant';

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
