import { expect, test } from 'vitest';
import { createFingerprints } from './config.ts';

test('is found again under any key of the house, and under no other key or purpose', () => {
  const [before = ''] = createFingerprints(['first'], 'refusals')('lea@asso.example');
  expect(createFingerprints(['second', 'first'], 'refusals')('lea@asso.example')).toContain(before);
  expect(createFingerprints(['second'], 'refusals')('lea@asso.example')).not.toContain(before);
  expect(createFingerprints(['first'], 'bounces')('lea@asso.example')).not.toContain(before);
  expect(createFingerprints(['first'], 'refusals')('max@asso.example')).not.toContain(before);
  expect(before).toMatch(/^[\w-]{43}$/u);
});
