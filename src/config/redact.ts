/**
 * What must never be read in a log, wherever it hides: field of any depth, JSON inside a string, URL of a request,
 * connection string, Authorization header. It works on the finished line, so nothing can go around it.
 *
 * Codes, state and tokens count as secrets while they live (RFC 9700 §4.2, §4.3: credentials leak through logs).
 */
const secretFields = [
  'authorization',
  'client_assertion',
  'client_secret',
  'client_secret_sealed',
  'client_secret_sha256',
  'code',
  'code_verifier',
  'cookie',
  'cookieKeys',
  'cookies',
  'databaseUrl',
  'encryptionKeys',
  'access_token',
  'id_token',
  'id_token_hint',
  'nonce',
  'organizationSources',
  'password',
  'redisUrl',
  'refresh_token',
  'sealed_jwk',
  'secret',
  'set-cookie',
  'smtpUrl',
  'state',
  'token',
  'x-insee-api-key-integration',
];

/** `code` and `state` name other things too: a code of the catalogue, a SQLSTATE or errno, an état administratif. */
const harmless = /^"(?:M-[A-Z]{4}-\d{3}|[A-Z][A-Z0-9_]{2,60}|[0-9A-Z]{1,5}|[a-z_]{1,30})"$/;
const ambiguous = new Set(['code', 'state']);

const fields = secretFields.join('|');
const text = String.raw`"(?:[^"\\]|\\.)*"`;
const list = String.raw`\[(?:${text}|[^\]"])*\]`;
const object = String.raw`\{(?:${text}|[^}"])*\}`;
const field = new RegExp(String.raw`"(${fields})"\s*:\s*(${text}|${list}|${object})`, 'gi');
// JSON inside a string: `\"a\":\"…\"`; the value ends at the same quote, with not one backslash more.
// Bounded, and anchored where a run begins: a hostile line costs no more than its length.
const nestedField = new RegExp(
  String.raw`(?<!\\)(\\{1,15}")(${fields})\1\s*:\s*\1((?:(?!(?<!\\)\1).)*)\1`,
  'gi',
);
const parameter =
  /([?&](?:access_token|client_assertion|client_secret|code|code_verifier|id_token|id_token_hint|nonce|password|refresh_token|state|token)=)[^&\s"'\\#]+/gi;
const userInfo = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/"'\\@]*@/gi;
const scheme = /\b(Bearer|Basic|DPoP)\s+[A-Za-z0-9._~+/=-]{8,}/g;

export function redactLine(line: string): string {
  return line
    .replace(field, (whole: string, name: string, value: string) =>
      ambiguous.has(name) && harmless.test(value) ? whole : `"${name}":"[redacted]"`,
    )
    .replace(nestedField, (whole: string, quote: string, name: string, value: string) =>
      ambiguous.has(name) && harmless.test(`"${value}"`)
        ? whole
        : `${quote}${name}${quote}:${quote}[redacted]${quote}`,
    )
    .replace(parameter, '$1[redacted]')
    .replace(userInfo, '$1[redacted]@')
    .replace(scheme, '$1 [redacted]');
}
