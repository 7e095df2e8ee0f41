import {
  giveBackDomain,
  hasBlockReason,
  heldDomains,
  holdDomain,
  longestBlockReason,
} from '../blocking/blocking.ts';
import type { DomainRequest } from '../blocking/blocking.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** `maillon domain hold DOMAIN`: others may read its mailboxes. */
export async function domainHold(surroundings: Surroundings, given: Arguments): Promise<void> {
  const request = requestOf(surroundings, given);
  const accounts = await withStores(surroundings, configOf(surroundings), ({ db }) =>
    holdDomain({ db, clock: surroundings.clock }, request),
  );
  surroundings.print(
    `${request.domain} is held, and what is below it. No code goes to its addresses and nobody signs in by one; what ${accounts} known ${accounts === 1 ? 'account has' : 'accounts have'} open ends within a minute where Maillon serves.`,
  );
}

/** `maillon domain give-back DOMAIN`. */
export async function domainGiveBack(surroundings: Surroundings, given: Arguments): Promise<void> {
  const request = requestOf(surroundings, given);
  await withStores(surroundings, configOf(surroundings), ({ db }) =>
    giveBackDomain({ db, clock: surroundings.clock }, request),
  );
  surroundings.print(
    `People of ${request.domain} may sign in again. What was open before stays ended. Look at what was done in their name: maillon audit export --from DAY.`,
  );
}

/** `maillon domain held`. */
export async function domainHeld(surroundings: Surroundings): Promise<void> {
  const held = await withStores(surroundings, configOf(surroundings), ({ db }) => heldDomains(db));
  if (held.length === 0) {
    surroundings.print('No domain is held.');
    return;
  }
  const rows = held.map(({ domain, since, by, reason }) => [domain, since.toISOString(), by, reason]);
  surroundings.print(table([['DOMAIN', 'SINCE', 'BY', 'WHY'], ...rows]));
}

function requestOf(surroundings: Surroundings, { positionals, values }: Arguments): DomainRequest {
  const [typed = ''] = positionals;
  const domain = canonicalEmail(`x@${typed.replace(/^@/u, '')}`)?.domain;
  if (domain === undefined) throw new UsageError(`${typed} is no mail domain: mairie.example`);
  const reason = values.get('reason') ?? '';
  if (!hasBlockReason(reason))
    throw new UsageError(`--reason says why, in ${longestBlockReason} characters at most`);
  return { domain, reason, actor: commandLineActor(surroundings) };
}
