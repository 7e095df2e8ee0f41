import { randomBytes } from 'node:crypto';
import { clientScope } from '../declarations/declarations.ts';
import {
  createInitialAccessToken,
  mostScope,
  openInitialAccessTokens,
  registeredClients,
  removeClient,
} from '../dynamic-clients/dynamic-clients.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Arguments } from './commands.ts';
import { durationOf } from './duration.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

const longestSeconds = 366 * 86_400;

/** `maillon registration token`: allows tools to register themselves for one service. The token is shown once. */
export async function registrationToken(surroundings: Surroundings, { values }: Arguments): Promise<void> {
  const service = values.get('service');
  if (service === undefined) throw new UsageError('--service is missing');
  const usesLeft = wholeNumber('uses', values.get('uses') ?? '1', 1000);
  const seconds = durationOf('--for', values.get('for') ?? '7d');
  if (seconds === 0 || seconds > longestSeconds) throw new UsageError('--for must be at most 366 days');
  const scope = values.get('scope') ?? mostScope;
  const problem = clientScope.safeParse(scope).error?.issues[0]?.message;
  if (problem !== undefined) throw new UsageError(`--scope ${problem}`);

  const config = configOf(surroundings);
  const now = surroundings.clock();
  const expiresAt = new Date(now.getTime() + seconds * 1000);
  const token = await withStores(surroundings, config, async ({ db }) => {
    const known = await db
      .selectFrom('declared_object')
      .select('id')
      .where('kind', '=', 'service')
      .where('id', '=', service)
      .executeTakeFirst();
    if (known === undefined)
      throw new BrokerError('M-CONF-003', { detail: `No service "${service}" is declared.` });
    return createInitialAccessToken(
      db,
      { service, scope, usesLeft, expiresAt },
      { random: randomBytes, now },
    );
  });
  surroundings.print(
    [
      token,
      `For ${service}, ${times(usesLeft)}, until ${expiresAt.toISOString()}. It is not shown again.`,
      ...(config.dynamicRegistration
        ? []
        : [
            'DYNAMIC_REGISTRATION is off here: the token is good where Maillon serves with DYNAMIC_REGISTRATION=on.',
          ]),
    ].join('\n'),
  );
}

/** `maillon registration list`: clients that registered themselves, and tokens that still allow to. */
export async function registrationList(surroundings: Surroundings): Promise<void> {
  const { clients, tokens } = await withStores(surroundings, configOf(surroundings), async ({ db }) => ({
    clients: await registeredClients(db),
    tokens: await openInitialAccessTokens(db, surroundings.clock()),
  }));
  const lines = [
    ...clients.map(({ client, registeredAt }) =>
      [
        client.client_id,
        client.service,
        registeredAt.toISOString(),
        client.redirect_uris.join(' '),
        ...(client.client_name === undefined ? [] : [JSON.stringify(client.client_name)]),
      ].join('  '),
    ),
    ...tokens.map(
      ({ service, usesLeft, expiresAt }) =>
        `initial access token  ${service}  ${times(usesLeft)}  until ${expiresAt.toISOString()}`,
    ),
  ];
  surroundings.print(
    lines.length === 0 ? 'No client registered itself, and none is allowed to.' : lines.join('\n'),
  );
}

/** `maillon registration remove CLIENT_ID`: the client goes, with all that people granted it. */
export async function registrationRemove(
  surroundings: Surroundings,
  { positionals }: Arguments,
): Promise<void> {
  const [clientId = ''] = positionals;
  const removed = await withStores(surroundings, configOf(surroundings), ({ db }) =>
    removeClient(db, { clientId, now: surroundings.clock() }),
  );
  if (!removed) throw new BrokerError('M-CONF-003', { detail: `No client "${clientId}" registered itself.` });
  surroundings.print(`removed ${clientId}`);
}

function wholeNumber(option: string, text: string, most: number): number {
  if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > most)
    throw new UsageError(`--${option} must be a whole number from 1 to ${most}`);
  return Number(text);
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
