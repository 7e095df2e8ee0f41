import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Signing in to our own pages, and who may enter the console of the operators. */
export const consoleErrors = {
  'M-FILE-030': entry(
    400,
    'invalid_request',
    'An address to go to after signing in that is not one of ours, or a wish that cannot be read: the link was made or cut by somebody else.',
    text(
      'Ce lien ne mène pas à une page de ce site',
      'L’adresse où aller après la connexion n’est pas valable. Elle a pu être coupée ou modifiée.',
      'Partez de la page d’accueil, ou recopiez le lien en entier.',
    ),
    text(
      'This link does not lead to a page of this site',
      'The address to go to after signing in is not valid. It may have been cut or altered.',
      'Start from the home page, or copy the whole link.',
    ),
  ),
  'M-FILE-031': entry(
    400,
    'invalid_request',
    'The return of a sign-in to our own pages that nobody began here, or that began more than an hour ago.',
    text(
      'Cette connexion a été commencée il y a trop longtemps',
      'Nous ne savons plus vers quelle page vous alliez.',
      'Retournez à la page que vous vouliez ouvrir.',
    ),
    text(
      'This sign-in was begun too long ago',
      'We no longer know which page you were going to.',
      'Go back to the page that you wanted to open.',
    ),
  ),
  'M-FILE-032': entry(
    403,
    'login_required',
    'The sign-in to our own pages did not end in a session: the person turned back, or the provider failed; see the detail.',
    text(
      'Vous n’êtes pas connecté',
      'La connexion a été abandonnée, ou elle n’a pas pu aboutir. Cette page demande d’être connecté.',
      'Connectez-vous à nouveau.',
    ),
    text(
      'You are not signed in',
      'The sign-in was given up, or could not be completed. This page needs you to be signed in.',
      'Sign in again.',
    ),
  ),
  'M-FILE-033': entry(
    403,
    'unmet_authentication_requirements',
    'The identity provider did not authenticate with several factors (eidas1-mfa at least).',
    text(
      'Cette page demande une connexion plus sûre',
      'Elle ne s’ouvre qu’après une double vérification, par exemple un mot de passe puis un code à usage unique. Votre connexion n’en comporte pas.',
      'Demandez au service informatique de votre organisation d’activer la double vérification, puis connectez-vous à nouveau.',
    ),
    text(
      'This page needs a safer sign-in',
      'It only opens after a double verification, such as a password and then a one-time code. Your sign-in has none.',
      'Ask the IT service of your organization to turn on double verification, then sign in again.',
    ),
  ),
  'M-FILE-034': entry(
    403,
    'login_required',
    'The identity provider did not ask the person again: its auth_time is older than what the page accepts.',
    text(
      'Il faut prouver à nouveau que c’est vous',
      'Votre connexion est trop ancienne pour cette page, et votre page de connexion ne vous a pas redemandé de vous identifier.',
      'Déconnectez-vous, puis connectez-vous à nouveau.',
    ),
    text(
      'You have to prove again that it is you',
      'Your sign-in is too old for this page, and your sign-in page did not ask you to identify yourself again.',
      'Sign out, then sign in again.',
    ),
  ),
  'M-FILE-035': entry(
    403,
    'access_denied',
    'Somebody who is not a declared operator (`operators:`) asked for a page of the console.',
    text(
      'Cette page est réservée aux opérateurs',
      'Vous êtes bien connecté, mais vous n’êtes pas inscrit parmi les personnes qui examinent les demandes.',
      'Si vous devriez l’être, demandez à la personne qui administre ce site de vous inscrire.',
      'Si vous suivez la demande de votre organisation, ouvrez la page de vos demandes.',
    ),
    text(
      'This page is for operators only',
      'You are signed in, but you are not listed among those who examine requests.',
      'If you should be, ask the person who administers this site to list you.',
      'If you follow a request of your organization, open the page of your requests.',
    ),
  ),
  'M-FILE-036': entry(
    403,
    'access_denied',
    'The delegation of this operator has not begun or has ended (`delegation` of its declaration).',
    text(
      'Votre délégation n’est pas en cours',
      'Vous êtes inscrit parmi les opérateurs, mais votre délégation de signature n’a pas commencé ou a pris fin.',
      'Demandez à la personne qui administre ce site de vérifier les dates de votre délégation.',
    ),
    text(
      'Your delegation is not in force',
      'You are listed among the operators, but your delegation of signature has not begun or has ended.',
      'Ask the person who administers this site to check the dates of your delegation.',
    ),
  ),
  'M-FILE-037': entry(
    403,
    'login_required',
    'A sensitive act by somebody who signed in more than fifteen minutes ago: they are asked again, and what they wrote is kept.',
    text(
      'Confirmez que c’est bien vous',
      'Cette action engage votre administration : elle demande une connexion de moins d’un quart d’heure. Rien n’a encore été enregistré.',
      'Connectez-vous à nouveau : vous retrouverez ce que vous avez écrit.',
    ),
    text(
      'Confirm that it is you',
      'This action commits your administration: it needs a sign-in of less than fifteen minutes ago. Nothing was recorded yet.',
      'Sign in again: you will find what you wrote.',
    ),
  ),
  'M-FILE-038': entry(
    403,
    'login_required',
    'A form of the console was sent while nobody was signed in; nothing was done.',
    text(
      'Votre connexion est terminée',
      'Vous avez été déconnecté avant l’envoi de ce formulaire. Rien n’a été enregistré.',
      'Connectez-vous à nouveau, puis recommencez.',
    ),
    text(
      'Your sign-in has ended',
      'You were signed out before this form was sent. Nothing was recorded.',
      'Sign in again, then start over.',
    ),
  ),
  'M-FILE-039': entry(
    404,
    'invalid_request',
    'Of an operator: no such file, organization, exception, piece or letter, or it lies out of their perimeter: all have the same answer.',
    text(
      'Rien à cette adresse pour vous',
      'Ce que cette adresse désigne n’existe pas ou n’existe plus, ou se trouve hors de votre périmètre.',
      'Vérifiez l’adresse, ou cherchez le dossier ou l’organisation dans l’espace des opérateurs.',
      'Votre périmètre est écrit sur la page « Mon accès ».',
    ),
    text(
      'Nothing at this address for you',
      'What this address names does not exist, or no longer does, or lies out of your perimeter.',
      'Check the address, or look for the file or the organization in the operators’ area.',
      'Your perimeter is written on the page “My access”.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
