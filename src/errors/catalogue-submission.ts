import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** What keeps a request from being sent, or decided as it was written. */
export const submissionErrors = {
  'M-FILE-013': entry(
    422,
    'invalid_request',
    'The draft lacks something, or is not what its author reviewed. The log names the fields.',
    text(
      'Le dossier n’est pas complet',
      'Il manque une information, ou le dossier n’est plus celui que vous avez relu. Rien n’a été envoyé.',
      'Relisez le dossier : ce qui manque y est indiqué.',
    ),
    text(
      'The file is not complete',
      'Something is missing, or the file is no longer the one that you reviewed. Nothing was sent.',
      'Read the file again: it shows what is missing.',
    ),
  ),
  'M-FILE-014': entry(
    409,
    'invalid_request',
    'Another file of the same person already asks for this service for the organization, and nobody has decided it yet.',
    text(
      'Une demande est déjà en cours pour ce service',
      'Un autre de vos dossiers demande déjà ce service pour cette organisation et n’a pas encore reçu de réponse.',
      'Attendez cette réponse, ou retirez le service de votre dossier.',
    ),
    text(
      'A request for this service is already under way',
      'Another of your files asks for this service for this organization and has no answer yet.',
      'Wait for that answer, or take the service out of your file.',
    ),
  ),
  'M-FILE-015': entry(
    429,
    'invalid_request',
    'Too many drafts for one account, or a draft longer than what is kept.',
    text(
      'Trop de brouillons, ou texte trop long',
      'Vous avez atteint le nombre de brouillons, ou la longueur de texte, que nous pouvons garder.',
      'Supprimez les brouillons dont vous n’avez plus besoin, ou raccourcissez vos textes.',
    ),
    text(
      'Too many drafts, or too long a text',
      'You have reached the number of drafts, or the length of text, that we can keep.',
      'Delete the drafts that you no longer need, or shorten your texts.',
    ),
  ),
  'M-FILE-016': entry(
    409,
    'invalid_request',
    'Nobody acts on a file that they have not taken, or that another operator has taken.',
    text(
      'Vous n’avez pas ce dossier en charge',
      'Une action n’est possible que sur un dossier que vous avez pris, et une seule personne le prend à la fois.',
      'Prenez le dossier s’il est libre ; sinon, demandez à la personne qui l’a pris de le libérer.',
    ),
    text(
      'You are not in charge of this file',
      'You can only act on a file that you have taken, and one person takes it at a time.',
      'Take the file if it is free; if not, ask the person who has it to release it.',
    ),
  ),
  'M-FILE-017': entry(
    422,
    'invalid_request',
    'The act is malformed, or the terms of an approval are not possible: days in the wrong order, in the past, or unknown values.',
    text(
      'Ces conditions ne sont pas possibles',
      'Une valeur est absente, inconnue ou impossible (par exemple, une date de fin avant la date de début). Rien n’a été enregistré.',
      'Vérifiez ce qui est saisi, puis recommencez.',
    ),
    text(
      'These terms are not possible',
      'A value is missing, unknown or impossible (an end before the start, for example). Nothing was recorded.',
      'Check what is typed, then try again.',
    ),
  ),
  'M-FILE-018': entry(
    422,
    'invalid_request',
    'The register does not hold the organization of the file, or says that it has ceased.',
    text(
      'Cette organisation n’est pas connue, ou n’existe plus',
      'Le registre public ne contient pas cette organisation, ou indique qu’elle a cessé son activité.',
      'Vérifiez le numéro de l’organisation, ou cherchez-la par son nom.',
    ),
    text(
      'This organization is not known, or has ceased',
      'The public register does not hold this organization, or says that it has ceased.',
      'Check the number of the organization, or look for it by name.',
    ),
  ),
  'M-FILE-019': entry(
    409,
    'invalid_request',
    'The service is no longer declared: nothing can be decided about it.',
    text(
      'Ce service n’est plus proposé',
      'Le service demandé n’est plus dans le catalogue.',
      'Choisissez un autre service.',
    ),
    text(
      'This service is no longer offered',
      'The service asked for is no longer in the catalogue.',
      'Choose another service.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;

/** What the deployment lacks, then what stands beside a file: other rights, other files. */
export const registrationSettingErrors = {
  'M-FILE-060': entry(
    503,
    'temporarily_unavailable',
    'The authority in charge is not configured (AUTHORITY_*): no receipt could say what the law puts in it.',
    text(
      'Les demandes ne peuvent pas encore être reçues',
      'L’adresse de l’administration qui examine les demandes n’est pas renseignée. Votre brouillon est gardé.',
      'Réessayez plus tard.',
    ),
    text(
      'Requests cannot be received yet',
      'The address of the administration that examines requests is not filled in. Your draft is kept.',
      'Try again later.',
    ),
  ),
  'M-FILE-061': entry(
    409,
    'invalid_request',
    'The organization has a right to this service already, in force or suspended, from another file or from the configuration: two would make a suspension of either do nothing.',
    text(
      'L’organisation a déjà un droit sur ce service',
      'Une autre décision donne déjà accès à ce service, ou cet accès est suspendu. Un second droit n’est pas possible à côté du premier.',
      'Pour prolonger un droit, ouvrez le dossier qui l’a obtenu et demandez son renouvellement.',
      'Si l’accès est suspendu, répondez dans le dossier concerné.',
    ),
    text(
      'The organization already has a right to this service',
      'Another decision already gives access to this service, or that access is suspended. There is no second right beside the first one.',
      'To extend a right, open the file that obtained it and ask for its renewal.',
      'If access is suspended, answer in the file concerned.',
    ),
  ),
  'M-FILE-062': entry(
    409,
    'invalid_request',
    'The right that this file renews is suspended: granting its renewal would undo the suspension.',
    text(
      'Le droit à renouveler est suspendu',
      'Accorder le renouvellement mettrait fin à la suspension sans le dire.',
      'Décidez d’abord de la suspension, dans le dossier d’origine : rétablissez le droit ou retirez-le.',
    ),
    text(
      'The right to be renewed is suspended',
      'Granting the renewal would end the suspension without saying so.',
      'Decide on the suspension first, in the former file: reinstate the right or take it away.',
    ),
  ),
  'M-FILE-063': entry(
    429,
    'invalid_request',
    'One account has ten files that nobody has decided yet.',
    text(
      'Vous avez déjà dix demandes en cours',
      'Nous examinons dix dossiers à la fois pour une même personne. Votre brouillon est gardé.',
      'Attendez une réponse, ou retirez une demande dont vous n’avez plus besoin.',
    ),
    text(
      'You already have ten requests under way',
      'We examine ten files at a time for one person. Your draft is kept.',
      'Wait for an answer, or withdraw a request that you no longer need.',
    ),
  ),
  'M-FILE-064': entry(
    413,
    'invalid_request',
    'The pieces of all the files of one account exceed 200 MB.',
    text(
      'Vos pièces jointes prennent trop de place',
      'Les pièces de tous vos dossiers dépassent 200 Mo. Celle-ci n’a pas été gardée.',
      'Supprimez les brouillons dont vous n’avez plus besoin, ou joignez un fichier plus petit.',
    ),
    text(
      'Your attachments take too much room',
      'The pieces of all your files exceed 200 MB. This one was not kept.',
      'Delete the drafts that you no longer need, or attach a smaller file.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
