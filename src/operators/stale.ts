import type { ActForm } from './act-forms.ts';
import type { AskedOfFile } from './route.ts';

/** Version of the file on the page from which the form comes; what cannot be read has seen nothing. */
export function seenIn({ form: sent }: Pick<AskedOfFile, 'form'>): number {
  const written = sent.get('vu') ?? '';
  return /^\d{1,9}$/u.test(written) ? Number(written) : 0;
}

/** They decide nothing, and take nothing away from what somebody is about to decide. */
const aside: readonly string[] = ['note', 'check_evidence', 'see_changes'];

/**
 * Whether the page is not true any more. One's own notes and verdicts change nothing to what one is deciding; those of a
 * colleague are read first. A note can be added to whatever the file has become.
 */
export function isStale(asked: Pick<AskedOfFile, 'form' | 'me' | 'opened'>, { act }: ActForm): boolean {
  if (act === 'note') return false;
  const { me, opened } = asked;
  const seen = seenIn(asked);
  // A page of a version that is not there was made up.
  if (seen > opened.file.version) return true;
  return opened.file.events.some(
    (event) =>
      event.seq > seen &&
      !(aside.includes(event.act.act) && event.actor.kind === 'operator' && event.actor.id === me.actor.id),
  );
}
