import { expect, test } from 'vitest';
import { formatDuration } from './duration.ts';

test.each([
  [1, '1 seconde', '1 second'],
  [90, '90 secondes', '90 seconds'],
  [91, '2 minutes', '2 minutes'],
  [900, '15 minutes', '15 minutes'],
  [5400, '90 minutes', '90 minutes'],
  [5401, '2 heures', '2 hours'],
  [86_400, '24 heures', '24 hours'],
])('%i s: « %s », “%s”', (seconds, fr, en) => {
  expect(formatDuration(seconds, 'fr').replaceAll('\u00a0', ' ')).toBe(fr);
  expect(formatDuration(seconds, 'en')).toBe(en);
});
