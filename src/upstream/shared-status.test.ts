import { afterEach, describe, expect, it } from 'vitest';
import { shareStatuses, together } from './shared-status.ts';
import type { Board } from './shared-status.ts';
import type { IdpStatus } from './status.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 9, minute));
const calm: IdpStatus = {
  id: 'etat',
  name: 'État',
  reach: 'answers',
  breaker: 'closed',
  lastSuccess: at(1),
  lastFailure: undefined,
  recent: { asked: 10, failed: 0 },
  keyChanges: 0,
  keysChangedAt: undefined,
  metadataReadAt: at(1),
  keysReadAt: at(1),
  certificateEndsAt: at(59),
};

describe('what two processes saw of an IdP', () => {
  it('is the worst of it, the latest of it, and the sum of its sign-ins', () => {
    const other: IdpStatus = {
      ...calm,
      reach: 'away',
      breaker: 'probing',
      lastSuccess: at(0),
      lastFailure: { at: at(5), code: 'M-UPST-001' },
      recent: { asked: 4, failed: 3 },
      keyChanges: 1,
      keysChangedAt: at(3),
      metadataReadAt: at(4),
      keysReadAt: undefined,
      certificateEndsAt: at(58),
    };
    const both: IdpStatus = {
      id: 'etat',
      name: 'État',
      reach: 'away',
      breaker: 'probing',
      lastSuccess: at(1),
      lastFailure: { at: at(5), code: 'M-UPST-001' },
      recent: { asked: 14, failed: 3 },
      keyChanges: 1,
      keysChangedAt: at(3),
      metadataReadAt: at(4),
      keysReadAt: at(1),
      certificateEndsAt: at(58),
    };
    expect(together(calm, other)).toEqual(both);
    expect(together(other, calm)).toEqual(both);
  });
});

describe('a board', () => {
  const stops: (() => void)[] = [];
  afterEach(() => stops.splice(0).forEach((stop) => stop()));
  const share = (process: string, own: IdpStatus, board: Board) => {
    const problems: unknown[] = [];
    const shared = shareStatuses({
      own: () => [own],
      board,
      process,
      onProblem: (error) => problems.push(error),
    });
    stops.push(shared.stop);
    return { ...shared, problems };
  };

  it('lets each process see the others, and never itself twice', async () => {
    const left = [
      JSON.stringify({ process: 'a', statuses: [calm] }),
      JSON.stringify({
        process: 'b',
        statuses: [
          { ...calm, recent: { asked: 1, failed: 1 }, lastFailure: { at: at(2), code: 'M-UPST-001' } },
        ],
      }),
    ];
    const { all } = share('a', calm, { put: () => Promise.resolve(), all: () => Promise.resolve(left) });
    expect(await all()).toMatchObject([
      {
        recent: { asked: 11, failed: 1 },
        lastFailure: { at: at(2), code: 'M-UPST-001' },
        lastSuccess: at(1),
      },
    ]);
  });

  it('that cannot be read, or that holds what another version wrote, leaves this process with what it saw', async () => {
    const broken = share('a', calm, {
      put: () => Promise.resolve(),
      all: () => Promise.reject(new Error('no store')),
    });
    expect(await broken.all()).toEqual([calm]);
    expect(broken.problems).toHaveLength(1);
    const foreign = share('a', calm, {
      put: () => Promise.resolve(),
      all: () => Promise.resolve(['{', '{"process":"b","statuses":[{"id":"etat"}]}']),
    });
    expect(await foreign.all()).toEqual([calm]);
  });
});
