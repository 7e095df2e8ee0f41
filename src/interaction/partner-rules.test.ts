import { describe, expect, test } from 'vitest';
import { createSeal } from '../config/config.ts';
import { builtInProvider } from '../declarations/declarations.ts';
import type { IdentityProvider, Snapshot } from '../declarations/declarations.ts';
import { authenticationOf } from '../partners/partners.ts';
import type { Proof } from '../partners/partners.ts';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { assertPartnerAddress } from '../homerealm/homerealm.ts';
import { openPartnerProvider } from './partner-address.ts';
import { passkeyShown, takeChallenge } from './partner-challenge.ts';
import { forgetProgress, keepProgress, readProgress } from './partner-progress.ts';
import type { PartnerProgress } from './partner-progress.ts';
import { proofsOf } from './partner-session.ts';
import { beginning } from './partner-start.ts';
import { wantedOf } from './wanted.ts';

const now = new Date('2026-11-23T09:00:00.000Z');
const clock = () => now;
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);

type Declared = Pick<Snapshot, 'identityProviders' | 'idpsByDomain' | 'heldDomains'>;
const own = builtInProvider('https://connexion.example', true);
const declared = (...idps: readonly IdentityProvider[]): Declared => ({
  identityProviders: new Map([own, ...idps].map((idp) => [idp.id, idp])),
  heldDomains: new Map([['tenu.example', { domain: 'tenu.example', since: new Date(0) }]]),
  idpsByDomain: new Map(idps.flatMap((idp) => idp.domains.map((domain) => [domain, [idp]]))),
});
const idp = (id: string, domain: string, enabled = true): IdentityProvider => ({
  ...own,
  id,
  domains: [domain],
  enabled,
});
const code = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 10) : error;
  }
};

describe('with which addresses people sign in here', () => {
  const snapshot = declared(idp('ville', 'ville.example'), idp('fermee', 'fermee.example', false));
  test.each([
    ['camille@atelier.example', 'camille@atelier.example'],
    [' Camille@ATELIER.example', 'Camille@atelier.example'],
    ['camille@gmail.com', 'camille@gmail.com'],
    // A sub-domain that no provider answers for is nobody's.
    ['camille@sous.ville.example', 'camille@sous.ville.example'],
    ['camille@ville.example', 'M-PART-018'],
    ['camille@VILLE.example', 'M-PART-018'],
    // Closed, it opens no other door.
    ['camille@fermee.example', 'M-PART-018'],
    ['camille@yopmail.com', 'M-PART-019'],
    ['camille@a.b.yopmail.com', 'M-PART-019'],
    ['camille@tenu.example', 'M-ROUT-004'],
    ['Camille@mail.TENU.example', 'M-ROUT-004'],
    ['camille@pastenu.example', 'camille@pastenu.example'],
    ['camille', 'M-HTTP-003'],
    ['a@b.example\r\nBcc: c@d.example', 'M-HTTP-003'],
  ])('%j: %s', (typed, expected) => {
    expect(code(() => assertPartnerAddress(typed, snapshot))).toBe(expected);
  });

  test('closed, nobody does', () => {
    const closed = { identityProviders: new Map([[own.id, { ...own, enabled: false }]]) };
    expect([openPartnerProvider(declared())?.id, openPartnerProvider(closed)]).toEqual([own.id, undefined]);
  });
});

describe('what a request wants', () => {
  const request = (params: object, prompt = 'login', reasons: string[] = []) => ({
    params: { ...params },
    prompt: { name: prompt, reasons, details: {} },
  });
  const session = { session: { accountId: 'a', uid: 'u', cookie: 'c' } };
  const nothing = { levels: [], anew: false, maxAge: undefined, another: false };

  test.each([
    ['nothing', request({}), false, nothing],
    ['prompt=login', request({ prompt: 'consent login' }), false, { ...nothing, anew: true }],
    ['max_age', request({ max_age: '300' }), false, { ...nothing, maxAge: 300 }],
    ['our policy wants a recent sign-in', request({}), true, { ...nothing, anew: true }],
    ['another account, with nobody signed in', request({}, 'select_account'), false, nothing],
    [
      'another account',
      { ...request({}, 'select_account'), ...session },
      false,
      { ...nothing, another: true },
    ],
    [
      'another person (id_token_hint)',
      { ...request({}, 'login', ['other_subject']), ...session },
      false,
      { ...nothing, another: true },
    ],
    ['more strongly', { ...request({}, 'login', ['essential_acr_strict']), ...session }, false, nothing],
  ])('%s', (_name, interaction, anew, expected) => {
    expect(wantedOf(interaction, [], anew)).toEqual(expected);
  });

  test('becomes the instant before which nothing counts', () => {
    const from = (change: object) => beginning({ ...nothing, ...change }, now).notBefore;
    expect(from({})).toBeUndefined();
    expect(from({ maxAge: 300 })).toEqual(inSeconds(-300));
    expect(from({ maxAge: 0 })).toEqual(now);
    expect(from({ maxAge: 300, anew: true })).toEqual(now);
  });
});

test.each<readonly Proof[]>([
  [{ method: 'mail', at: now }],
  [
    { method: 'mail', at: now },
    { method: 'totp', at: now },
  ],
  [
    { method: 'mail', at: now },
    { method: 'recovery_code', at: now },
  ],
  [{ method: 'passkey', at: now, userVerified: true }],
  [
    { method: 'mail', at: now },
    { method: 'passkey', at: now, userVerified: false },
  ],
])('a session remembers what was proven in it (%#)', (...proofs) => {
  const { amr, authTime } = authenticationOf(proofs);
  expect(proofsOf({ amr: [...amr], authTime: authTime.getTime() / 1000 })).toEqual(proofs);
});

test('the progress of one login is its own, is read as it was written, and ends with it', async () => {
  let at = now;
  const ephemeral = ephemeralFor(() => at);
  const needs = { ephemeral, clock: () => at };
  const interaction = { uid: 'one', exp: Math.floor(inSeconds(60).getTime() / 1000) };
  const progress: PartnerProgress = {
    ...beginning({ levels: ['eidas1-mfa'], anew: true, maxAge: 5, another: false }, now),
    address: 'camille@atelier.example',
    sent: { resendAt: inSeconds(600), expiresAt: inSeconds(3600) },
    proofs: [{ method: 'passkey', at: now, userVerified: true }],
    partner: 'p',
    codesShown: true,
  };
  await keepProgress(interaction, progress, needs);
  expect(await readProgress(interaction, needs)).toEqual(progress);
  expect(await readProgress({ uid: 'two' }, needs)).toBeUndefined();
  // Written by a version that knows more: begun again, rather than half understood.
  await ephemeral.set('partner-progress:one', JSON.stringify({ ...progress, later: true }), 60);
  expect(await readProgress(interaction, needs)).toBeUndefined();
  await keepProgress(interaction, progress, needs);
  at = inSeconds(61);
  expect(await readProgress(interaction, needs)).toBeUndefined();
  at = now;
  await keepProgress(interaction, progress, needs);
  await forgetProgress(interaction, needs);
  expect(await readProgress(interaction, needs)).toBeUndefined();
});

describe('a challenge of WebAuthn', () => {
  const needs = {
    challengeSeal: createSeal(['x'.repeat(32)], 'passkey-challenge', clock),
    ephemeral: ephemeralFor(clock),
  };
  const interaction = { uid: 'one', exp: Math.floor(inSeconds(1800).getTime() / 1000) };
  const shown = (challenge: string) =>
    passkeyShown(interaction, 'sign_in', { options: { challenge }, challenge }, '/x', needs);
  const take = (sealed: string, uid = 'one', uses: Parameters<typeof takeChallenge>[1] = ['sign_in']) =>
    takeChallenge({ ...interaction, uid }, uses, sealed, needs);

  test('serves once, whatever comes of it', async () => {
    const page = await shown('first');
    expect(page).toMatchObject({ action: '/x', ask: '{"challenge":"first"}' });
    expect(page.challenge).not.toContain('first');
    expect(await take(page.challenge)).toEqual({ challenge: 'first', use: 'sign_in' });
    await expect(take(page.challenge)).rejects.toMatchObject({ code: 'M-PART-021' });
    const tries = await shown('second');
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => take(tries.challenge)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('in the login that it was made for, for what it was made for', async () => {
    const { challenge } = await shown('third');
    for (const bad of [take(challenge, 'two'), take(challenge, 'one', ['enrolment']), take('x.y'), take('')])
      await expect(bad).rejects.toMatchObject({ code: 'M-PART-021' });
    expect((await take(challenge)).challenge).toBe('third');
  });

  test('for a quarter of an hour', async () => {
    const { challenge } = await shown('fourth');
    const late = createSeal(['x'.repeat(32)], 'passkey-challenge', () => inSeconds(900));
    await expect(
      takeChallenge(interaction, ['sign_in'], challenge, { ...needs, challengeSeal: late }),
    ).rejects.toMatchObject({ code: 'M-PART-021' });
  });
});
