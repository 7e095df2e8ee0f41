import { compactDecrypt, decodeProtectedHeader } from 'jose';
import type { CustomFetch } from 'openid-client';
import { z } from 'zod';
import type { DecryptionAlgorithm, IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { KeySet } from '../keys/keys.ts';

interface Encryption {
  readonly alg: DecryptionAlgorithm;
  readonly enc: string;
}

const tokenAnswer = z.looseObject({ id_token: z.string() });
const keysAnswer = z.looseObject({ keys: z.array(z.looseObject({})) });

/**
 * What is encrypted to us is opened before the library reads it, which then verifies what was inside as it verifies any
 * answer (OpenID Connect Core §16.14: signed, then encrypted). An IdP encrypts as its record says, or not at all: neither a
 * plain answer where an encrypted one is declared, nor the reverse. Keys that are not given are told apart from keys that
 * do not fit.
 *
 * @throws BrokerError M-UPST-024 another encryption than declared; M-UPST-018 keys that cannot be read
 */
export function openAnswers(
  idp: IdentityProvider,
  needs: {
    readonly ask: CustomFetch;
    readonly endpoints: {
      readonly token?: string | undefined;
      readonly userinfo?: string | undefined;
      readonly jwks?: string | undefined;
    };
    readonly keys: () => Pick<KeySet, 'decryptionKeys'>;
  },
): CustomFetch {
  const { ask, endpoints, keys } = needs;
  const refuse = refusing(idp);

  const opened = (token: string, what: string, declared: Encryption | undefined) =>
    openDeclared(idp, keys, { token, what, declared });

  async function tokens(answer: Response): Promise<Response> {
    const text = await answer.text();
    const body = tokenAnswer.safeParse(jsonOf(text));
    const encryption = declaredFor(idp, 'id_token');
    // Whatever else is wrong with it, the library says.
    if (!body.success) return again(answer, text);
    const idToken = await opened(body.data.id_token, 'the ID token', encryption);
    return again(
      answer,
      idToken === body.data.id_token ? text : JSON.stringify({ ...body.data, id_token: idToken }),
    );
  }

  async function userinfo(answer: Response): Promise<Response> {
    const text = await answer.text();
    return again(answer, await opened(text, 'userinfo', declaredFor(idp, 'userinfo')));
  }

  async function published(answer: Response): Promise<Response> {
    const text = await answer.text();
    if (answer.status !== 200 || !keysAnswer.safeParse(jsonOf(text)).success)
      throw refuse('M-UPST-018', `HTTP ${answer.status}, which gives no keys`);
    return again(answer, text);
  }

  return async (href, options) => {
    const answer = await ask(href, options);
    const { href: url } = new URL(href);
    if (url === endpoints.jwks) return published(answer);
    if (answer.status !== 200) return answer;
    if (url === endpoints.token && options.method === 'POST') return tokens(answer);
    return url === endpoints.userinfo ? userinfo(answer) : answer;
  };
}

/** A logout token, signed and encrypted as the ID tokens of this IdP are (Back-Channel Logout §2.4). @throws BrokerError M-UPST-024 */
export const openLogoutToken = (
  idp: IdentityProvider,
  keys: () => Pick<KeySet, 'decryptionKeys'>,
  token: string,
): Promise<string> =>
  openDeclared(idp, keys, { token, what: 'the logout token', declared: declaredFor(idp, 'id_token') });

async function openDeclared(
  idp: IdentityProvider,
  keys: () => Pick<KeySet, 'decryptionKeys'>,
  {
    token,
    what,
    declared,
  }: {
    readonly token: string;
    readonly what: string;
    readonly declared: Encryption | undefined;
  },
): Promise<string> {
  const refuse = refusing(idp);
  // Plain JSON may hold as many dots: an address, a picture.
  const isEncrypted = /^[\w-]/.test(token) && segments(token) === 5;
  if (declared === undefined) {
    if (isEncrypted) throw refuse('M-UPST-024', `${what} is encrypted, which the record does not declare`);
    return token;
  }
  if (!isEncrypted) throw refuse('M-UPST-024', `${what} is not encrypted, as the record declares`);
  const inside = await decrypt(token, declared, keys().decryptionKeys(declared.alg));
  if (typeof inside !== 'string') throw refuse('M-UPST-024', `${what}: ${inside.problem}`);
  if (segments(inside) === 5) throw refuse('M-UPST-024', `${what} is encrypted twice`);
  return inside;
}

const refusing = (idp: IdentityProvider) => (code: ErrorCode, detail: string) =>
  new BrokerError(code, { detail, values: { idp: idp.name } });

function declaredFor(idp: IdentityProvider, answer: 'id_token' | 'userinfo'): Encryption | undefined {
  const alg = idp[`${answer}_encrypted_response_alg`];
  const enc = idp[`${answer}_encrypted_response_enc`];
  return alg === undefined || enc === undefined ? undefined : { alg, enc };
}

/**
 * Both algorithms are exactly those of the record: no PBES2 with its rounds (CVE-2022-36083), no `zip` that unpacks to
 * gigabytes (CVE-2024-28180). The size is that of an answer, bounded before.
 */
async function decrypt(
  token: string,
  { alg, enc }: Encryption,
  keys: ReturnType<KeySet['decryptionKeys']>,
): Promise<string | { readonly problem: string }> {
  try {
    const header = decodeProtectedHeader(token);
    if (header.alg !== alg || header.enc !== enc)
      return { problem: 'is encrypted with other algorithms than the record declares' };
    if ('zip' in header) return { problem: 'is compressed' };
    for (const key of header.kid === undefined ? keys : keys.filter(({ kid }) => kid === header.kid)) {
      const done = await compactDecrypt(token, key, {
        keyManagementAlgorithms: [alg],
        contentEncryptionAlgorithms: [enc],
      }).catch(() => undefined);
      if (done !== undefined) return new TextDecoder('utf-8', { fatal: true }).decode(done.plaintext);
    }
    return { problem: 'is encrypted to a key that is not ours, or was changed' };
  } catch {
    return { problem: 'is no encrypted token' };
  }
}

/** Without splitting what may be a million dots (CVE-2025-27144): five and more are counted alike. */
function segments(token: string): number {
  let count = 1;
  for (let at = token.indexOf('.'); at !== -1 && count < 6; at = token.indexOf('.', at + 1)) count += 1;
  return count;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function again(answer: Response, text: string): Response {
  const { status, headers } = answer;
  return new Response(text, { status, headers });
}
