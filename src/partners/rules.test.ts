import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { isVouchedFor } from '../identity/identity.ts';
import { BrokerError } from '../errors/errors.ts';
import { partnerIdentity } from './identity-of.ts';
import { authenticatorNameProblem, nameProblem } from './names.ts';
import { authenticationOf } from './proofs.ts';
import type { Proof } from './proofs.ts';
import { lackingToAdd, lackingToChange, mayRemove } from './rules.ts';

const at = new Date('2026-11-22T10:00:00Z');
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const kinds = {
  mail: { method: 'mail', at },
  totp: { method: 'totp', at },
  recovery: { method: 'recovery_code', at },
  key: { method: 'passkey', at, userVerified: false },
  verified: { method: 'passkey', at, userVerified: true },
} as const satisfies Record<string, Proof>;
type Kind = keyof typeof kinds;
const order: readonly Kind[] = ['mail', 'totp', 'recovery', 'key', 'verified'];

/** Each of the 32 combinations: what it is worth, or '-' when it signs nobody in. */
const worth: Readonly<Record<string, string>> = {
  '': '-',
  mail: 'eidas1 mail',
  totp: '-',
  recovery: '-',
  key: '-',
  verified: 'eidas1-mfa pop user mfa',
  'mail totp': 'eidas1-mfa mail otp mfa',
  'mail recovery': 'eidas1-mfa mail recovery mfa',
  'mail key': 'eidas1-mfa mail pop mfa',
  'mail verified': 'eidas1-mfa mail pop user mfa',
  'totp recovery': '-',
  'totp key': '-',
  'totp verified': 'eidas1-mfa otp pop user mfa',
  'recovery key': '-',
  'recovery verified': 'eidas1-mfa pop user recovery mfa',
  'key verified': 'eidas1-mfa pop user mfa',
  'mail totp recovery': 'eidas1-mfa mail otp recovery mfa',
  'mail totp key': 'eidas1-mfa mail otp pop mfa',
  'mail totp verified': 'eidas1-mfa mail otp pop user mfa',
  'mail recovery key': 'eidas1-mfa mail pop recovery mfa',
  'mail recovery verified': 'eidas1-mfa mail pop user recovery mfa',
  'mail key verified': 'eidas1-mfa mail pop user mfa',
  'totp recovery key': '-',
  'totp recovery verified': 'eidas1-mfa otp pop user recovery mfa',
  'totp key verified': 'eidas1-mfa otp pop user mfa',
  'recovery key verified': 'eidas1-mfa pop user recovery mfa',
  'mail totp recovery key': 'eidas1-mfa mail otp pop recovery mfa',
  'mail totp recovery verified': 'eidas1-mfa mail otp pop user recovery mfa',
  'mail totp key verified': 'eidas1-mfa mail otp pop user mfa',
  'mail recovery key verified': 'eidas1-mfa mail pop user recovery mfa',
  'totp recovery key verified': 'eidas1-mfa otp pop user recovery mfa',
  'mail totp recovery key verified': 'eidas1-mfa mail otp pop user recovery mfa',
};

const told = (proofs: readonly Proof[]): string => {
  try {
    const { acr, amr } = authenticationOf(proofs);
    return [acr, ...amr].join(' ');
  } catch (error) {
    return error instanceof BrokerError && error.code === 'M-PART-001' ? '-' : String(error);
  }
};

describe('what proofs are worth', () => {
  test('every combination', () => {
    const subsets = Array.from({ length: 32 }, (_, bits) => order.filter((_kind, bit) => bits & (1 << bit)));
    const found = Object.fromEntries(
      subsets.map((set) => [set.join(' '), told(set.map((kind) => kinds[kind]))]),
    );
    expect(found).toEqual(worth);
  });

  test('order and repetition change nothing, and one more proof never makes it worth less', () => {
    const proof = fc.constantFrom(...order.map((kind) => kinds[kind]));
    fc.assert(
      fc.property(fc.array(proof, { maxLength: 6 }), proof, (proofs, another) => {
        expect(told(proofs.toReversed())).toBe(told(proofs));
        expect(told([...proofs, ...proofs])).toBe(told(proofs));
        const [before, after] = [told(proofs), told([...proofs, another])];
        if (before !== '-') expect(after).not.toBe('-');
        if (before.includes('mfa')) expect(after).toContain('mfa');
      }),
      { numRuns: 200 },
    );
  });

  test('auth_time is that of the oldest proof that is told; of one kind the last one counts', () => {
    const proofs: readonly Proof[] = [
      { method: 'mail', at: later(-60) },
      { method: 'mail', at },
      { method: 'totp', at: later(2) },
    ];
    expect(authenticationOf(proofs).authTime).toEqual(at);
    expect(authenticationOf([{ method: 'mail', at: later(-60) }, kinds.verified]).authTime).toEqual(
      later(-60),
    );
  });
});

describe('what a sign-in lacks before it changes what it signs in with', () => {
  const mail = { amr: ['mail'], authTime: at };
  const passkey = { amr: ['pop', 'user', 'mfa'], authTime: at };
  const both = { amr: ['mail', 'otp', 'mfa'], authTime: at };
  test.each([
    ['first one, mailbox proven', mail, 0, 0, undefined, undefined],
    ['first one, at 15 minutes', mail, 0, 15, undefined, undefined],
    ['first one, after them', mail, 0, 15.001, 'recent', 'recent'],
    ['nobody knows when', { amr: ['mail'], authTime: new Date(NaN) }, 0, 0, 'recent', 'recent'],
    ['another one, with the mailbox alone', mail, 1, 0, 'second_factor', 'second_factor'],
    ['another one, with both', both, 1, 0, undefined, undefined],
    ['without a mailbox', passkey, 1, 0, 'mail', undefined],
  ] as const)('%s', (_words, signedIn, held, minutes, add, change) => {
    expect(lackingToAdd(signedIn, held, later(minutes))).toBe(add);
    expect(lackingToChange(signedIn, held, later(minutes))).toBe(change);
  });

  test('the last authenticator stays where two factors are asked for', () => {
    const [one, two] = [{ id: '1' }, { id: '2' }];
    expect(mayRemove([one], '1', { mfaRequired: true })).toBe(false);
    expect(mayRemove([one, two], '1', { mfaRequired: true })).toBe(true);
    expect(mayRemove([one], '1', { mfaRequired: false })).toBe(true);
  });
});

describe('names', () => {
  test.each([
    ['Anne', undefined],
    ['Le Goff-D’Arc', undefined],
    ['Jean  Pierre ', undefined],
    ["O'Neill", undefined],
    ['Nguyễn', undefined],
    ['Nguyễn'.normalize('NFD'), undefined],
    ['Μαρία', undefined],
    ['J. R.', undefined],
    ['', 'empty'],
    [' \u00a0', 'empty'],
    ['a'.repeat(100), undefined],
    ['a'.repeat(101), 'long'],
    ['Anne\nBcc: x', 'signs'],
    ['Anne\u0000', 'signs'],
    ['Anne\u2028', 'signs'],
    ['\u202eennA', 'signs'],
    ['An\u200bne', 'signs'],
    ['\u3164', 'signs'],
    ['-', 'signs'],
    ['a\u0301\u0301\u0301\u0301', 'signs'],
    ['Anne <b>', 'signs'],
    ['Anne 2', 'signs'],
    ['{{name}}', 'signs'],
    ['🙂', 'signs'],
    ['evil.example', 'address'],
    ['https:', 'address'],
    ['anne@asso', 'address'],
    ['www. banque', 'address'],
    ['\ud800', 'signs'],
  ])('%j: %s', (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });

  test.each([
    ['Téléphone (pro) n° 2', undefined],
    ['🔑 maison', undefined],
    ['a'.repeat(61), 'long'],
    ['🔑', 'signs'],
    ['evil.example/x', 'address'],
    ['clé\r\n', 'signs'],
  ])('of an authenticator, %j: %s', (name, problem) => {
    expect(authenticatorNameProblem(name)).toBe(problem);
  });
});

test('a partner is asserted like anybody else, for no organization and for no domain', () => {
  const partner = {
    id: '11111111-1111-4111-8111-111111111111',
    givenName: 'Anne',
    usualName: 'Le Goff',
    address: 'anne@asso.example',
    addresses: [],
    createdAt: at,
  };
  const asserted = partnerIdentity(partner, [kinds.mail, kinds.totp], 'https://connexion.example');
  expect(asserted).toEqual({
    idp: 'partenaires',
    issuer: 'https://connexion.example',
    subject: partner.id,
    email: 'anne@asso.example',
    emailDomain: '',
    emailVerified: true,
    claims: { given_name: 'Anne', usual_name: 'Le Goff', email: 'anne@asso.example' },
    acr: 'eidas1-mfa',
    idpAcr: undefined,
    amr: ['mail', 'otp', 'mfa'],
    authTime: at,
    link: { level: 'declared', method: 'partner_account' },
  });
  expect(isVouchedFor(asserted)).toBe(true);
  expect(() => partnerIdentity(partner, [kinds.totp], 'https://connexion.example')).toThrow(BrokerError);
});
