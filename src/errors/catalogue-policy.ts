import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Rules of access: versions, drafts, publication. */
export const policyErrors = {
  'M-POLI-001': entry(
    404,
    'invalid_request',
    'There is no such service, version or draft of a policy.',
    text(
      'Ces règles n’existent pas',
      'Le service, la version ou le brouillon demandé n’existe pas, ou n’existe plus.',
      'Revenez à la liste des services.',
    ),
    text(
      'There are no such rules',
      'The service, the version or the draft does not exist, or does not any more.',
      'Go back to the list of services.',
    ),
  ),
  'M-POLI-002': entry(
    409,
    'invalid_request',
    'The draft of a policy changed after the page was shown; nothing was done.',
    text(
      'Ce brouillon a changé entre-temps',
      'Quelqu’un l’a modifié, proposé ou publié depuis que vous avez ouvert la page. Rien n’a été enregistré.',
      'Ouvrez à nouveau le brouillon, puis recommencez.',
    ),
    text(
      'This draft has changed meanwhile',
      'Somebody edited, proposed or published it since you opened the page. Nothing was recorded.',
      'Open the draft again, then start over.',
    ),
  ),
  'M-POLI-003': entry(
    409,
    'invalid_request',
    'The state of the draft does not allow it: only a draft is edited or proposed, only what is proposed is published.',
    text(
      'Ce brouillon n’en est pas là',
      'On modifie et on propose un brouillon ; on publie ce qui a été proposé. Rien n’a été enregistré.',
      'Ouvrez à nouveau le brouillon pour voir où il en est.',
    ),
    text(
      'This draft is not at that stage',
      'A draft is edited and proposed; what was proposed is published. Nothing was recorded.',
      'Open the draft again to see where it stands.',
    ),
  ),
  'M-POLI-004': entry(
    403,
    'access_denied',
    'The author of a policy cannot publish it: a second person has to.',
    text(
      'Une deuxième personne doit confirmer',
      'Vous avez écrit ces règles : quelqu’un d’autre doit les relire et les publier.',
      'Demandez à une personne qui peut publier les règles de ce service.',
    ),
    text(
      'A second person has to confirm',
      'You wrote these rules: somebody else has to read them again and publish them.',
      'Ask somebody who may publish the rules of this service.',
    ),
  ),
  'M-POLI-005': entry(
    403,
    'access_denied',
    'Only its author edits, proposes or discards a draft of a policy.',
    text(
      'Ce brouillon est celui de quelqu’un d’autre',
      'Seule la personne qui l’a écrit peut le modifier, le proposer ou l’abandonner.',
      'Commencez un brouillon à votre nom.',
    ),
    text(
      'This draft is somebody else’s',
      'Only the person who wrote it can edit, propose or discard it.',
      'Begin a draft of your own.',
    ),
  ),
  'M-POLI-006': entry(
    422,
    'invalid_request',
    'The document of the policy is refused; the detail has each fault with its line.',
    text(
      'Ces règles contiennent des erreurs',
      'Le texte ne peut pas être compris en entier. Rien n’a été publié.',
      'Corrigez les lignes indiquées.',
    ),
    text(
      'These rules have faults',
      'The text cannot be understood in full. Nothing was published.',
      'Correct the lines that are shown.',
    ),
  ),
  'M-POLI-007': entry(
    409,
    'invalid_request',
    'Another version of the policy was published since the draft was begun: it would undo that one unseen.',
    text(
      'Une autre version a été publiée entre-temps',
      'Ce brouillon part d’une version qui n’est plus la dernière : le publier effacerait sans le dire ce qui a changé depuis.',
      'Commencez un brouillon à partir de la dernière version.',
    ),
    text(
      'Another version was published meanwhile',
      'This draft begins from a version that is no longer the last: publishing it would silently undo what changed since.',
      'Begin a draft from the last version.',
    ),
  ),
  'M-POLI-008': entry(
    422,
    'invalid_request',
    'The first day of the policy (valid_from) is past: decisions already taken would change their rule.',
    text(
      'Le premier jour de ces règles est déjà passé',
      'Des règles ne valent que pour l’avenir : les décisions déjà prises gardent celles du moment.',
      'Donnez comme premier jour celui d’aujourd’hui ou un jour à venir.',
    ),
    text(
      'The first day of these rules is past',
      'Rules count for what is to come: decisions already taken keep those of their time.',
      'Give as first day that of today or one to come.',
    ),
  ),
  'M-POLI-009': entry(
    409,
    'invalid_request',
    'Whoever proposed these rules may not write those of the service today: their role, delegation or perimeter has ended or changed.',
    text(
      'La personne qui les a proposées n’écrit plus ces règles',
      'Son rôle, sa délégation ou son périmètre a changé depuis. Rien n’a été publié.',
      'Renvoyez le brouillon, puis proposez les mêmes règles à votre nom : une autre personne les publie.',
    ),
    text(
      'Whoever proposed them writes these rules no more',
      'Their role, their delegation or their perimeter has changed since. Nothing was published.',
      'Send the draft back, then propose the same rules in your name: somebody else publishes them.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
