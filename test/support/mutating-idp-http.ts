import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './mutating-idp-deviations.ts';

const hugeBytes = 2 * 1024 * 1024;

export const json = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

/** Answers wrongly; `right` is the body that a huge or cut answer starts from. */
export const fail = (response: ServerResponse, fault: Fault, right: object): void => {
  switch (fault) {
    case 'unavailable':
      json(response, 503, {});
      break;
    case 'error_500':
      json(response, 500, { error: 'server_error' });
      break;
    case 'timeout':
      break;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Maintenance en cours');
      break;
    case 'cut_json':
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(right).slice(0, -9));
      break;
    case 'huge':
      json(response, 200, { ...right, padding: 'x'.repeat(hugeBytes) });
      break;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end();
      break;
    case 'cut':
      response.destroy();
      break;
  }
};

export const readBody = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
};

/** Form-decoding of each half (RFC 6749 §2.3.1). */
const decodeCredential = (text: string): string => decodeURIComponent(text.replace(/\+/g, ' '));

/** HTTP Basic or form fields, as RFC 6749 §2.3.1 has them. */
export const isClient = (
  request: IncomingMessage,
  form: URLSearchParams,
  id: string,
  secret: string,
): boolean => {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Basic') return form.get('client_id') === id && form.get('client_secret') === secret;
  const [user = '', password = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  return decodeCredential(user) === id && decodeCredential(password) === secret;
};

export interface RedeemableCode {
  /** Of the authorization request that the code answers. */
  readonly parameters: URLSearchParams;
}

/** Right grant type, same redirect URI, and the verifier of the challenge (RFC 7636 §4.6). */
export const isRedeemable = <T extends RedeemableCode>(
  code: T | undefined,
  form: URLSearchParams,
): code is T => {
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  return (
    code !== undefined &&
    form.get('grant_type') === 'authorization_code' &&
    form.get('redirect_uri') === code.parameters.get('redirect_uri') &&
    challenge === code.parameters.get('code_challenge')
  );
};
