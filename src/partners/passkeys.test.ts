import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authenticationOf } from './partners.ts';
import type { Partner, Partners } from './partners.ts';
import { codeOf, openDesk, site } from './testing/desk.ts';
import type { Desk } from './testing/desk.ts';
import { softwareAuthenticator } from './testing/software-authenticator.ts';
import type { Deviation, SoftwareAuthenticator } from './testing/software-authenticator.ts';

let desk: Desk;
let passkeys: Partners['passkeys'];
let partner: Partner;
beforeAll(async () => {
  desk = await openDesk();
  passkeys = desk.partners.passkeys;
}, 120_000);
afterAll(() => desk.close());
beforeEach(async () => {
  partner = await desk.newPartner();
});

async function registered(
  habits: Parameters<typeof softwareAuthenticator>[1] = {},
  whose = partner,
): Promise<SoftwareAuthenticator> {
  const device = softwareAuthenticator(site, habits);
  const { options, challenge } = await passkeys.creation(whose);
  await passkeys.add(whose, device.create(options), challenge, 'Téléphone');
  return device;
}

describe('a new passkey', () => {
  test('is asked for as the norm has it', async () => {
    const first = await registered();
    const { options, challenge } = await passkeys.creation(partner);
    expect(options).toMatchObject({
      rp: { id: 'connexion.example', name: 'Maillon' },
      challenge,
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      excludeCredentials: [{ id: first.id, transports: ['internal'], type: 'public-key' }],
    });
    expect(Buffer.from(options.user.id, 'base64url').toString('hex')).toBe(partner.id.replaceAll('-', ''));
    expect(Buffer.from(challenge, 'base64url')).toHaveLength(32);
    expect((await passkeys.creation(partner)).challenge).not.toBe(challenge);
  });

  test('is kept with what it says of itself, told and recorded', async () => {
    await registered({ backupEligible: true, backedUp: true, userVerified: false });
    expect(await desk.partners.authenticators(partner.id)).toMatchObject([
      { kind: 'passkey', name: 'Téléphone', backedUp: true, userVerification: false, lastUsedAt: undefined },
    ]);
    const row = await desk.stores.db
      .selectFrom('partner_authenticator')
      .select(['aaguid', 'device_type', 'transports'])
      .where('partner_id', '=', partner.id)
      .executeTakeFirst();
    expect(row).toEqual({
      aaguid: '01020304-0506-0708-090a-0b0c0d0e0f10',
      device_type: 'multiDevice',
      transports: '["internal"]',
    });
    expect(await desk.acts(partner.id)).toEqual(['partner.create', 'partner.add_passkey']);
    expect((await desk.mails()).at(-1)?.subject).toContain('Nouveau moyen de connexion');
  });

  const deviations: readonly [string, Deviation][] = [
    ['another origin', { origin: 'https://connexion.example.evil.example' }],
    ['the port of another site', { origin: 'https://connexion.example:8443' }],
    ['http', { origin: 'http://connexion.example' }],
    ['another RP id', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['the answer to a sign-in', { type: 'webauthn.get' }],
    ['from a frame', { crossOrigin: true }],
    ['from a frame of somebody', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['nobody there', { userPresent: false }],
    ['backed up, and not to be', { backedUp: true }],
  ];
  test.each(deviations)('is refused: %s', async (_words, deviation) => {
    const device = softwareAuthenticator(site);
    const { options, challenge } = await passkeys.creation(partner);
    expect(await codeOf(passkeys.add(partner, device.create(options, deviation), challenge, 'Clé'))).toBe(
      'M-PART-007',
    );
    expect(await desk.partners.authenticators(partner.id)).toEqual([]);
  });

  test('is refused when it is no answer at all, whatever its size', async () => {
    const { options, challenge } = await passkeys.creation(partner);
    const made = softwareAuthenticator(site).create(options);
    const good = JSON.stringify(made);
    const long = { ...made, id: 'a'.repeat(2000), rawId: 'a'.repeat(2000) };
    const other = { ...made, rawId: 'AAAA' };
    for (const answer of [undefined, null, '', '{', '[]', 7, {}, long, other, 'a'.repeat(1e6), { id: 'x' }])
      expect(await codeOf(passkeys.add(partner, answer, challenge, 'Clé'))).toBe('M-PART-007');
    expect(await codeOf(passkeys.add(partner, good, challenge, 'https://evil.example'))).toBe('M-PART-003');
    // As a form hands it over.
    expect(await codeOf(passkeys.add(partner, good, challenge, 'Clé'))).toBe('done');
    expect(await codeOf(passkeys.add(partner, good, challenge, 'Clé'))).toBe('M-PART-009');
    expect(await codeOf(passkeys.add(await desk.newPartner(), good, challenge, 'Clé'))).toBe('M-PART-009');
  });
});

describe('a sign-in with a passkey', () => {
  test('alone: found by the browser, verified, two factors', async () => {
    const device = await registered();
    const { options, challenge } = await passkeys.request();
    expect(options).toMatchObject({ rpId: 'connexion.example', userVerification: 'required' });
    expect(options.allowCredentials ?? []).toEqual([]);
    const found = await passkeys.verify(device.get(options), challenge);
    expect(found.partner).toEqual(partner);
    expect(authenticationOf([found.proof])).toEqual({
      acr: 'eidas1-mfa',
      amr: ['pop', 'user', 'mfa'],
      authTime: desk.clock(),
    });
    expect(await desk.partners.authenticators(partner.id)).toMatchObject([{ lastUsedAt: desk.clock() }]);
  });

  test('after the mailbox: without verifying anybody, and without a user handle', async () => {
    const device = await registered({ userVerified: false });
    const { options, challenge } = await passkeys.request(partner);
    expect(options.allowCredentials).toMatchObject([{ id: device.id }]);
    const { proof } = await passkeys.verify(device.get(options, { userHandle: null }), challenge, partner);
    expect(proof.userVerified).toBe(false);
    const alone = await passkeys.request();
    expect(await codeOf(passkeys.verify(device.get(alone.options), alone.challenge))).toBe('M-PART-007');
  });

  const deviations: readonly [string, Deviation][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another RP id', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['the answer of a creation', { type: 'webauthn.create' }],
    ['from a frame', { crossOrigin: true }],
    ['nobody there', { userPresent: false, userVerified: false }],
    ['nobody verified', { userVerified: false }],
    ['another user handle', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['no user handle', { userHandle: null }],
    ['signed by another key', { otherKey: true }],
    ['a key that could not be copied, and now can', { backupEligible: true }],
  ];
  test.each(deviations)('is refused: %s', async (_words, deviation) => {
    const device = await registered();
    const { options, challenge } = await passkeys.request();
    expect(await codeOf(passkeys.verify(device.get(options, deviation), challenge))).toBe('M-PART-007');
    expect(await desk.partners.authenticators(partner.id)).toMatchObject([{ lastUsedAt: undefined }]);
  });

  test('is refused: the passkey of another partner, even where both are in one browser', async () => {
    const own = await registered();
    const other = await desk.newPartner();
    const theirs = await registered({}, other);
    const { options, challenge } = await passkeys.request(partner);
    expect(await codeOf(passkeys.verify(theirs.get(options), challenge, partner))).toBe('M-PART-007');
    expect(await codeOf(passkeys.verify(own.get(options), challenge, partner))).toBe('done');
    expect(await codeOf(passkeys.verify(softwareAuthenticator(site).get(options), challenge))).toBe(
      'M-PART-007',
    );
  });

  test('an answer serves once, of twenty at once; a counter that goes back is refused and told once a day', async () => {
    const device = await registered();
    await desk.mails();
    const { options, challenge } = await passkeys.request();
    const answer = device.get(options);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(passkeys.verify(answer, challenge))),
    );
    expect(all.toSorted()).toEqual([...Array.from({ length: 19 }, () => 'M-PART-008'), 'done']);
    expect(await codeOf(passkeys.verify(device.get(options, { counter: 0 }), challenge))).toBe('M-PART-008');
    expect((await desk.mails()).map(({ subject }) => subject)).toEqual([
      'Une clé d’accès a été refusée · A passkey was refused',
    ]);
    expect((await desk.acts(partner.id)).filter((act) => act === 'partner.suspect_passkey')).toHaveLength(1);
    desk.pass(24 * 3600);
    expect(await codeOf(passkeys.verify(device.get(options, { counter: 1 }), challenge))).toBe('M-PART-008');
    expect(await desk.mails()).toHaveLength(1);
    // The honest one goes on.
    expect(await codeOf(passkeys.verify(device.get(options), challenge))).toBe('done');
  });

  test('one that keeps no counter goes on; what it says of its copies is kept', async () => {
    const device = await registered({ counts: false, backupEligible: true });
    const { options, challenge } = await passkeys.request();
    for (const backedUp of [true, false, true]) {
      expect(await codeOf(passkeys.verify(device.get(options, { backedUp }), challenge))).toBe('done');
      expect(await desk.partners.authenticators(partner.id)).toMatchObject([{ backedUp }]);
    }
  });

  test('calls off what somebody asked who said it was lost', async () => {
    const device = await registered();
    await desk.partners.lostFactors.ask(partner, { method: 'mail', at: desk.clock() });
    const { options, challenge } = await passkeys.request();
    await passkeys.verify(device.get(options), challenge);
    expect(await desk.partners.lostFactors.state(partner.id)).toBeUndefined();
  });
});
