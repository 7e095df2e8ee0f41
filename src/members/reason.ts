import { inOneLine } from '../http/http.ts';
import { longestReason } from './rules.ts';

export type ReasonProblem = 'reason_missing' | 'reason_long' | 'guests_many';

/** Taking away and giving back say why: whoever is concerned, and whoever comes after, may ask. */
export function reasonProblem(typed: string): ReasonProblem | undefined {
  const reason = inOneLine(typed);
  if (reason === '') return 'reason_missing';
  return reason.length > longestReason ? 'reason_long' : undefined;
}

/** Version of the member on the page from which a form comes; what cannot be read has seen nothing. */
export const seenIn = (form: URLSearchParams): number => {
  const written = form.get('vu') ?? '';
  return /^\d{1,9}$/u.test(written) ? Number(written) : -1;
};

/** Invitations that the page showed, and those whose box was ticked: whoever represents takes them over. */
export const guestsIn = (
  form: URLSearchParams,
): { readonly shown: readonly string[]; readonly taken: readonly string[] } => ({
  shown: (form.get('invites') ?? '').split(' ').filter((id) => id !== ''),
  taken: form.getAll('reprendre'),
});
