import { expect, test } from 'vitest';
import { levelByEmailCode } from './level-by-email-code.ts';

const mfa = ['eidas1-mfa', 'eidas2', 'eidas3'];
const anyMfa = ['eidas0-mfa', ...mfa];
const signIn = (
  acr: string,
  change: { readonly amr?: string[]; readonly emailDomain?: string; readonly emailVerified?: boolean } = {},
) => ({
  acr,
  amr: ['pwd'],
  emailDomain: 'etat.example',
  emailVerified: true,
  ...change,
});
const accepts = { email_code: true };

test.each([
  ['eidas1', mfa, 'eidas1-mfa'],
  ['eidas0', anyMfa, 'eidas0-mfa'],
  // The mailbox proves no identity.
  ['eidas0', mfa, undefined],
  // Nor is it as good as a card.
  ['eidas1', ['eidas2', 'eidas3'], undefined],
  ['eidas1-mfa', ['eidas2'], undefined],
  ['eidas2', ['eidas3'], undefined],
  ['unheard-of', mfa, undefined],
  // Nothing is missing that a level would give.
  ['eidas1', [], undefined],
])('%s, where %j would do: %s', (acr, required, expected) => {
  expect(levelByEmailCode(signIn(acr), required, accepts)).toBe(expected);
});

test.each([
  ['the rules do not accept it', signIn('eidas1'), {}],
  ['the rules refuse it', signIn('eidas1'), { email_code: false }],
  ['there are no rules', signIn('eidas1'), undefined],
  ['the provider says that nobody proved it', signIn('eidas1', { emailVerified: false }), accepts],
  ['nobody answers for the address', signIn('eidas1', { emailDomain: '' }), accepts],
  ['there was one in this session', { ...signIn('eidas1'), emailCode: true as const }, accepts],
  ['a code was the first factor', signIn('eidas1', { amr: ['mail'] }), accepts],
])('not when %s', (_because, who, policy) => {
  expect(levelByEmailCode(who, mfa, policy)).toBeUndefined();
});
