import type { QueueFilter } from '../registrations/registrations.ts';
import { queryOf } from './addresses.ts';
import { readQueueWords } from './queue-words.ts';
import type { QueueWords } from './queue-words.ts';

/** Where a line of the queue leads, and back: the filter travels in `q`, the sort in `tri` and `ordre`. */
const sorts = { echeance: 'due', recu: 'received', nom: 'name', change: 'changed' } as const satisfies Record<
  string,
  QueueFilter['sort']
>;
export const sortWord = (sort: QueueFilter['sort']): string =>
  Object.entries(sorts).find(([, value]) => value === sort)?.[0] ?? 'echeance';

export interface QueueAddress {
  readonly query: string;
  readonly words: QueueWords;
  readonly filter: Partial<QueueFilter>;
}

/** What the address asks for; what is not understood in it narrows nothing, and is said. */
export function queueAddress(given: URLSearchParams, services: readonly string[]): QueueAddress {
  // PostgreSQL takes no U+0000, and nobody looks for one.
  const query = queryOf(given);
  const words = readQueueWords(query, services);
  const { states, services: without, types, departments } = words.unwanted;
  const sort = Object.entries(sorts).find(([word]) => word === given.get('tri'))?.[1];
  const page = Number(given.get('page') ?? '1');
  return {
    query,
    words,
    filter: {
      ...words.wanted,
      ...(states.length + without.length + types.length + departments.length === 0
        ? {}
        : {
            except: {
              states: [...states],
              services: [...without],
              types: [...types],
              departments: [...departments],
            },
          }),
      ...(sort === undefined ? {} : { sort }),
      ...(given.get('ordre') === 'fin' ? { order: 'down' as const } : {}),
      ...(Number.isSafeInteger(page) && page >= 1 && page <= 10_000 ? { page } : {}),
    },
  };
}
