import { expect, test, vi } from 'vitest';
import type { EphemeralStore } from '../storage/storage.ts';
import { createSignInRecord } from './sign-in-record.ts';
import type { SignInEntry } from './sign-in-record.ts';

const now = new Date('2026-11-22T12:00:00Z');
const acting: SignInEntry['actor'] = {
  kind: 'operator',
  id: 'ada',
  givenName: 'Ada',
  usualName: 'Martin',
  capacity: 'Cheffe de bureau',
  organization: 'Opérateur',
  sirens: ['130025265'],
  accountId: 'a-carla',
};
const visitor = {
  accountId: 'account-ada',
  sessionUid: 'session-1',
  email: 'ada@operateur.example',
  isEmailVouchedFor: true,
  isEmailVerified: true,
  givenName: 'Ada',
  usualName: 'Martin',
  memberships: [],
  signedInFor: [],
  acr: 'eidas1-mfa',
  amr: ['mfa'],
  authTime: new Date('2026-11-22T11:00:00Z'),
  idp: 'demo',
};

/** Two processes: one store, one record. */
function processes() {
  const marks = new Set<string>();
  const ephemeral: Pick<EphemeralStore, 'setIfAbsent' | 'delete'> = {
    setIfAbsent: (key) => Promise.resolve(!marks.has(key) && marks.add(key).has(key)),
    delete: (...keys) => {
      for (const key of keys) marks.delete(key);
      return Promise.resolve();
    },
  };
  const record = vi.fn<(at: Date, entry: SignInEntry) => Promise<void>>(() => Promise.resolve());
  const start = () => createSignInRecord({ ephemeral, record, clock: () => now });
  return { record, one: start(), other: start() };
}

test('one entry a sign-in, whatever the process and however often', async () => {
  const { record, one, other } = processes();
  await Promise.all([one(acting, visitor), other(acting, visitor), one(acting, visitor)]);
  await one(acting, visitor);
  expect(record.mock.calls).toEqual([
    [
      now,
      {
        act: 'operator.sign_in',
        subject: 'operator:ada',
        actor: acting,
        after: { idp: 'demo', acr: 'eidas1-mfa', amr: ['mfa'], auth_time: '2026-11-22T11:00:00.000Z' },
      },
    ],
  ]);
});

test('signing in again, or in another browser, is another', async () => {
  const { record, one } = processes();
  await one(acting, visitor);
  await one(acting, { ...visitor, authTime: now });
  await one(acting, { ...visitor, sessionUid: 'session-2' });
  expect(record).toHaveBeenCalledTimes(3);
});

test('what could not be recorded is recorded at the next request', async () => {
  const { record, one } = processes();
  record.mockRejectedValueOnce(new Error('the record is away'));
  await expect(one(acting, visitor)).rejects.toThrow('away');
  await one(acting, visitor);
  expect(record).toHaveBeenCalledTimes(2);
});
