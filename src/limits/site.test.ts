import { expect, test } from 'vitest';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { createLimits, limitsTable } from './limits.ts';

test('whoever has a whole /48 of IPv6 and changes the network within it has ten networks, not 65 536', async () => {
  const limits = createLimits({ ephemeral: ephemeralFor(() => new Date()) });
  const most = limitsTable.code_sent.ip.times * 10;
  const from = (each: number) => limits.attempt('code_sent', { ip: `2001:db8:7:${each.toString(16)}::1` });
  for (let each = 0; each < most; each += 1) expect((await from(each)).allowed).toBe(true);
  expect(await from(most)).toMatchObject({ allowed: false, by: 'ip' });
  expect((await limits.attempt('code_sent', { ip: '2001:db8:8::1' })).allowed).toBe(true);
});
