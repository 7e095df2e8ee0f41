import { describe, expect, it, test } from 'vitest';
import { providerShown } from './providers.ts';
import type { ProviderStatus } from './providers.ts';

const now = new Date('2026-11-22T09:00:00Z');
const idp = {
  id: 'etat',
  name: 'État',
  support: { name: 'Assistance', email: 'aide@etat.example' },
} as const;
const calm: ProviderStatus = {
  id: 'etat',
  reach: 'answers',
  breaker: 'closed',
  lastSuccess: undefined,
  lastFailure: undefined,
  recent: { asked: 0, failed: 0 },
  keyChanges: 0,
  keysChangedAt: undefined,
  metadataReadAt: undefined,
  certificateEndsAt: undefined,
};
const shown = (change: Partial<ProviderStatus>) => providerShown(idp, { ...calm, ...change }, now);

describe('what operators see of an identity provider', () => {
  test.each([
    ['answers', 'closed', 'answers'],
    ['failing', 'closed', 'failing'],
    ['away', 'closed', 'away'],
    ['unknown', 'closed', 'unknown'],
    ['answers', 'open', 'away'],
    ['failing', 'open', 'away'],
    ['answers', 'probing', 'probing'],
    ['away', 'probing', 'away'],
  ] as const)('%s, with exchanges %s: %s', (reach, breaker, state) => {
    expect(shown({ reach, breaker }).state).toBe(state);
  });

  it('never rounds a failure away, and says nothing of nobody', () => {
    expect(shown({}).errors).toBeUndefined();
    expect(shown({ recent: { asked: 1_000, failed: 1 } }).errors?.share).toBe(1);
    expect(shown({ recent: { asked: 1_000, failed: 0 } }).errors?.share).toBe(0);
    expect(shown({ recent: { asked: 3, failed: 3 } }).errors?.share).toBe(100);
  });

  test.each([
    ['2026-12-13T08:59:59Z', true],
    ['2026-12-13T09:00:00Z', false],
    ['2026-11-01T00:00:00Z', true],
  ])('a certificate that ends on %s ends soon: %s', (end, soon) => {
    expect(shown({ certificateEndsAt: new Date(end) }).certificate?.soon).toBe(soon);
  });

  it('says when somebody signed in, what failed last, when its keys changed, and when it was read', () => {
    const at = (hour: number) => new Date(Date.UTC(2026, 10, 22, hour));
    expect(
      shown({
        lastSuccess: at(1),
        lastFailure: { at: at(2), code: 'M-UPST-018' },
        keyChanges: 3,
        keysChangedAt: at(4),
        metadataReadAt: at(5),
      }),
    ).toMatchObject({
      name: 'État',
      lastAt: at(1),
      lastFailure: { at: at(2), code: 'M-UPST-018' },
      keys: { changes: 3, updatedAt: at(4) },
      readAt: at(5),
    });
    expect(shown({})).toMatchObject({
      lastAt: undefined,
      lastFailure: undefined,
      keys: undefined,
      certificate: undefined,
    });
  });

  it('says who helps and who hosts', () => {
    const hosting = { name: 'Centre', country: 'FR', qualification: 'SecNumCloud' };
    expect(shown({})).toMatchObject({ support: { href: 'mailto:aide@etat.example' }, hosting: undefined });
    expect(providerShown({ ...idp, hosting }, calm, now).hosting).toBe('Centre, FR, SecNumCloud');
    expect(providerShown({ ...idp, hosting: { name: 'Centre', country: 'FR' } }, calm, now).hosting).toBe(
      'Centre, FR',
    );
  });
});
