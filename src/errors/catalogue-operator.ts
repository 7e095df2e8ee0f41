import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Who may enter the console: appointing, changing, removing operators. */
export const operatorErrors = {
  'M-OPER-001': entry(
    404,
    'invalid_request',
    'There is no such operator, and no such proposal about one.',
    text(
      'Cette personne n’est pas parmi les opérateurs',
      'La fiche ou la proposition demandée n’existe pas, ou n’existe plus.',
      'Revenez à la liste des opérateurs.',
    ),
    text(
      'This person is not among the operators',
      'The page or the proposal does not exist, or does not any more.',
      'Go back to the list of operators.',
    ),
  ),
  'M-OPER-002': entry(
    409,
    'invalid_request',
    'The operator changed after the page was shown, or after the change was proposed; nothing was done.',
    text(
      'Cette fiche a changé entre-temps',
      'Quelqu’un a modifié ou retiré cet opérateur depuis que vous avez ouvert la page, ou depuis la proposition. Rien n’a été enregistré.',
      'Revenez à la fiche, puis recommencez.',
    ),
    text(
      'This operator has changed meanwhile',
      'Somebody changed or removed this operator since you opened the page, or since the proposal. Nothing was recorded.',
      'Go back to the operator, then start over.',
    ),
  ),
  'M-OPER-003': entry(
    409,
    'invalid_request',
    'The proposal was confirmed, declined or withdrawn already.',
    text(
      'Cette proposition a déjà reçu une réponse',
      'Elle a été confirmée, refusée ou reprise depuis que vous avez ouvert la page. Rien n’a été enregistré.',
      'Revenez à la liste des opérateurs.',
    ),
    text(
      'This proposal was answered already',
      'It was confirmed, declined or withdrawn since you opened the page. Nothing was recorded.',
      'Go back to the list of operators.',
    ),
  ),
  'M-OPER-004': entry(
    403,
    'access_denied',
    'Two people: a proposal is confirmed or declined by another administrator, and withdrawn by its author.',
    text(
      'Il faut deux personnes',
      'Une proposition est confirmée ou refusée par un autre administrateur que son auteur. Seul son auteur peut la reprendre.',
      'Demandez à un autre administrateur.',
    ),
    text(
      'Two people are needed',
      'A proposal is confirmed or declined by another administrator than its author. Only its author can withdraw it.',
      'Ask another administrator.',
    ),
  ),
  'M-OPER-005': entry(
    403,
    'access_denied',
    'Nobody appoints, changes, confirms or removes themselves: same id, same identity, or same e-mail address.',
    text(
      'Cela vous concerne',
      'Personne ne se nomme, ne se modifie, ne se confirme ni ne se retire soi-même.',
      'Demandez à un autre administrateur.',
    ),
    text(
      'This is about you',
      'Nobody appoints, changes, confirms or removes themselves.',
      'Ask another administrator.',
    ),
  ),
  'M-OPER-006': entry(
    422,
    'invalid_request',
    'Two roles that one person cannot hold: the rule and the case, or the acts and the record that checks them.',
    text(
      'Ces rôles ne vont pas ensemble',
      'Qui écrit les règles n’examine pas les dossiers et n’en décide pas. Qui contrôle ne fait rien de ce qu’il contrôle.',
      'Choisissez l’un ou l’autre.',
    ),
    text(
      'These roles do not go together',
      'Whoever writes the rules neither examines files nor decides on them. Whoever audits does nothing of what they audit.',
      'Choose one or the other.',
    ),
  ),
  'M-OPER-007': entry(
    409,
    'invalid_request',
    'The operator is declared in the files of the deployment: they are changed there, and applied with `maillon apply`.',
    text(
      'Cette personne est déclarée dans les fichiers de l’installation',
      'Sa fiche ne se modifie pas ici. Vous pouvez la retirer tout de suite, ou lever son retrait.',
      'Demandez à la personne qui tient les fichiers de la modifier.',
    ),
    text(
      'This person is declared in the files of the deployment',
      'They are not changed here. You can remove them at once, or take back their removal.',
      'Ask the person who keeps the files to change them.',
    ),
  ),
  'M-OPER-008': entry(
    409,
    'invalid_request',
    'This identity is an operator already, or a proposal about it waits for an answer.',
    text(
      'Cette personne est déjà opérateur, ou une proposition la concerne',
      'Il n’y a qu’une fiche par personne, et une proposition à la fois.',
      'Revenez à la liste des opérateurs.',
    ),
    text(
      'This person is an operator already, or is being proposed',
      'There is one entry for a person, and one proposal at a time.',
      'Go back to the list of operators.',
    ),
  ),
  'M-OPER-009': entry(
    409,
    'invalid_request',
    'No other administrator than who acts would keep the operators any more. `maillon operators remove` removes all the same.',
    text(
      'Il ne resterait aucun autre administrateur',
      'Personne d’autre que vous ne tiendrait l’espace des opérateurs, et personne ne pourrait corriger une erreur. Rien n’a été enregistré.',
      'Faites d’abord nommer un autre administrateur : vous le proposez, et un deuxième administrateur confirme.',
      'C’est urgent, ou personne ne peut confirmer ? Demandez à la personne qui tient le serveur de retirer cet accès.',
    ),
    text(
      'No other administrator would be left',
      'Nobody but you would keep the console, and nobody could put a mistake right. Nothing was recorded.',
      'Have another administrator appointed first: you propose, a second administrator confirms.',
      'It is urgent, or nobody can confirm? Ask the person who keeps the server to remove this access.',
    ),
  ),
  'M-OPER-010': entry(
    403,
    'access_denied',
    'Whoever acts, or whoever proposed, does not keep the operators any more.',
    text(
      'Cette charge d’administrateur a pris fin',
      'Vous, ou la personne qui a fait la proposition, n’administrez plus les opérateurs. Rien n’a été enregistré.',
      'Demandez à un administrateur en charge de refaire la proposition.',
    ),
    text(
      'This charge of administrator has ended',
      'You, or the person who proposed, do not keep the operators any more. Nothing was recorded.',
      'Ask an administrator in charge to propose again.',
    ),
  ),
  'M-OPER-011': entry(
    422,
    'invalid_request',
    'What was sent about an operator cannot be read; see the detail.',
    text(
      'Ce formulaire n’est pas complet',
      'Une information manque ou ne peut pas être lue. Rien n’a été enregistré.',
      'Revenez au formulaire, puis recommencez.',
    ),
    text(
      'This form is not complete',
      'Something is missing or cannot be read. Nothing was recorded.',
      'Go back to the form, then start over.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
