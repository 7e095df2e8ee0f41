import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createOneTimeCodes } from '../codes/codes.ts';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { linkHolder } from './link-holder.ts';

const clock = () => new Date('2027-01-04T10:00:00Z');
const codes = createOneTimeCodes({
  ephemeral: ephemeralFor(clock),
  clock,
  random: randomBytes,
  pepper: new Uint8Array(32).fill(7),
  assertTrusted: () => undefined,
});
const visitor = { sessionUid: 'session-1', accountId: 'account-1', email: 'ana@atelier.example' };
const partner = { id: 'partner-1' };

test('a link that was begun is finished by the same session, of the same account, towards the same one', async () => {
  const issued = await codes.issue(linkHolder(visitor, partner));
  if (issued.outcome !== 'sent') throw new Error('no code was made');
  for (const [of, holder] of [
    ['another session', linkHolder({ ...visitor, sessionUid: 'session-2' }, partner)],
    ['another account', linkHolder({ ...visitor, accountId: 'account-2' }, partner)],
    ['another address', linkHolder({ ...visitor, email: 'bea@atelier.example' }, partner)],
    ['another account kept here', linkHolder(visitor, { id: 'partner-2' })],
  ] as const)
    expect([of, await codes.check(holder, issued.code)]).toEqual([of, 'none']);
  expect(await codes.check(linkHolder(visitor, partner), issued.code)).toBe('right');
});
