import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** The file of an organization: what cannot be found, done, sent or decided. */
export const registrationErrors = {
  'M-FILE-001': entry(
    404,
    'invalid_request',
    'No such file, piece of evidence or letter, or it belongs to somebody else: both have the same answer.',
    text(
      'Ce dossier n’existe pas',
      'Ce dossier, cette pièce ou ce courrier n’existe pas, ou n’est pas accessible avec votre compte.',
      'Vérifiez l’adresse, ou partez de la liste de vos dossiers.',
      'Vérifiez que vous avez utilisé le compte avec lequel le dossier a été déposé.',
    ),
    text(
      'This file does not exist',
      'This file, piece of evidence or letter does not exist, or your account cannot see it.',
      'Check the address, or start from the list of your files.',
      'Check that you used the account with which the file was sent.',
    ),
  ),
  'M-FILE-002': entry(
    409,
    'invalid_request',
    'Stale page: the file changed after it was read. The log names the acts that happened meanwhile.',
    text(
      'Le dossier a changé pendant que vous le lisiez',
      'Une autre personne, ou vous-même dans un autre onglet, a agi sur ce dossier. Rien n’a été enregistré.',
      'Relisez le dossier tel qu’il est maintenant, puis recommencez si c’est encore utile.',
    ),
    text(
      'The file changed while you were reading it',
      'Somebody else, or you in another tab, acted on this file. Nothing was recorded.',
      'Read the file as it is now, then try again if it is still needed.',
    ),
  ),
  'M-FILE-003': entry(
    409,
    'invalid_request',
    'The act is not possible in the present state of the request. The log names the act.',
    text(
      'Cette action n’est pas possible',
      'L’état du dossier ne permet pas, ou ne permet plus, cette action. Rien n’a été enregistré.',
      'Relisez le dossier : les actions possibles y sont proposées.',
    ),
    text(
      'This action is not possible',
      'The state of the file does not allow this action, or no longer does. Nothing was recorded.',
      'Read the file again: it offers the actions that are possible.',
    ),
  ),
  'M-FILE-004': entry(
    403,
    'access_denied',
    'Four eyes: a second person has to confirm, and may not be the first one (nor whoever decided what is appealed against).',
    text(
      'Une deuxième personne est nécessaire',
      'Cette décision doit être confirmée, ou ce recours examiné, par une autre personne que son auteur.',
      'Demandez à une autre personne habilitée de se prononcer.',
    ),
    text(
      'A second person is needed',
      'This decision has to be confirmed, or this appeal examined, by somebody else than its author.',
      'Ask another person with the same rights to say yes or no.',
    ),
  ),
  'M-FILE-005': entry(
    403,
    'access_denied',
    'The operator acts for the organization of the file: nobody decides on their own organization.',
    text(
      'Vous ne pouvez pas décider pour votre propre organisation',
      'Ce dossier concerne une organisation pour laquelle vous agissez.',
      'Laissez une autre personne habilitée traiter ce dossier.',
    ),
    text(
      'You cannot decide on your own organization',
      'This file is about an organization for which you act.',
      'Let another person with the same rights handle this file.',
    ),
  ),
  'M-FILE-006': entry(
    403,
    'access_denied',
    'The role of this operator does not include this act, or the file is out of their perimeter.',
    text(
      'Votre rôle ne permet pas cette action',
      'Cette action est réservée à d’autres rôles, ou le dossier est hors de votre périmètre.',
      'Adressez-vous à l’administrateur qui vous a donné accès à cet espace.',
    ),
    text(
      'Your role does not allow this action',
      'This action is for other roles, or the file is out of your perimeter.',
      'Ask the administrator who gave you access to this space.',
    ),
  ),
  'M-FILE-007': entry(
    409,
    'invalid_request',
    'Too early or too late: a time limit set by law is still running, or has ended.',
    text(
      'Le délai ne permet pas cette action',
      'Un délai fixé par la loi court encore, ou est passé. Rien n’a été enregistré.',
      'Relisez les dates indiquées dans le dossier.',
    ),
    text(
      'The time limit does not allow this action',
      'A time limit set by law is still running, or has ended. Nothing was recorded.',
      'Read the dates given in the file.',
    ),
  ),
  'M-FILE-008': entry(
    413,
    'invalid_request',
    'A piece of evidence is larger than 10 MB; reading stopped there.',
    text(
      'Ce fichier est trop lourd',
      'Une pièce ne peut pas dépasser 10 Mo. Rien n’a été enregistré.',
      'Réduisez le fichier, ou divisez-le en plusieurs pièces.',
    ),
    text(
      'This document is too large',
      'A piece of evidence may not exceed 10 MB. Nothing was recorded.',
      'Make the document smaller, or split it into several pieces.',
    ),
  ),
  'M-FILE-009': entry(
    415,
    'invalid_request',
    'The content is not PDF, PNG, JPEG or ODT, whatever its name says, or is several of them at once.',
    text(
      'Ce fichier n’est pas d’un format accepté',
      'Les documents (PDF, ODT) et les images (PNG, JPEG) sont acceptés. Le contenu du fichier compte, pas son nom.',
      'Enregistrez le document en PDF, puis déposez-le de nouveau.',
    ),
    text(
      'This document has no accepted format',
      'Documents (PDF, ODT) and images (PNG, JPEG) are accepted. The content counts, not the name.',
      'Save the document as PDF, then send it again.',
    ),
  ),
  'M-FILE-010': entry(
    409,
    'invalid_request',
    'The letter that would be sent now is not the one that was previewed, or none was.',
    text(
      'Le courrier a changé depuis sa relecture',
      'Un courrier n’est envoyé que tel qu’il a été relu. Celui-ci a changé depuis (par exemple, la date). Rien n’a été envoyé.',
      'Relisez le courrier, puis confirmez de nouveau.',
    ),
    text(
      'The letter changed since its preview',
      'A letter is only sent as it was previewed. This one has changed since (its date, for example). Nothing was sent.',
      'Read the letter again, then confirm.',
    ),
  ),
  'M-FILE-011': entry(
    403,
    'access_denied',
    'The act needs a recent sign-in with two factors.',
    text(
      'Cette action demande une connexion plus sûre',
      'Il faut vous être connecté récemment, avec deux preuves de votre identité.',
      'Connectez-vous de nouveau, puis recommencez.',
    ),
    text(
      'This action needs a stronger sign-in',
      'You have to have signed in recently, with two proofs of your identity.',
      'Sign in again, then try once more.',
    ),
  ),
  'M-FILE-012': entry(
    410,
    'invalid_request',
    'The link has expired or was used.',
    text(
      'Ce lien n’est plus valable',
      'Le lien que vous avez suivi a expiré, ou a déjà servi.',
      'Partez de la liste de vos dossiers.',
    ),
    text(
      'This link is no longer valid',
      'The link that you followed has expired, or was used.',
      'Start from the list of your files.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
