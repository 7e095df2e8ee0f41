import { expect, test } from 'vitest';
import { partnerProviderId } from '../declarations/declarations.ts';
import type { SessionRecord } from './session-identity.ts';
import { wasOpenedBy } from './session-identity.ts';

const at = new Date('2026-11-22T10:00:00.500Z');
const seconds = at.getTime() / 1000;

const opened = (startedAt: number | undefined, idp: string, authTime: number): SessionRecord => ({
  signIn: {
    id: 'sign-in',
    accountId: 'account',
    idp,
    email: '',
    emailDomain: '',
    emailVerified: false,
    claims: {},
    acr: 'eidas1',
    amr: [],
    authTime,
    memberships: [],
  },
  choices: {},
  ...(startedAt === undefined ? {} : { startedAt }),
});

test.each([
  ['the same second', Math.floor(seconds), 'demo', 0, true],
  ['a second later', Math.ceil(seconds), 'demo', 0, false],
  ['by a version that did not say when', undefined, 'demo', seconds + 60, true],
  ['later, proven here before', Math.ceil(seconds), partnerProviderId, Math.floor(seconds) - 60, true],
  ['later, proven here later', Math.ceil(seconds) + 60, partnerProviderId, Math.ceil(seconds), false],
])('a session opened %s', (_, startedAt, idp, authTime, expected) => {
  expect(wasOpenedBy(opened(startedAt, idp, authTime), at)).toBe(expected);
});
