import { createDeclarations } from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';
import { secretUses } from '../storage/storage.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { withStores } from './with-stores.ts';

const idleDays = 30;
const dayMs = 86_400_000;

/** Every client with its service, profile, authentication method, and the use of its secrets. */
export async function clients(surroundings: Surroundings): Promise<void> {
  const { print, clock } = surroundings;
  const { known, lastUse, changed } = await withStores(
    surroundings,
    configOf(surroundings),
    async ({ db }) => {
      const declarations = await createDeclarations({ db, clock, onProblem: () => undefined });
      const { clients: all } = declarations.current();
      declarations.stop();
      const uses = await secretUses(db);
      const changes = await db
        .selectFrom('declared_object')
        .select(['id', 'updated_at'])
        .where('kind', '=', 'client')
        .execute();
      return {
        changed: new Map(changes.map(({ id, updated_at: at }) => [id, at] as const)),
        known: [...all.values()].toSorted((left, right) => (left.client_id < right.client_id ? -1 : 1)),
        lastUse: new Map(
          uses.map((use) => [`${use.client_id} ${use.secret_sha256}`, use.last_used_at] as const),
        ),
      };
    },
  );
  if (known.length === 0) {
    print('No client is declared yet: `maillon apply DIR` declares them.');
    return;
  }
  const used = (client: Client, digest: string): Date | undefined =>
    lastUse.get(`${client.client_id} ${digest}`);
  print(
    table([
      ['CLIENT', 'SERVICE', 'PROFILE', 'AUTHENTICATION', 'SECRET LAST USED'],
      ...known.flatMap((client) =>
        rows(client, {
          used: (digest) => used(client, digest),
          changed: changed.get(client.client_id),
          now: clock(),
        }),
      ),
    ]),
  );
}

function rows(
  client: Client,
  known: {
    readonly used: (digest: string) => Date | undefined;
    readonly changed: Date | undefined;
    readonly now: Date;
  },
): readonly Row[] {
  const { used, changed, now } = known;
  const { client_secret_sha256: current, former_client_secret_sha256: former } = client;
  return [
    [
      client.client_id,
      client.service,
      client.profile,
      client.token_endpoint_auth_method,
      current === undefined ? '' : dateText(used(current)),
    ],
    ...(former === undefined
      ? []
      : [['', '', '', 'former secret', formerText(used(former), { changed, now })] as const]),
  ];
}

const dateText = (date: Date | undefined): string =>
  date === undefined ? 'never' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A secret that became the former one only now has had no time to be left unused. */
function formerText(
  date: Date | undefined,
  { changed, now }: { readonly changed: Date | undefined; readonly now: Date },
): string {
  const since = date ?? changed;
  const idle = since !== undefined && now.getTime() - since.getTime() > idleDays * dayMs;
  return idle ? `${dateText(date)}: former secret unused for ${idleDays} days: it can go` : dateText(date);
}

type Row = readonly [string, string, string, string, string];

function table(lines: readonly Row[]): string {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
