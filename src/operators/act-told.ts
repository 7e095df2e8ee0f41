import type { Opened } from '../registrations/registrations.ts';
import { actForm } from './act-forms.ts';
import { confirmedProposal } from './file-timeline.ts';

/** What the page of a file tells after an act that was done on it: which, and whether its letter has to be posted. */
export function actTold(
  said: string | null,
  { file, letters }: Pick<Opened, 'file' | 'letters'>,
): { readonly done?: string; readonly doneToPost?: boolean } {
  if (said === 'poste') return { done: said };
  const form = actForm(said);
  if (form === undefined) return {};
  const event = file.events.findLast(({ act }) => act.act === form.act);
  const letter = letters.find(({ seq }) => seq === event?.seq);
  // To give up is the act of the organization: whoever confirms it decides nothing.
  const gaveUp = event !== undefined && confirmedProposal(file.events, event) === 'renounce';
  return {
    done: gaveUp ? 'renonciation-confirmee' : form.slug,
    doneToPost: letter?.toPost === true && letter.postedAt === undefined,
  };
}
