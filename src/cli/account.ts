import { changeBlock, hasBlockReason, longestBlockReason } from '../blocking/blocking.ts';
import type { BlockRequest } from '../blocking/blocking.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** `maillon account block ID`: grants and refresh tokens end at once, sessions within a minute, by the processes that serve. */
export async function accountBlock(surroundings: Surroundings, given: Arguments): Promise<void> {
  const id = await onTheServer(surroundings, given, 'block');
  surroundings.print(
    `${id} is blocked. What it had open ends within a minute where Maillon serves; nobody signs in with it.`,
  );
}

/** `maillon account unblock ID`. */
export async function accountUnblock(surroundings: Surroundings, given: Arguments): Promise<void> {
  const id = await onTheServer(surroundings, given, 'unblock');
  surroundings.print(`${id} may sign in again. What was open before stays ended.`);
}

async function onTheServer(
  surroundings: Surroundings,
  { positionals, values }: Arguments,
  act: BlockRequest['act'],
): Promise<string> {
  const [accountId = ''] = positionals;
  const reason = values.get('reason') ?? '';
  if (!hasBlockReason(reason))
    throw new UsageError(`--reason says why, in ${longestBlockReason} characters at most`);
  const actor = commandLineActor(surroundings);
  await withStores(surroundings, configOf(surroundings), ({ db }) =>
    changeBlock({ db, clock: surroundings.clock }, { act, accountId, reason, actor }),
  );
  return accountId;
}
