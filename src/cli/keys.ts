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

/** A new key of each algorithm that signs, or of the one that is named: known now, in use later. */
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
  const from = first.activatesAt.toISOString();
  const end = new Date(first.activatesAt.getTime() + longestLifeSeconds * 1000).toISOString();
  surroundings.print(
    [
      ...rotations.map(({ alg, kid, replaces }) => `${alg}: ${kid} will replace ${replaces ?? 'nothing'}`),
      '',
      ...(opens(first.alg) ? openingTimes(from, end) : signingTimes(from, end)),
    ].join('\n'),
  );
}

const signingTimes = (from: string, end: string): readonly string[] => [
  'Within 5 seconds /jwks publishes the new keys, on every process. They do not sign yet.',
  `From ${from} they sign. No process has to be restarted.`,
  `Until ${end} the former keys stay published and verify what they signed. Then they are deleted.`,
];

const openingTimes = (from: string, end: string): readonly string[] => [
  'Within 5 seconds every process can open what is encrypted to the new key. No identity provider knows it yet.',
  `From ${from} /jwks publishes the new key in the place of the former. No process has to be restarted.`,
  `Until ${end} what they encrypted to the former key is opened. Then it is deleted.`,
];

/** For a key that somebody else may have. */
export async function keysWithdraw(surroundings: Surroundings, { positionals }: Arguments): Promise<void> {
  const withdrawal = await onKeys(surroundings, (store) =>
    withdrawKey(store, positionals[0] ?? '', commandLineActor(surroundings)),
  );
  surroundings.print(consequences(withdrawal).join('\n'));
}

function consequences({ kid, alg, role, replacement }: Withdrawal): readonly string[] {
  if (opens(alg)) return openingConsequences({ kid, alg, role, replacement });
  const gone = `${alg}: ${kid} is withdrawn. Within 5 seconds /jwks no longer publishes it, on any process.`;
  if (role === 'next') return [gone, 'It has never signed: nothing else changes.'];
  return [
    gone,
    ...(replacement === undefined
      ? ['It no longer signed: the current key stays.']
      : [
          `${replacement} signs from now on. Tools that hold a copy of /jwks fetch it again when they meet this kid.`,
        ]),
    `Tools and proxies may hold a copy of /jwks with the withdrawn key for ${copyMinutes} minutes more, and trust it.`,
    'What it signed is no longer accepted here: a sign-out with an ID token of before asks the person first, or is refused.',
    'Sessions, codes, refresh tokens and opaque access tokens stay as they are: no key signs them.',
  ];
}

function openingConsequences({ kid, alg, role, replacement }: Withdrawal): readonly string[] {
  const gone = `${alg}: ${kid} is withdrawn. Within 5 seconds, on every process, what is encrypted to it is not opened any more.`;
  if (role === 'next') return [gone, 'It was never published: nothing else changes.'];
  if (replacement === undefined) return [gone, 'It was no longer published: the current key stays.'];
  return [
    gone,
    `${replacement} is published in its place, at /jwks.`,
    `Identity providers may hold a copy of /jwks with the withdrawn key for ${copyMinutes} minutes more, or for as long as they were told: until then their people cannot come in. Tell those that encrypt.`,
  ];
}

const copyMinutes = metadataMaxAgeSeconds / 60;

/** What is encrypted to us; every other key signs. */
const opens = (alg: RotatingAlgorithm): boolean => !keyAlgorithms.some((signing) => signing === alg);

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
