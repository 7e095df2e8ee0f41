import { everyImporter } from '../importers/importers.ts';

/** What may stand for SOURCE, and what each option of `maillon import` does. */
export const importWords: readonly (readonly [string, string])[] = [
  ...everyImporter.map(({ name, summary }) => [name, summary] as const),
  ['--dry-run', 'Count what it would do, and write only the rejects file.'],
  ['--withdraw', 'Withdraw what a complete list no longer names, even when it is more than a fifth.'],
  ['--as-of DATE', 'The day of which the file speaks, like 2026-11-01.'],
  ['--rejects FILE', 'Where the lines that cannot be used go.'],
  ['--separator S', 'One of , ; | and tab, when it is not that of the register.'],
  ['--encoding E', 'utf-8 or latin1, when it cannot be told from the file.'],
];
