import type { ParseArgsConfig } from 'node:util';
import type { Surroundings } from './surroundings.ts';

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
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

/** Each is loaded when it is named: `help` is quick, and an image without demo/ lacks only `demo`. */
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
  demo: {
    usage: 'demo',
    summary: 'Start the broker with a demonstration identity provider and tools (never in production).',
    positionals: 0,
    run: async (surroundings) => (await import('./demo.ts')).demo(surroundings),
  },
};
