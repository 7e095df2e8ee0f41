import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** What operators do to the register by hand. */
export const registerErrors = {
  'M-REGI-001': entry(
    400,
    'invalid_request',
    'This correction is refused, and nothing was changed.',
    text(
      'Cette correction n’est pas possible',
      'L’organisation, l’information ou la valeur donnée n’est pas valable. Rien n’a été modifié.',
      'Vérifiez le numéro de l’organisation et la valeur, puis recommencez.',
    ),
    text(
      'This correction is not possible',
      'The organization, the fact or the value that was given is not valid. Nothing was changed.',
      'Check the number of the organization and the value, then try again.',
    ),
  ),
  'M-REGI-002': entry(
    404,
    'invalid_request',
    'The register holds no such organization.',
    text(
      'Cette organisation n’est pas dans le registre',
      'Aucune organisation de notre registre n’a ce numéro.',
      'Vérifiez le numéro, puis recommencez.',
    ),
    text(
      'This organization is not in the register',
      'No organization in our register has this number.',
      'Check the number, then try again.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
