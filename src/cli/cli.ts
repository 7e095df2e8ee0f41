/**
 * cli/: what a person types, and what they read back.
 *
 * What it does: finds the command, reads its arguments, runs it, and turns whatever goes wrong into one sentence and an
 * exit code: 0 done, 1 failed, 2 not understood. English throughout: these are tools for developers and operators.
 *
 * Flow: argv ──▶ commands.ts (the table) ──▶ serve.ts · migrate.ts · apply.ts · keys.ts · demo.ts ──▶ config, storage,
 * declarations, broker. `stopping.ts` waits for Ctrl-C; `sentences.ts` words the failures. Streams, environment and
 * signals come in from main.ts, so that tests hold them.
 *
 * May import: broker, and any room below (declarations, storage, config, errors); demo.ts alone imports demo/.
 */
export { run } from './run.ts';
export type { Surroundings } from './surroundings.ts';
