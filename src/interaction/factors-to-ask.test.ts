import { describe, expect, test } from 'vitest';
import type { Proof } from '../partners/partners.ts';
import { factorsToAsk, needsSeveral } from './factors-to-ask.ts';

/** Minutes after the login began; before it: of the session that goes on. */
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute));
const mail = (minute: number): Proof => ({ method: 'mail', at: at(minute) });
const totp = (minute: number): Proof => ({ method: 'totp', at: at(minute) });
const recovery = (minute: number): Proof => ({ method: 'recovery_code', at: at(minute) });
const passkey = (minute: number, userVerified = true): Proof => ({
  method: 'passkey',
  at: at(minute),
  userVerified,
});

const any: readonly string[] = [];
const several = ['eidas1-mfa', 'eidas2', 'eidas3'];

describe('what a partner is asked for', () => {
  test.each<
    readonly [string, readonly Proof[], readonly string[], boolean, Date | undefined, readonly string[]]
  >([
    ['nothing proven', [], any, false, undefined, ['mail']],
    ['nothing proven, a second factor', [], any, true, undefined, ['mail', 'second_factor']],
    ['nothing proven, two factors wanted', [], several, false, undefined, ['mail', 'enrolment']],
    ['the mailbox', [mail(1)], any, false, undefined, []],
    [
      'the mailbox: a second factor is asked for although nobody wants it',
      [mail(1)],
      any,
      true,
      undefined,
      ['second_factor'],
    ],
    ['the mailbox, two wanted, none there', [mail(1)], several, false, undefined, ['enrolment']],
    [
      'the mailbox in another login: proven again before anything is added',
      [mail(-5)],
      several,
      false,
      undefined,
      ['mail', 'enrolment'],
    ],
    [
      'the mailbox in another login, a second factor: only that one',
      [mail(-5)],
      several,
      true,
      undefined,
      ['second_factor'],
    ],
    ['both', [mail(1), totp(2)], several, true, undefined, []],
    ['a recovery code in its place', [mail(1), recovery(2)], several, true, undefined, []],
    ['a passkey that knew its owner', [passkey(1)], several, true, undefined, []],
    ['one that did not is one factor', [passkey(1, false)], any, true, undefined, ['mail']],
    ['with the mailbox it is two', [mail(1), passkey(2, false)], several, true, undefined, []],
    ['a code of an application alone', [totp(1)], any, true, undefined, ['mail']],
    ['a second factor made in this login', [mail(1), totp(2)], several, false, undefined, []],
    // A level that nobody reaches here is no reason to make somebody work in vain.
    ['a level out of reach', [mail(1)], ['eidas2', 'eidas3'], false, undefined, []],
    // prompt=login, or a policy that wants a recent sign-in: nothing of before.
    ['anew: nothing of before counts', [mail(-5), totp(-5)], any, true, at(0), ['mail', 'second_factor']],
    ['anew: a passkey neither', [passkey(-5)], any, true, at(0), ['mail', 'second_factor']],
    ['anew, done', [mail(-5), passkey(0)], any, true, at(0), []],
    // max_age: each proof by its own age.
    ['max_age: the older proof only', [mail(-20), totp(-5)], any, true, at(-10), ['mail']],
    ['max_age: the younger one only', [mail(-5), totp(-20)], any, true, at(-10), ['second_factor']],
    ['max_age: to the instant', [mail(-10)], any, false, at(-10), []],
  ])('%s', (_name, proofs, levels, held, notBefore, expected) => {
    expect(factorsToAsk({ proofs, levels, held, notBefore, begunAt: at(0) })).toEqual(expected);
  });

  test('no second factor is ever made before the mailbox was proven in this login', () => {
    const all: readonly (readonly Proof[])[] = [
      [],
      [mail(-1)],
      [totp(-1)],
      [mail(-1), totp(-1)],
      [passkey(-1, false)],
    ];
    for (const proofs of all)
      for (const held of [true, false])
        expect(factorsToAsk({ proofs, levels: several, held, begunAt: at(0) })[0]).not.toBe('enrolment');
  });
});

test.each([
  [[], false],
  [['eidas1-mfa'], true],
  [['eidas0-mfa'], true],
  [['eidas1', 'eidas1-mfa'], false],
  [['eidas0', 'eidas2'], false],
  [['eidas2'], false],
  [['eidas1-mfa', 'eidas3'], true],
  [['anything else'], false],
])('%j need several factors: %s', (levels, expected) => {
  expect(needsSeveral(levels)).toBe(expected);
});
