import type { Opened } from '../registrations/registrations.ts';
import { wordsOf } from './timeline.ts';
import type { EventWords } from './timeline.ts';

/** Version of the file on the page from which the form comes; nothing that can be read is the oldest. */
export function seenIn(form: URLSearchParams): number {
  const written = form.get('seen') ?? '';
  return /^\d{1,9}$/u.test(written) ? Number(written) : 0;
}

/**
 * What happened to the file since, in words. Empty: nothing that whoever asks may know of; that an operator took the file
 * or wrote a note changes nothing to what they are doing.
 */
export const whatHappened = (
  { file, letters }: Pick<Opened, 'file' | 'letters'>,
  seen: number,
): readonly { readonly words: EventWords }[] =>
  file.events.flatMap((event, index) =>
    event.seq > seen ? [{ words: wordsOf(event, file.events.slice(0, index), letters) }] : [],
  );
