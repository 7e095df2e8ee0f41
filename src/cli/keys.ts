import { createSeal } from '../config/config.ts';
import {
  keyAlgorithms,
  listKeys,
  longestLifeSeconds,
  metadataMaxAgeSeconds,
  rotateKeys,
  rotatingAlgorithms,
  usualPublicationSeconds,
  withdrawKey,
} from '../keys/keys.ts';
import type { KeyStore, ListedKey, RotatingAlgorithm, Withdrawal } from '../keys/keys.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { durationOf } from './duration.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

export async function keysList(surroundings: Surroundings): Promise<void> {
  const keys = await onKeys(surroundings, ({ db }) => listKeys(db, surroundings.clock()));
  surroundings.print(
    keys.length === 0
      ? 'No key yet: the first process that starts makes them.'
      : table([['KID', 'ALG', 'STATE', 'SINCE', 'UNTIL'], ...keys.map(row)]),
  );
}

/** A new key of each algorithm, or of one: published now, signing later. */
export async function keysRotate(surroundings: Surroundings, { values }: Arguments): Promise<void> {
  const algs = algorithmsOf(values.get('alg'));
  const publishFor = values.get('publish-for');
  const publishForSeconds =
    publishFor === undefined ? usualPublicationSeconds : durationOf('--publish-for', publishFor);
  const rotations = await onKeys(surroundings, (store) =>
    rotateKeys(store, algs, publishForSeconds, commandLineActor(surroundings)),
  );
  const [first] = rotations;
  if (first === undefined) return;
  const end = new Date(first.activatesAt.getTime() + longestLifeSeconds * 1000);
  surroundings.print(
    [
      ...rotations.map(({ alg, kid, replaces }) => `${alg}: ${kid} will replace ${replaces ?? 'nothing'}`),
      '',
      'Within 5 seconds /jwks publishes the new keys, on every process. They do not sign yet.',
      `From ${first.activatesAt.toISOString()} they sign. No process has to be restarted.`,
      `Until ${end.toISOString()} the former keys stay published and verify what they signed. Then they are deleted.`,
    ].join('\n'),
  );
}

/** For a key that somebody else may have. */
export async function keysWithdraw(surroundings: Surroundings, { positionals }: Arguments): Promise<void> {
  const withdrawal = await onKeys(surroundings, (store) =>
    withdrawKey(store, positionals[0] ?? '', commandLineActor(surroundings)),
  );
  surroundings.print(consequences(withdrawal).join('\n'));
}

function consequences({ kid, alg, role, replacement }: Withdrawal): readonly string[] {
  const gone = `${alg}: ${kid} is withdrawn. Within 5 seconds /jwks no longer publishes it, on any process.`;
  if (role === 'next') return [gone, 'It has never signed: nothing else changes.'];
  return [
    gone,
    ...(replacement === undefined
      ? ['It no longer signed: the current key stays.']
      : [
          `${replacement} signs from now on. Tools that hold a copy of /jwks fetch it again when they meet this kid.`,
        ]),
    `Tools and proxies may hold a copy of /jwks with the withdrawn key for ${metadataMaxAgeSeconds / 60} minutes more, and trust it.`,
    'What it signed is no longer accepted here: a sign-out with an ID token of before asks the person first, or is refused.',
    'Sessions, codes, refresh tokens and opaque access tokens stay as they are: no key signs them.',
  ];
}

function onKeys<T>(surroundings: Surroundings, work: (store: KeyStore) => Promise<T>): Promise<T> {
  const config = configOf(surroundings);
  const seal = createSeal(config.encryptionKeys, 'signing-key');
  return withStores(surroundings, config, ({ db }) => work({ db, seal, clock: surroundings.clock }));
}

function algorithmsOf(text: string | undefined): readonly RotatingAlgorithm[] {
  if (text === undefined) return keyAlgorithms;
  const alg = rotatingAlgorithms.find((known) => known === text);
  if (alg === undefined) throw new UsageError(`--alg must be one of ${rotatingAlgorithms.join(', ')}`);
  return [alg];
}

const row = ({ kid, alg, state, since, until }: ListedKey): readonly string[] => [
  kid,
  alg,
  state,
  since.toISOString(),
  until?.toISOString() ?? '-',
];

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_cell, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
