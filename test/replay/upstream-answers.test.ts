/**
 * A hostile or broken identity provider, through the whole broker: each deviation ends on our page with its own code,
 * nobody signed in, every table as it was, and a way back to the tool, which is told why (OpenID Connect Core
 * §3.1.3.7, §5.3.2; RFC 9700 §4.4; advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { auditPage } from '../../src/audit/audit.ts';
import { catalogue } from '../../src/errors/errors.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { deviationNames, deviations } from '../support/mutating-idp.ts';
import type { Deviation, DeviationName } from '../support/mutating-idp.ts';
import { addressesOutside, expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  demoTool,
  redeem,
  toolAnswer,
  tokensOf,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { secondPerson, startTwoIdps } from './support/second-idp.ts';
import type { TwoIdps } from './support/second-idp.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';
import { codeOf, expectNobodySignedIn, expectWayBack, goThrough } from './support/upstream-visit.ts';

const deviationOf = (name: DeviationName): Deviation => deviations[name];
const slug = (name: DeviationName): string => name.replaceAll('_', '-');
const isFresh = (name: DeviationName): boolean =>
  deviationOf(name).discovery !== undefined || deviationOf(name).jwks !== undefined;

/** Which published flaw a deviation replays; the others are points of the specifications. */
const advisories: Partial<Record<DeviationName, string>> = {
  nonce_missing: 'CVE-2026-15612',
  email_other_domain: 'CVE-2026-15611',
  email_two_at: 'CVE-2026-40574',
  email_two_at_ours_last: 'CVE-2026-40574',
  email_quoted_at: 'CVE-2026-40574',
  email_line_break: 'CVE-2026-40574',
  email_trailing_dot: 'CVE-2026-40574',
  email_fullwidth: 'CVE-2026-15617',
  email_fullwidth_domain: 'CVE-2026-15617',
  email_homograph_domain: 'CVE-2026-15617',
  alg_none: 'CVE-2026-11800',
  hs256_public_key: 'CVE-2024-37568',
  signature_empty: 'PYSEC-2020-69',
  expired: 'CVE-2026-55669',
  exp_missing: 'CVE-2026-55669',
  iat_future: 'CVE-2026-55669',
  audience_other: 'GHSA-wxg7-w2v3-w38g',
  audience_without_azp: 'GHSA-wxg7-w2v3-w38g',
  iss_wrong: 'RFC 9207 §2.4',
  iss_missing: 'RFC 9207 §2.4',
  userinfo_other_sub: 'OpenID Connect Core §5.3.2',
};

/** It fails in many ways in a row, and is asked all the same; nobody looks at it meanwhile. */
const never = 3_600_000;
const watching = {
  pace: { firstMs: 5 * never, usedMs: never, idleMs: never, failingMs: never },
  protection: { failures: 10_000, restMs: never },
};

let idps: TwoIdps;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  idps = await startTwoIdps(deviationNames.filter(isFresh).map(slug), { watching });
  docs = demoTool(idps.world, 'docs');
}, startUp);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  idps.second.restore();
  idps.second.become(secondPerson);
  await browser.close();
});

/** Every table but the record of acts, which has its own expectations. */
const state = async () => {
  const tables = Object.entries(await storeState(idps.world.broker.stores.db));
  return tables.filter(([name]) => name !== 'audit_entry');
};

/** The codes that the record has for an identity provider, a line each. */
const recorded = async (idp: string): Promise<readonly unknown[]> => {
  const asked = { act: 'upstream.refuse', subject: `upstream:${idp}` };
  const { entries } = await auditPage(idps.world.broker.stores.db, asked);
  return entries.map(({ after }) => z.object({ code: z.string() }).parse(after).code);
};

/** No answer, and what the person did, is no wrong answer. */
const untraced: readonly string[] = ['M-UPST-001', 'M-UPST-003', 'M-UPST-004'];
const begin = (changes = {}) => authorizationRequest(idps.world.issuer, docs, changes);

test('without deviation the second identity provider signs its person in', async () => {
  const attempt = begin();
  const answer = toolAnswer((await goThrough(browser, attempt)).location);
  const { id_token: idToken } = tokensOf(await redeem(idps.world.issuer, attempt, answer.code ?? ''));
  expect(claimsOf(idToken)['acr']).toBe('eidas1');
});

describe('each wrong answer of an identity provider is refused', () => {
  const refused = deviationNames.filter((name) => deviationOf(name).expected.length > 0);
  const named = refused.map((name) => [advisories[name] ?? 'OpenID Connect', name] as const);

  test.each(named)('%s: %s', async (_advisory, name) => {
    const { expected } = deviationOf(name);
    const before = await state();
    const attempt = begin(name.startsWith('auth_time') ? { prompt: 'login' } : {});
    idps.second.mutate(name);
    const page = await goThrough(browser, attempt, isFresh(name) ? `agent@${slug(name)}.example` : undefined);

    const code = codeOf(page);
    expect(expected).toContain(code);
    expectRefusalPage(page, { status: catalogue[code].status, code });
    expect(page.url.startsWith(idps.world.issuer)).toBe(true);
    expect(addressesOutside(page)).toEqual([]);
    expect(await state()).toEqual(before);
    const traces = await recorded(isFresh(name) ? slug(name) : 'second');
    if (untraced.includes(code)) expect(traces).not.toContain(code);
    else expect(traces).toContain(code);
    await expectNobodySignedIn(browser, attempt);
    // Without its attempt, a callback belongs to no login: there is no tool to go back to.
    if (code !== 'M-UPST-004') await expectWayBack(browser, page, attempt, code);
    await expectNobodySignedIn(browser, attempt);
    expect(await state()).toEqual(before);
  });
});

describe('more shapes of a wrong answer', () => {
  const giant = (idToken: string): Partial<Deviation> => ({
    tokenResponse: (body) => ({ ...body, id_token: idToken }),
  });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwe = (header: object) => `${part(header)}.AAAA.AAAA.AAAA.AAAA`;

  test.each<readonly [string, string, Partial<Deviation>]>([
    ['CVE-2025-27144: 200 000 dots for an ID token', 'M-UPST-008', giant('.'.repeat(200_000))],
    [
      'CVE-2022-36083: an encrypted token with two thousand million PBES2 rounds',
      'M-UPST-024',
      giant(jwe({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 })),
    ],
    [
      'CVE-2024-28180: an encrypted token that unpacks',
      'M-UPST-024',
      giant(jwe({ alg: 'dir', enc: 'A128GCM', zip: 'DEF' })),
    ],
    [
      'CVE-2026-14781: one address in userinfo, another in the ID token',
      'M-UPST-011',
      { idToken: (payload) => ({ ...payload, email: 'chef@second.example' }) },
    ],
    [
      'SIRET of one organization in userinfo, of another in the ID token',
      'M-UPST-012',
      { idToken: (payload) => ({ ...payload, siret: '13002526500013' }) },
    ],
    [
      'CVE-2026-15611: a victim of the other identity provider',
      'M-UPST-011',
      { userinfoClaims: (claims) => ({ ...claims, email: 'agent@etat.example' }) },
    ],
    [
      'a name that turns the page around',
      'M-UPST-010',
      { userinfoClaims: (claims) => ({ ...claims, given_name: 'Inès\u202Egnp.exe' }) },
    ],
    [
      'a name of 5 000 characters',
      'M-UPST-010',
      { userinfoClaims: (claims) => ({ ...claims, usual_name: 'a'.repeat(5000) }) },
    ],
  ])('%s', async (_name, code, deviation) => {
    const before = await state();
    idps.second.mutate(deviation);
    const attempt = begin();
    const started = Date.now();
    const page = await goThrough(browser, attempt);
    expect(Date.now() - started).toBeLessThan(5_000);
    expectRefusalPage(page, { code });
    await expectWayBack(browser, page, attempt, codeOf(page));
    await expectNobodySignedIn(browser, attempt);
    expect(await state()).toEqual(before);
  });

  test('CVE-2019-8400: what the identity provider says of its error is not shown', async () => {
    idps.second.mutate({
      authorization: (parameters) => {
        parameters.delete('code');
        parameters.set('error', '<svg onload=alert(1)>');
        parameters.set('error_description', '"><script>alert(2)</script> Votre mot de passe ?');
        parameters.set('error_uri', 'javascript:alert(3)');
      },
    });
    const page = await goThrough(browser, begin());
    expectRefusalPage(page, { code: 'M-UPST-002' });
    expect(page.body).not.toMatch(/onload|alert\(|mot de passe \?/);
  });

  test('CVE-2026-40574: the address that is refused is shown as text', async () => {
    idps.second.mutate({
      userinfoClaims: (claims) => ({ ...claims, email: '<img src=x onerror=alert(1)>@second.example' }),
    });
    const page = await goThrough(browser, begin());
    expectRefusalPage(page, { code: 'M-UPST-011' });
    expect(page.body).not.toContain('<img');
  });
});

test('a crowd of wrong answers leaves a few entries an hour in the record, and one security event each in the log', async () => {
  idps.second.mutate('at_hash_wrong');
  const events = () =>
    idps.world.log.filter((line) => line.includes('"upstream.refused"') && line.includes('M-UPST-023'))
      .length;
  const before = events();
  for (let times = 0; times < 5; times += 1) await goThrough(createBrowser(), begin());
  expect(events()).toBe(before + 5);
  expect((await recorded('second')).filter((code) => code === 'M-UPST-023')).toHaveLength(3);
});

test('a callback that nobody’s attempt waits for writes nothing', async () => {
  const before = await storeState(idps.world.broker.stores.db);
  for (const query of [
    'code=a&state=b',
    'error=server_error&state=b',
    'code=a',
    'iss=https://evil.example&state=x',
  ])
    expectRefusalPage(await browser.get(`${idps.world.issuer}/callback/second?${query}`), {
      code: 'M-UPST-004',
    });
  expect(await storeState(idps.world.broker.stores.db)).toEqual(before);
});

test('what is refused leaves no code, no token and no secret in the log', () => {
  const log = idps.world.log.join('\n');
  expect(log).toContain('M-UPST-011');
  for (const form of idps.second.received.token) {
    expect(log).not.toContain(form.get('code') ?? '');
    expect(log).not.toContain(form.get('code_verifier') ?? '');
  }
  for (const query of idps.second.received.authorize) {
    expect(log).not.toContain(query.get('state') ?? '');
    expect(log).not.toContain(query.get('nonce') ?? '');
  }
});
