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
  'M-REGI-003': entry(
    409,
    'invalid_request',
    'Somebody has answered this proposal of an exception already, or its author took it back.',
    text(
      'Cette proposition a déjà sa réponse',
      'Quelqu’un a confirmé ou refusé cette exception, ou son auteur l’a annulée. Rien de plus n’a été fait.',
      'Revenez à la page de la proposition : elle dit qui a répondu.',
    ),
    text(
      'This proposal has its answer already',
      'Somebody confirmed or declined this exception, or its author took it back. Nothing more was done.',
      'Go back to the page of the proposal: it says who answered.',
    ),
  ),
  'M-REGI-004': entry(
    403,
    'invalid_request',
    'Whoever proposed an exception cannot answer it; nobody but they can take it back.',
    text(
      'Une autre personne doit répondre',
      'Une exception se décide à deux : son auteur ne répond pas à sa propre proposition, et lui seul peut l’annuler.',
      'Demandez à une autre personne qui décide, pour ce périmètre.',
    ),
    text(
      'Another person must answer',
      'Two people decide on an exception: its author does not answer their own proposal, and only they can take it back.',
      'Ask another person who decides, for this perimeter.',
    ),
  ),
  'M-REGI-005': entry(
    409,
    'invalid_request',
    'The fact, the rules or the approvals are not what the page showed or what the proposal began from.',
    text(
      'Ce que vous avez lu n’est plus vrai',
      'Le registre ou les règles d’accès ont changé depuis. Rien n’a été modifié.',
      'Revenez à la page et lisez-la à nouveau.',
      'Si elle ne se confirme plus, refusez-la, et proposez à nouveau.',
    ),
    text(
      'What you read is not true any more',
      'The register or the rules of access have changed since. Nothing was changed.',
      'Go back to the page and read it again.',
      'If it can no longer be confirmed, decline it, and propose again.',
    ),
  ),
  'M-REGI-006': entry(
    409,
    'invalid_request',
    'An exception for this fact of this organization waits already.',
    text(
      'Une exception attend déjà une réponse',
      'Quelqu’un a déjà proposé de corriger cette information de cette organisation. Rien n’a été enregistré.',
      'Attendez la réponse, ou faites annuler la première proposition.',
    ),
    text(
      'An exception waits for an answer already',
      'Somebody proposed to correct this fact of this organization already. Nothing was recorded.',
      'Wait for the answer, or have the first proposal taken back.',
    ),
  ),
  'M-REGI-007': entry(
    403,
    'invalid_request',
    'Whoever proposed this exception is not in charge any more (CRPA art. L212-1): role, delegation, perimeter, own organization.',
    text(
      'La personne qui a proposé ne peut plus décider',
      'Elle n’est plus opérateur, sa délégation est finie, ou l’organisation est hors de son périmètre. Rien n’a été modifié.',
      'Refusez la proposition. Si elle reste utile, proposez-la à votre tour.',
    ),
    text(
      'Whoever proposed it cannot decide any more',
      'They are no operator any more, their delegation has ended, or the organization lies out of their perimeter. Nothing was changed.',
      'Decline the proposal. If it is still useful, propose it yourself.',
    ),
  ),
  'M-REGI-008': entry(
    409,
    'invalid_request',
    'The exception that this would end does not stand (any more): somebody ended it, or there was none.',
    text(
      'Aucune exception à lever',
      'Cette exception a déjà été levée, ou n’a jamais été en vigueur. Rien n’a été modifié.',
      'Revenez à la page de l’organisation : elle dit ce qui est en vigueur.',
    ),
    text(
      'No exception to end',
      'This exception was ended already, or never stood. Nothing was changed.',
      'Go back to the page of the organization: it says what stands.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
