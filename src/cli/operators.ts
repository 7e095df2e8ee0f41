import { randomUUID } from 'node:crypto';
import { readmitOnTheServer, removeOnTheServer } from '../appointments/appointments.ts';
import { keptOperators, removedOperators } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** `maillon operators list`: who is an operator, then who was removed. */
export async function operatorsList(surroundings: Surroundings): Promise<void> {
  const { kept, removed } = await withStores(surroundings, configOf(surroundings), async ({ db }) => ({
    kept: await keptOperators(db),
    removed: await removedOperators(db),
  }));
  if (kept.length === 0 && removed.length === 0) {
    surroundings.print('No operator is declared: see docs/operating.md.');
    return;
  }
  const rows = kept.map(({ operator, origin }) => [...cells(operator), origins[origin]]);
  surroundings.print(table([['ID', 'NAME', 'ROLES', 'UNTIL', 'DECLARED'], ...rows]));
  if (removed.length === 0) return;
  const out = removed.map(({ operator, origin, removedAt, removedById, reason }) => {
    const [id = '', name = '', roles = ''] = cells(operator);
    return [id, name, roles, origins[origin], removedAt.toISOString(), removedById, oneLine(reason)];
  });
  surroundings.print(`\n${table([['REMOVED', 'NAME', 'ROLES', 'DECLARED', 'WHEN', 'BY', 'WHY'], ...out])}`);
}

const origins = { configuration: 'in files', console: 'in the console' } as const;
const oneLine = (text: string): string => text.replace(/\s+/gu, ' ');
const cells = ({ id, given_name: given, usual_name: usual, roles, delegation }: Operator): string[] => [
  id,
  `${given} ${usual}`,
  roles.join(' '),
  delegation?.to ?? '',
];

/** `maillon operators readmit ID`: for when no two administrators are left who could. */
export async function operatorsReadmit(surroundings: Surroundings, given: Arguments): Promise<void> {
  const { origin } = await onTheServer(surroundings, given, readmitOnTheServer);
  const [id = ''] = given.positionals;
  surroundings.print(
    origin === 'console'
      ? `${id} is an operator again, as before the removal.`
      : `The removal of ${id} is taken back. They return, as your files say, with the next \`maillon apply\`.`,
  );
}

/** `maillon operators remove ID`: files of theirs are let go half an hour later. */
export async function operatorsRemove(surroundings: Surroundings, given: Arguments): Promise<void> {
  await onTheServer(surroundings, given, removeOnTheServer);
  surroundings.print(`${given.positionals[0] ?? ''} is removed. No \`maillon apply\` brings them back.`);
}

async function onTheServer<T>(
  surroundings: Surroundings,
  { positionals, values }: Arguments,
  act: (asked: Parameters<typeof readmitOnTheServer>[0]) => Promise<T>,
): Promise<T> {
  const [id = ''] = positionals;
  const reason = (values.get('reason') ?? '').trim();
  if (reason === '') throw new UsageError('--reason says why, in one sentence');
  const actor = commandLineActor(surroundings);
  return withStores(surroundings, configOf(surroundings), ({ db }) =>
    act({ db, id, reason, actor, at: surroundings.clock(), randomId: randomUUID }),
  );
}
