import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Pieces of evidence: what is wrong with a file that was sent, and what to do about it. */
export const evidenceErrors = {
  'M-FILE-020': entry(
    422,
    'invalid_request',
    'The file that was uploaded is empty, or none was chosen.',
    text(
      'Ce document est vide',
      'Aucun document n’a été choisi, ou celui que vous avez choisi ne contient rien. Rien n’a été enregistré.',
      'Ouvrez le document sur votre ordinateur pour vérifier qu’il n’est pas vide.',
      'Puis choisissez-le de nouveau.',
    ),
    text(
      'This document is empty',
      'No document was chosen, or the one you chose holds nothing. Nothing was saved.',
      'Open the document on your computer to check that it is not empty.',
      'Then choose it again.',
    ),
  ),
  'M-FILE-021': entry(
    422,
    'invalid_request',
    'The file is damaged or cut short: its structure does not lead from its first byte to its last. The detail says where.',
    text(
      'Ce document est abîmé ou incomplet',
      'Nous n’arrivons pas à le lire jusqu’au bout. Rien n’a été enregistré.',
      'Ouvrez le document sur votre ordinateur, enregistrez-le de nouveau en PDF, puis envoyez cette copie.',
    ),
    text(
      'This document is damaged or incomplete',
      'We cannot read it to its end. Nothing was saved.',
      'Open the document on your computer, save it again as a PDF, then send that copy.',
    ),
  ),
  'M-FILE-022': entry(
    422,
    'invalid_request',
    'An encrypted PDF, OpenDocument file or zip entry: nobody could examine it.',
    text(
      'Ce document est protégé par un mot de passe',
      'La personne qui examine votre demande ne pourrait pas le lire. Rien n’a été enregistré.',
      'Enregistrez une copie sans mot de passe ni protection, puis envoyez-la.',
    ),
    text(
      'This document is protected by a password',
      'Whoever examines your request could not read it. Nothing was saved.',
      'Save a copy without password or protection, then send it.',
    ),
  ),
  'M-FILE-023': entry(
    422,
    'invalid_request',
    'Active content: scripts, launch actions or embedded files in a PDF; macros, scripts or objects in an OpenDocument file.',
    text(
      'Ce document contient un programme ou un autre fichier',
      'Pour la sécurité de tous, nous n’acceptons que des documents à lire. Rien n’a été enregistré.',
      'Imprimez le document en PDF, ou enregistrez une copie sans programme ni pièce jointe, puis envoyez-la.',
    ),
    text(
      'This document holds a program or another file',
      'For everybody’s safety we accept only documents to read. Nothing was saved.',
      'Print the document as a PDF, or save a copy without program or attachment, then send it.',
    ),
  ),
  'M-FILE-024': entry(
    422,
    'invalid_request',
    'Two formats in one file (a polyglot), or data before the beginning or after the end: possibly an attack.',
    text(
      'Ce document contient autre chose que ce qu’il annonce',
      'Des données étrangères se trouvent avant le début ou après la fin du document. Rien n’a été enregistré.',
      'Ouvrez le document sur votre ordinateur, imprimez-le en PDF, puis envoyez cette copie.',
    ),
    text(
      'This document holds something other than it says',
      'There is foreign data before the beginning or after the end of the document. Nothing was saved.',
      'Open the document on your computer, print it as a PDF, then send that copy.',
    ),
  ),
  'M-FILE-025': entry(
    409,
    'invalid_request',
    'A file of a registration holds 20 pieces and 60 MB of evidence at most.',
    text(
      'Votre demande contient déjà trop de documents',
      'Une demande peut contenir 20 documents, et 60 Mo en tout. Ce document n’a pas été enregistré.',
      'Supprimez un document qui n’est plus utile, ou réunissez plusieurs pages dans un seul document.',
    ),
    text(
      'Your request already holds too many documents',
      'A request may hold 20 documents, and 60 MB in all. This document was not saved.',
      'Delete a document that is no longer useful, or put several pages into one document.',
    ),
  ),
  'M-FILE-026': entry(
    408,
    'invalid_request',
    'The upload took more than a minute: a slow line, or a client that holds connections open.',
    text(
      'L’envoi a pris trop de temps',
      'Votre connexion est lente, ou elle a été coupée pendant l’envoi. Rien n’a été enregistré.',
      'Envoyez les documents un par un, ou recommencez avec une meilleure connexion.',
    ),
    text(
      'The upload took too long',
      'Your connection is slow, or was cut during the upload. Nothing was saved.',
      'Send the documents one by one, or try again on a better connection.',
    ),
  ),
  'M-FILE-027': entry(
    413,
    'invalid_request',
    'More files or fields in one request than our own forms hold.',
    text(
      'Trop de documents envoyés en une fois',
      'Vous pouvez envoyer cinq documents à la fois. Rien n’a été enregistré.',
      'Envoyez les cinq premiers documents, puis les suivants.',
    ),
    text(
      'Too many documents sent at once',
      'You can send five documents at a time. Nothing was saved.',
      'Send the first five documents, then the others.',
    ),
  ),
  'M-FILE-028': entry(
    422,
    'invalid_request',
    'The list of members is not text, is empty, or is over 2 MB or 5 000 lines.',
    text(
      'Cette liste de membres ne peut pas être lue',
      'Nous attendons un tableau enregistré en CSV (texte simple), de 5 000 lignes et 2 Mo au plus. Rien n’a été enregistré.',
      'Dans votre tableur, choisissez « Enregistrer sous », puis le format CSV.',
      'Vous pouvez aussi partir de notre modèle, et y recopier vos membres.',
    ),
    text(
      'This list of members cannot be read',
      'We expect a table saved as CSV (plain text), of 5,000 lines and 2 MB at most. Nothing was saved.',
      'In your spreadsheet, choose “Save as”, then the CSV format.',
      'You can also start from our template, and copy your members into it.',
    ),
  ),
  'M-FILE-029': entry(
    410,
    'invalid_request',
    'The piece of evidence was destroyed at the end of its retention; its kind, size and SHA-256 remain.',
    text(
      'Ce document a été détruit',
      'Sa durée de conservation est terminée. Seule la trace de son dépôt est gardée.',
      'Si vous en avez encore besoin, demandez-le à l’organisation qui l’avait envoyé.',
    ),
    text(
      'This document was destroyed',
      'The time for which we keep it is over. Only the trace of its upload remains.',
      'If you still need it, ask the organization that had sent it.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;

/** The few uploads that one process takes at once. */
export const uploadErrors = {
  'M-FILE-070': entry(
    503,
    'temporarily_unavailable',
    'Too many uploads at once: three in one process, one of the same account, 100 MB under way in all. Retry-After says when to come back; often seen, add a process.',
    text(
      'Trop de documents arrivent en même temps',
      'Nous en recevons déjà autant que nous le pouvons, ou un autre de vos envois n’est pas terminé. Ce document n’a pas été enregistré.',
      'Attendez une minute, puis envoyez de nouveau ce document.',
    ),
    text(
      'Too many documents are arriving at once',
      'We are already receiving as many as we can, or another of your uploads has not ended. This document was not saved.',
      'Wait a minute, then send this document again.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
