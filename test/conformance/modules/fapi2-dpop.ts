/** FAPI 2.0: proofs of possession (RFC 9449). */
import { UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { send } from '../../replay/support/relying-party.ts';
import type { Answer } from '../../replay/support/relying-party.ts';
import { checkJsonError, checkTokenError } from '../support/check-error.ts';
import type { Fapi2Module } from '../support/fapi2-plans.ts';
import { epoch, hashOf, newDpopKey } from '../support/fapi2-proof.ts';
import type { ProofChanges } from '../support/fapi2-proof.ts';
import type { Fapi2Check, Fapi2Run } from '../support/fapi2-run.ts';

/** Proofs with these claims at every endpoint, the first included. */
const everywhere =
  (claims: () => Readonly<Record<string, unknown>>) =>
  async ({ first, browser }: Fapi2Run): Promise<void> => {
    const how = { proof: { claims: claims() }, dpop: first.dpop };
    const visit = await first.authorize(browser, {}, how);
    const answer = await first.redeem(
      await first.codeOf(visit),
      visit.verifier,
      {},
      { proof: { claims: claims() } },
    );
    const { tokens } = await first.verify(answer, visit.sent);
    const userinfo = await first.userinfo(tokens.access_token, { proof: { claims: claims() } });
    expect(userinfo.status).toBe(200);
  };

/** The code of a request that named a key, with a proof of that key or of another. */
async function redeemedWith(
  run: Fapi2Run,
  named: { readonly parameter?: string; readonly proof?: boolean },
  right: boolean,
) {
  const { first, browser } = run;
  const visit = await first.authorize(
    browser,
    named.parameter === undefined ? {} : { dpop_jkt: named.parameter },
    named.proof === true ? { dpop: first.dpop } : {},
  );
  const dpop = right ? first.dpop : await newDpopKey();
  const answer = await first.redeem(await first.codeOf(visit), visit.verifier, {}, { dpop });
  if (right) await first.verify(answer, visit.sent);
  else checkTokenError(answer, 'invalid_grant');
}

const refused = (answer: Answer): void => {
  expect([400, 401], answer.body).toContain(answer.status);
  expect(answer.headers['www-authenticate']).toMatch(/^DPoP\b|, DPoP\b/);
};
const passed = (answer: Answer): void => {
  expect(answer.status, answer.body).toBe(200);
};

async function negative({ first, browser, metadata }: Fapi2Run): Promise<void> {
  const url = metadata.userinfo_endpoint;
  const { tokens } = await first.signIn(browser);
  const { access_token: token } = tokens;
  const rsa = await newDpopKey('RS256');
  const proof = (changes: ProofChanges = {}, address = url) =>
    first.dpop.proof('GET', address, token, changes);
  const show = (value: string | undefined, name = 'DPoP', scheme = 'DPoP', address = url): Promise<Answer> =>
    send(address, {
      headers: { authorization: `${scheme} ${token}`, ...(value === undefined ? {} : { [name]: value }) },
    });

  passed(await show(await proof(), 'DPOP'));
  refused(await show(`${await proof()}, ${await proof()}`));
  refused(await show((await proof()).replaceAll('.', '')));
  const good = await proof();
  const unsigned = new UnsecuredJWT({ htm: 'GET', htu: url, jti: 'one', ath: hashOf(token) })
    .setIssuedAt()
    .encode();
  const [, payload = '', signature = ''] = good.split('.');
  const headerOf = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');
  for (const wrong of [
    unsigned,
    `${headerOf({ typ: 'dpop+jwt', jwk: {} })}.${payload}.${signature}`,
    `${good.slice(0, -4)}${good.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`,
    await rsa.proof('GET', url, token),
  ])
    refused(await show(wrong));

  const other = await newDpopKey();
  const changes: readonly ProofChanges[] = [
    { header: { typ: undefined } },
    { header: { typ: 'jwt' } },
    { header: { jwk: undefined } },
    { header: { jwk: first.dpop.privateJwk } },
    { claims: { jti: undefined } },
    { claims: { htm: undefined } },
    { claims: { htu: undefined } },
    { claims: { iat: undefined } },
    { claims: { ath: undefined } },
    { claims: { ath: hashOf('another') } },
    { claims: { htm: 'PUT' } },
    { claims: { htu: metadata.token_endpoint } },
    { claims: { htu: 'https://other.example/userinfo' } },
    { key: other.privateKey },
  ];
  for (const change of changes) refused(await show(await proof(change)));
  refused(await show(await other.proof('GET', url, token)));

  passed(await show(await proof({}, `${url}?query=1#fragment`)));
  passed(await show(await proof(), 'DPoP', 'DPoP', `${url}?query=1`));
  const future = await show(await proof({ claims: { iat: epoch() + 3600 } }));
  refused(future);
  expect(future.headers['www-authenticate']).toContain('invalid_dpop_proof');
  // A clock that is wrong can do with our nonce (RFC 9449 §8).
  const past = await show(await proof({ claims: { iat: epoch() - 3600 } }));
  refused(past);
  expect(past.headers['www-authenticate']).toContain('use_dpop_nonce');
  const nonce = past.headers['dpop-nonce'];
  passed(await show(await proof({ claims: { iat: epoch() - 3600, nonce } })));

  const once = await proof();
  passed(await show(once));
  refused(await show(once));
  passed(await show(await proof({ claims: { more: 'claims' }, header: { x_more: 'headers' } })));
  const { protocol, host, pathname } = new URL(url);
  passed(await show(await proof({}, `${protocol.toUpperCase()}//${host.toUpperCase()}${pathname}`)));
  refused(await show(undefined));
  refused(await show(undefined, 'DPoP', 'Bearer'));
  passed(await show(await proof()));
}

export const fapi2DpopModules = {
  'check-dpop-proof-nbf-exp': {
    checks: 'proofs that say from when and until when',
    run: everywhere(() => ({ nbf: epoch(), exp: epoch() + 300 })),
  },
  'ensure-dpopproof-with-iat-10seconds-before-succeeds': {
    checks: 'proofs ten seconds old, at every endpoint',
    run: everywhere(() => ({ iat: epoch() - 10 })),
  },
  'ensure-dpopproof-with-iat-10seconds-after-succeeds': {
    checks: 'proofs of a clock ten seconds ahead, at every endpoint',
    run: everywhere(() => ({ iat: epoch() + 10 })),
  },
  'ensure-mismatched-dpop-jkt-fails': {
    checks: 'a request that names one key and is pushed with a proof of another: invalid_request',
    run: async ({ first }) => {
      const { thumbprint } = await newDpopKey();
      const { answer } = await first.push({ dpop_jkt: thumbprint }, { dpop: first.dpop });
      checkJsonError(answer, 'invalid_request');
    },
  },
  'ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt': {
    checks: 'pushed with a proof of one key, redeemed with one of another: invalid_grant',
    run: (run) => redeemedWith(run, { proof: true }, false),
  },
  'ensure-token-endpoint-fails-with-mismatched-dpop-jkt': {
    checks: 'pushed with `dpop_jkt`, redeemed with a proof of another key: invalid_grant',
    run: (run) => redeemedWith(run, { parameter: run.first.dpop.thumbprint }, false),
  },
  'ensure-dpopproof-at-par-endpoint-binding-success': {
    checks: 'pushed and redeemed with proofs of one key',
    run: (run) => redeemedWith(run, { proof: true }, true),
  },
  'ensure-dpop-auth-code-binding-success': {
    checks: 'pushed with `dpop_jkt` and a proof, redeemed with a proof, all of one key',
    run: (run) => redeemedWith(run, { parameter: run.first.dpop.thumbprint, proof: true }, true),
  },
  'dpop-negative-tests': {
    checks: 'every way for a proof to be wrong at userinfo, and those that look wrong and are not',
    run: negative,
  },
} as const satisfies Partial<Record<Fapi2Module, Fapi2Check>>;
