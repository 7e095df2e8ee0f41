import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { assertProofIsOfNow } from './proof-time.ts';

const now = new Date('2026-11-21T12:00:00Z');
const epoch = now.getTime() / 1000;
const check = (dpop: string | undefined) => {
  const req = new IncomingMessage(new Socket());
  Object.assign(req.headers, { dpop });
  assertProofIsOfNow({ req }, now);
};
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the time of a DPoP proof (FAPI 2.0 Security Profile §5.3.2.1)', () => {
  test.each([
    ['now', { iat: epoch }, true],
    ['of an hour ago, which the library judges', { iat: epoch - 3600 }, true],
    ['a clock a minute ahead', { iat: epoch + 60, nbf: epoch + 60 }, true],
    ['more than a minute ahead', { iat: epoch + 61 }, false],
    ['not to be used before later', { iat: epoch, nbf: epoch + 61 }, false],
    ['tomorrow, with a nonce', { iat: epoch + 86_400, nonce: 'ours' }, false],
    ['a time that is a text, which the library refuses', { iat: String(epoch) }, true],
  ])('%s', (_what, claims, accepted) => {
    const proof = `${part({ alg: 'ES256', typ: 'dpop+jwt' })}.${part(claims)}.signature`;
    if (accepted) expect(() => check(proof)).not.toThrow();
    else expect(() => check(proof)).toThrow('invalid_dpop_proof');
  });

  test('none, or what is no JWT, passes to the library', () => {
    for (const proof of [undefined, '', 'proof', 'a.b.c']) expect(() => check(proof)).not.toThrow();
  });
});
