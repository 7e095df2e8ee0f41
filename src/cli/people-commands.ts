import type { Command } from './commands.ts';

/** About people: who may enter the console, whose account may be used, and in which mail domains nobody is believed. */
export const peopleCommands: Readonly<Record<string, Command>> = {
  'account block': {
    usage: 'account block ID --reason TEXT',
    summary: 'Block an account by its number: it loses all that it has open, and nobody signs in with it.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./account.ts')).accountBlock(...given),
  },
  'account unblock': {
    usage: 'account unblock ID --reason TEXT',
    summary: 'Give a blocked account back: new sign-ins only.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./account.ts')).accountUnblock(...given),
  },
  'account restore': {
    usage: 'account restore ADDRESS --reason TEXT',
    summary:
      'Take off every second factor of somebody without an identity provider, once you have checked who they are: their sign-ins end.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./account-restore.ts')).accountRestore(...given),
  },
  'domain hold': {
    usage: 'domain hold DOMAIN --reason TEXT',
    summary:
      'Hold a mail domain whose mailboxes others may read: no code goes there, nobody signs in by its addresses.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./mail-domains.ts')).domainHold(...given),
  },
  'domain give-back': {
    usage: 'domain give-back DOMAIN --reason TEXT',
    summary: 'Give a held mail domain back: new sign-ins only.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./mail-domains.ts')).domainGiveBack(...given),
  },
  'domain held': {
    usage: 'domain held',
    summary: 'List the mail domains that are held: since when, by whom, why.',
    positionals: 0,
    run: async (surroundings) => (await import('./mail-domains.ts')).domainHeld(surroundings),
  },
  'mail bounce': {
    usage: 'mail bounce < REPORT',
    summary: 'Note that a mail came back: what your mail server writes to MAIL_FROM, from its pipe.',
    positionals: 0,
    run: async (surroundings) => (await import('./mail-bounce.ts')).mailBounce(surroundings),
  },
  'operators list': {
    usage: 'operators list',
    summary: 'Show who may enter the console, and who was removed from it: by whom, when, why.',
    positionals: 0,
    run: async (surroundings) => (await import('./operators.ts')).operatorsList(surroundings),
  },
  'operators readmit': {
    usage: 'operators readmit ID --reason TEXT',
    summary: 'Take back the removal of an operator, when no two administrators can.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./operators.ts')).operatorsReadmit(...given),
  },
  'operators remove': {
    usage: 'operators remove ID --reason TEXT',
    summary: 'Remove an operator at once, be it the last administrator.',
    positionals: 1,
    options: { reason: { type: 'string' } },
    run: async (...given) => (await import('./operators.ts')).operatorsRemove(...given),
  },
};
