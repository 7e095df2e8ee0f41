import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Lots: one decision for many organizations. */
export const batchErrors = {
  'M-BULK-001': entry(
    404,
    'invalid_request',
    'There is no such lot or line, or a part of it lies out of the perimeter of the operator.',
    text(
      'Ce lot n’existe pas',
      'Le numéro demandé n’est celui d’aucun lot que vous pouvez voir.',
      'Revenez à la liste des lots.',
    ),
    text('There is no such lot', 'No lot that you may see has this number.', 'Go back to the list of lots.'),
  ),
  'M-BULK-002': entry(
    409,
    'invalid_request',
    'The lot, a register or a file changed after the page was shown: what would be done is not what was read. Nothing was done.',
    text(
      'Ce lot a changé entre-temps',
      'Le lot, un registre ou un dossier a changé depuis que vous avez ouvert la page. Rien n’a été fait.',
      'Relisez le lot tel qu’il est maintenant, puis recommencez.',
    ),
    text(
      'This lot has changed meanwhile',
      'The lot, a register or a file changed since you opened the page. Nothing was done.',
      'Read the lot again as it is now, then start over.',
    ),
  ),
  'M-BULK-003': entry(
    409,
    'invalid_request',
    'The state of the lot does not allow it: a draft is proposed, what is proposed is confirmed, what is done is taken back.',
    text(
      'Ce lot n’en est pas là',
      'On modifie et on propose un brouillon ; on confirme ce qui est proposé. Rien n’a été fait.',
      'Ouvrez à nouveau le lot pour voir où il en est.',
    ),
    text(
      'This lot is not at that stage',
      'A draft is edited and proposed; what is proposed is confirmed. Nothing was done.',
      'Open the lot again to see where it stands.',
    ),
  ),
  'M-BULK-004': entry(
    403,
    'access_denied',
    'Whoever proposed it cannot confirm it: a second person has to.',
    text(
      'Une deuxième personne doit confirmer',
      'Vous avez proposé cette décision : quelqu’un d’autre doit la relire et la confirmer.',
      'Demandez à une personne qui peut décider pour toutes ces organisations.',
    ),
    text(
      'A second person has to confirm',
      'You proposed this decision: somebody else has to read it again and confirm it.',
      'Ask somebody who may decide for all of these organizations.',
    ),
  ),
  'M-BULK-005': entry(
    403,
    'access_denied',
    'Only whoever began it may do this.',
    text(
      'Ce lot est celui de quelqu’un d’autre',
      'Seule la personne qui l’a commencé peut faire cela.',
      'Adressez-vous à elle, ou commencez un lot à votre nom.',
    ),
    text(
      'This lot is somebody else’s',
      'Only the person who began it can do this.',
      'Ask them, or begin a lot of your own.',
    ),
  ),
  'M-BULK-006': entry(
    422,
    'invalid_request',
    'No line of the lot would change anything: there is nothing to decide.',
    text(
      'Ce lot ne contient rien à décider',
      'Aucune ligne n’ouvre ni ne change un droit.',
      'Corrigez les lignes écartées, ou annulez le lot.',
    ),
    text(
      'There is nothing to decide in this lot',
      'No line opens or changes a right.',
      'Correct the lines that were left out, or cancel the lot.',
    ),
  ),
  'M-BULK-007': entry(
    403,
    'access_denied',
    'Beyond ten organizations that one person decides about in twenty-four hours, a second person confirms.',
    text(
      'Ce lot demande une deuxième personne',
      'Au-delà de dix organisations en vingt-quatre heures, une deuxième personne relit et confirme.',
      'Proposez le lot à la confirmation.',
    ),
    text(
      'This lot needs a second person',
      'Beyond ten organizations in twenty-four hours, a second person reads again and confirms.',
      'Propose the lot for confirmation.',
    ),
  ),
  'M-BULK-008': entry(
    409,
    'invalid_request',
    'The organizations were told that the lot is to be taken back, and may still answer (CRPA art. L121-1, L122-1).',
    text(
      'Les organisations peuvent encore répondre',
      'Elles ont quinze jours pour présenter leurs observations. Rien n’est retiré avant.',
      'Revenez après le dernier jour indiqué sur la page du lot.',
    ),
    text(
      'The organizations may still answer',
      'They have fifteen days to say what they think of it. Nothing is taken back before.',
      'Come back after the last day shown on the page of the lot.',
    ),
  ),
  'M-BULK-009': entry(
    409,
    'invalid_request',
    'Whoever proposed it is no longer in charge of it today: their role, delegation or perimeter has ended or changed. Four eyes are those of two people in charge.',
    text(
      'La personne qui l’a proposé n’en est plus chargée',
      'Son rôle ou son périmètre a changé depuis. Rien n’a été fait.',
      'Renvoyez ou abandonnez ce qui était proposé ; une personne qui en est chargée le propose de nouveau.',
    ),
    text(
      'Whoever proposed it is no longer in charge of it',
      'Their role or their perimeter has changed since. Nothing was done.',
      'Send back or give up what was proposed; somebody who is in charge of it proposes it again.',
    ),
  ),
  'M-BULK-010': entry(
    403,
    'access_denied',
    'The lot brings organizations that no register holds: whoever describes them does not grant them a right alone.',
    text(
      'Ce lot demande une deuxième personne',
      'Il fait entrer au registre des organisations qu’aucun registre ne connaît. Une deuxième personne relit et confirme.',
      'Proposez le lot à la confirmation.',
    ),
    text(
      'This lot needs a second person',
      'It brings organizations that no register knows. A second person reads again and confirms.',
      'Propose the lot for confirmation.',
    ),
  ),
  'M-BULK-011': entry(
    409,
    'invalid_request',
    'When the line was carried out, the register held the organization, which it did not when the lot was confirmed. Nothing was written of it, and no right was granted.',
    text(
      'Un registre connaît maintenant cette organisation',
      'Quand le lot a été confirmé, aucun registre ne la connaissait. Rien n’a été écrit.',
      'Mettez la ligne dans un nouveau lot : elle sera comparée à ce que dit le registre.',
    ),
    text(
      'A register knows this organization now',
      'When the lot was confirmed, no register knew it. Nothing was written.',
      'Put the line into a new lot: it is compared with what the register says.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
