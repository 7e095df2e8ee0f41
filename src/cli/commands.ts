import type { ParseArgsConfig } from 'node:util';
import { peopleCommands } from './people-commands.ts';
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
  /** How many positional arguments it takes. */
  readonly positionals: number;
  /** How many more it may take. */
  readonly optionalPositionals?: number;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** What a word of the usage may be, and what each means: for its own help. */
  readonly words?: () => Promise<readonly (readonly [string, string])[]>;
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
    summary: 'Make new keys, which sign, or are encrypted to, after DURATION (24h).',
    positionals: 0,
    options: { alg: { type: 'string' }, 'publish-for': { type: 'string' } },
    run: async (...given) => (await import('./keys.ts')).keysRotate(...given),
  },
  'keys withdraw': {
    usage: 'keys withdraw KID',
    summary: 'Stop using and publishing a key at once: somebody else may have it.',
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
  'registry coverage': {
    usage: 'registry coverage FILE [--department CODE] [--json]',
    summary: 'Read a list of members: are all public bodies, and how much of a département do they cover?',
    positionals: 1,
    options: { department: { type: 'string' }, json: { type: 'boolean' } },
    run: async (...given) => (await import('./coverage.ts')).registryCoverage(...given),
  },
  import: {
    usage:
      'import SOURCE FILE [--dry-run] [--withdraw] [--as-of DATE] [--rejects FILE] [--separator S] [--encoding E]',
    summary:
      'Read a file of a public register (docs/importing.md says which); --dry-run only counts. An interrupted import goes on where it was.',
    positionals: 2,
    words: async () => (await import('./import-words.ts')).importWords,
    options: {
      'dry-run': { type: 'boolean' },
      withdraw: { type: 'boolean' },
      'as-of': { type: 'string' },
      rejects: { type: 'string' },
      separator: { type: 'string' },
      encoding: { type: 'string' },
    },
    run: async (...given) => (await import('./import.ts')).importCommand(...given),
  },
  'import list': {
    usage: 'import list',
    summary: 'Show the imports, newest first: what each brought, and which one is unfinished.',
    positionals: 0,
    run: async (surroundings) => (await import('./import.ts')).importList(surroundings),
  },
  'import undo': {
    usage: 'import undo ID',
    summary: 'Take back what an import wrote, except what changed since.',
    positionals: 1,
    run: async (...given) => (await import('./import.ts')).importUndo(...given),
  },
  'registry search': {
    usage: 'registry search TEXT [--commune C] [--department D] [--type T] [--page N]',
    summary: 'Find organizations by name, acronym or number; C is a name or an INSEE code, D an INSEE code.',
    positionals: 1,
    options: {
      commune: { type: 'string' },
      department: { type: 'string' },
      type: { type: 'string' },
      page: { type: 'string' },
    },
    run: async (...given) => (await import('./search.ts')).registrySearch(...given),
  },
  'registry show': {
    usage: 'registry show SIREN|SIRET|RNA',
    summary: 'Show what the register holds of an organization: each fact with its source, and the history.',
    positionals: 1,
    run: async (...given) => (await import('./registry-show.ts')).registryShow(...given),
  },
  'registry correct': {
    usage: 'registry correct ID FACT VALUE --reason TEXT --author "Given Usual, capacity, organization"',
    summary:
      'Say what a fact of an organization is, whatever the registers say; proposed to a second person when rights follow from it.',
    positionals: 3,
    options: { reason: { type: 'string' }, author: { type: 'string' } },
    run: async (...given) => (await import('./registry-facts.ts')).registryCorrect(...given),
  },
  'registry end-correction': {
    usage: 'registry end-correction ID FACT --reason TEXT --author "Given Usual, capacity, organization"',
    summary:
      'End a correction: the fact is what the registers say again; proposed to a second person unless that only closes.',
    positionals: 2,
    options: { reason: { type: 'string' }, author: { type: 'string' } },
    run: async (...given) => (await import('./registry-facts.ts')).registryEndCorrection(...given),
  },
  'registry check': {
    usage: 'registry check [--max-age DURATION] [--json]',
    summary:
      'List the approvals to look at again, because the register moved: closed, merged, changed, outdated (90d); seen or not.',
    positionals: 0,
    options: { 'max-age': { type: 'string' }, json: { type: 'boolean' } },
    run: async (...given) => (await import('./review.ts')).registryCheck(...given),
  },
  'registry sources': {
    usage: 'registry sources [--probe SIRET]',
    summary: 'Show the registers asked over the network, and what each answers for a SIRET.',
    positionals: 0,
    options: { probe: { type: 'string' } },
    run: async (...given) => (await import('./sources.ts')).registrySources(...given),
  },
  'export approved': {
    usage: 'export approved [--format csv|json]',
    summary: 'Print the approved organizations as open data: legal persons only, no name of any person.',
    positionals: 0,
    options: { format: { type: 'string' } },
    run: async (...given) => (await import('./export.ts')).exportApproved(...given),
  },
  'policy list': {
    usage: 'policy list',
    summary: 'Show every version of the policy of each service: from when, and who published it.',
    positionals: 0,
    run: async (surroundings) => (await import('./policy.ts')).policyList(surroundings),
  },
  'policy show': {
    usage: 'policy show SERVICE[@VERSION] [--language fr|en] [--json]',
    summary: 'Say a policy in plain sentences: the version in force, or that one.',
    positionals: 1,
    options: { language: { type: 'string' }, json: { type: 'boolean' } },
    run: async (...given) => (await import('./policy.ts')).policyShow(...given),
  },
  'policy diff': {
    usage: 'policy diff SERVICE@A SERVICE@B',
    summary: 'Show what one version changes of another.',
    positionals: 2,
    run: async (...given) => (await import('./policy.ts')).policyDiff(...given),
  },
  'policy simulate': {
    usage: 'policy simulate SIREN|SIRET|RNA [--service ID] [--language fr|en] [--json]',
    summary: 'Decide for an organization at every service, and show each fact that counted.',
    positionals: 1,
    options: { service: { type: 'string' }, language: { type: 'string' }, json: { type: 'boolean' } },
    run: async (...given) => (await import('./policy-try.ts')).policySimulate(...given),
  },
  'policy preview': {
    usage: 'policy preview FILE [--json]',
    summary:
      'Show what the policy in FILE would change for every organization and approval: who gains, who loses, why.',
    positionals: 1,
    options: { json: { type: 'boolean' } },
    run: async (...given) => (await import('./policy-try.ts')).policyPreview(...given),
  },
  'audit verify': {
    usage: 'audit verify [--head SEQ:HASH]',
    summary: 'Check that no entry of the record of acts was removed, altered or moved; print its head.',
    positionals: 0,
    options: { head: { type: 'string' } },
    run: async (...given) => (await import('./audit.ts')).auditVerify(...given),
  },
  'audit export': {
    usage:
      'audit export --format csv|jsonl [--subject S] [--act BEGINNING] [--actor A] [--from DAY] [--to DAY] [--out FILE]',
    summary: 'Print the record of acts, or write it to a new file; the export is recorded.',
    positionals: 0,
    options: {
      format: { type: 'string' },
      subject: { type: 'string' },
      act: { type: 'string' },
      actor: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      out: { type: 'string' },
    },
    run: async (...given) => (await import('./audit.ts')).auditExport(...given),
  },
  ...peopleCommands,
  'idp preview': {
    usage: 'idp preview ID [FILE|-] [--config DIR]',
    summary:
      'Show what the record of an identity provider would read in a pasted ID token or userinfo; nothing is verified.',
    positionals: 1,
    optionalPositionals: 1,
    options: { config: { type: 'string' } },
    run: async (...given) => (await import('./idp-preview.ts')).idpPreview(...given),
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
