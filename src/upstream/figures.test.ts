import { expect, test } from 'vitest';
import { createMetrics } from '../http/http.ts';
import { statusFigures } from './figures.ts';
import type { IdpStatus } from './status.ts';

const at = (second: number) => new Date(Date.UTC(2027, 0, 4, 10, 0, second));
const seconds = (second: number) => at(second).getTime() / 1000;

const calm: IdpStatus = {
  id: 'etat',
  name: 'État',
  reach: 'answers',
  breaker: 'closed',
  recent: { asked: 7, failed: 2 },
  lastSuccess: at(1),
  lastFailure: { at: at(2), code: 'M-UPST-018' },
  keyChanges: 3,
  keysChangedAt: at(3),
  metadataReadAt: at(4),
  keysReadAt: at(5),
  certificateEndsAt: at(6),
};

/** Value of each figure of one identity provider. */
async function figures(status: IdpStatus): Promise<Readonly<Record<string, number>>> {
  const metrics = createMetrics();
  statusFigures(metrics, () => [status]);
  const found = (await metrics.text()).matchAll(/^maillon_idp_(\w+)\{idp="etat"\} (\S+)$/gmu);
  return Object.fromEntries([...found].map(([, name = '', value]) => [name, Number(value)]));
}

test('every figure of an identity provider is its own: how it is, of late, and when', async () => {
  expect(await figures(calm)).toEqual({
    up: 1,
    stale: 0,
    recent_exchanges: 7,
    recent_failures: 2,
    key_changes: 3,
    metadata_read_timestamp_seconds: seconds(4),
    keys_read_timestamp_seconds: seconds(5),
    last_success_timestamp_seconds: seconds(1),
    certificate_end_timestamp_seconds: seconds(6),
  });
});

test.each([
  ['answers', 'closed', { up: 1, stale: 0 }],
  ['failing', 'closed', { up: 1, stale: 1 }],
  ['failing', 'open', { up: 0, stale: 1 }],
  ['answers', 'open', { up: 0, stale: 0 }],
  ['answers', 'probing', { up: 1, stale: 0 }],
  ['away', 'closed', { up: 0, stale: 0 }],
] as const)('%s, with exchanges %s', async (reach, breaker, expected) => {
  expect(await figures({ ...calm, reach, breaker })).toMatchObject(expected);
});

test('what never happened has no instant: no figure stands for it', async () => {
  const never = { lastSuccess: undefined, certificateEndsAt: undefined } as const;
  const shown = await figures({ ...calm, ...never, metadataReadAt: undefined, keysReadAt: undefined });
  expect(Object.keys(shown).filter((name) => name.endsWith('_seconds'))).toEqual([]);
});
