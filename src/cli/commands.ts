import type { ParseArgsConfig } from 'node:util';
import type { Surroundings } from './surroundings.ts';

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** Of the options that take one. */
  readonly values: ReadonlyMap<string, string>;
}

export interface Command {
  /** After `maillon`. */
  readonly usage: string;
  readonly summary: string;
  /** How many positional arguments it takes, exactly. */
  readonly positionals: number;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  readonly run: (surroundings: Surroundings, given: Arguments) => Promise<void>;
}

/**
 * A command is one word, or two when several act on one thing. Each is loaded when it is named: `help` is quick, and an
 * image without demo/ lacks only `demo`.
 */
export const commands: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve',
    summary: 'Start the broker.',
    positionals: 0,
    run: async (surroundings) => (await import('./serve.ts')).serve(surroundings),
  },
  migrate: {
    usage: 'migrate',
    summary: 'Bring the tables of the database up to date.',
    positionals: 0,
    run: async (surroundings) => (await import('./migrate.ts')).migrateCommand(surroundings),
  },
  apply: {
    usage: 'apply DIR [--dry-run]',
    summary: 'Make services, clients, identity providers, policies… what the files of DIR declare.',
    positionals: 1,
    options: { 'dry-run': { type: 'boolean' } },
    run: async (...given) => (await import('./apply.ts')).apply(...given),
  },
  'keys list': {
    usage: 'keys list',
    summary: 'Show the signing keys: which sign, which will, which only verify, and until when.',
    positionals: 0,
    run: async (surroundings) => (await import('./keys.ts')).keysList(surroundings),
  },
  'keys rotate': {
    usage: 'keys rotate [--alg ALG] [--publish-for DURATION]',
    summary: 'Publish new signing keys, which sign after DURATION (24h).',
    positionals: 0,
    options: { alg: { type: 'string' }, 'publish-for': { type: 'string' } },
    run: async (...given) => (await import('./keys.ts')).keysRotate(...given),
  },
  'keys withdraw': {
    usage: 'keys withdraw KID',
    summary: 'Stop publishing a signing key at once: somebody else may have it.',
    positionals: 1,
    run: async (...given) => (await import('./keys.ts')).keysWithdraw(...given),
  },
  'registration token': {
    usage: 'registration token --service ID [--uses N] [--for DURATION] [--scope SCOPES]',
    summary: 'Let tools register themselves for a service (RFC 7591): N times (1), for DURATION (7d).',
    positionals: 0,
    options: {
      service: { type: 'string' },
      uses: { type: 'string' },
      for: { type: 'string' },
      scope: { type: 'string' },
    },
    run: async (...given) => (await import('./registration.ts')).registrationToken(...given),
  },
  'registration list': {
    usage: 'registration list',
    summary: 'Show the clients that registered themselves, and the tokens that still let some do so.',
    positionals: 0,
    run: async (surroundings) => (await import('./registration.ts')).registrationList(surroundings),
  },
  'registration remove': {
    usage: 'registration remove CLIENT_ID',
    summary: 'Remove a client that registered itself, with all that people granted it.',
    positionals: 1,
    run: async (...given) => (await import('./registration.ts')).registrationRemove(...given),
  },
  clients: {
    usage: 'clients',
    summary: 'List the clients, and when each of their secrets was last used.',
    positionals: 0,
    run: async (surroundings) => (await import('./clients.ts')).clients(surroundings),
  },
  secret: {
    usage: 'secret',
    summary: 'Make a secret for a client, and the hash of it to declare.',
    positionals: 0,
    run: async (surroundings) => {
      (await import('./secret.ts')).secret(surroundings);
    },
  },
  logouts: {
    usage: 'logouts [--failed]',
    summary:
      'Show which tools were told that somebody signed out, newest first: when, how often, what they answered.',
    positionals: 0,
    options: { failed: { type: 'boolean' } },
    run: async (...given) => (await import('./logouts.ts')).logouts(...given),
  },
  demo: {
    usage: 'demo',
    summary: 'Start the broker with a demonstration identity provider and tools (never in production).',
    positionals: 0,
    run: async (surroundings) => (await import('./demo.ts')).demo(surroundings),
  },
};
