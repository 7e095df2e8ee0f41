import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** What is kept of somebody, and its erasure. */
export const dataErrors = {
  'M-DATA-001': entry(
    404,
    'invalid_request',
    'No account has this number, or it was erased and nothing leads to it any more.',
    text(
      'Cette personne n’est pas connue ici',
      'Aucun compte ne porte ce numéro, ou ses données ont déjà été effacées.',
      'Vérifiez le numéro ou l’adresse.',
    ),
    text(
      'This person is not known here',
      'No account has this number, or its data was erased already.',
      'Check the number or the address.',
    ),
  ),
  'M-DATA-002': entry(
    409,
    'invalid_request',
    'The account belongs to an operator in charge, or to somebody proposed as one: the next account of the same identity would have the charge. End the charge, or answer the proposal, first.',
    text(
      'Ce compte est celui d’un opérateur en fonction ou proposé',
      'Les données d’une personne chargée d’examiner ou de décider, ou que l’on propose d’en charger, ne sont effacées qu’après la fin de cette charge ou de cette proposition.',
      'Demandez à un administrateur de ce site de mettre fin à la charge, ou de répondre à la proposition.',
      'Recommencez ensuite.',
    ),
    text(
      'This is the account of an operator in charge, or proposed',
      'The data of somebody who examines or decides, or is proposed for it, is erased only once that charge or proposal has ended.',
      'Ask an administrator of this site to end the charge, or to answer the proposal.',
      'Then start again.',
    ),
  ),
  'M-DATA-003': entry(
    409,
    'invalid_request',
    'What would be erased or kept changed between the page that said so and its confirmation. Nothing was erased.',
    text(
      'Ce qui serait effacé a changé',
      'Depuis que vous avez lu la page, un élément est apparu, a changé ou a disparu. Rien n’a été effacé.',
      'Relisez ce qui sera effacé et ce qui sera gardé, puis confirmez.',
    ),
    text(
      'What would be erased has changed',
      'Since you read the page, something appeared, changed or went. Nothing was erased.',
      'Read again what will be erased and what will be kept, then confirm.',
    ),
  ),
  'M-DATA-004': entry(
    409,
    'invalid_request',
    'Whoever prepared an erasure that came in writing does not confirm it.',
    text(
      'Une autre personne doit confirmer',
      'Vous avez préparé cet effacement. Il ne peut pas être défait : une deuxième personne le confirme.',
      'Demandez à un autre administrateur de le relire.',
    ),
    text(
      'Somebody else has to confirm',
      'You prepared this erasure. It cannot be undone: a second person confirms it.',
      'Ask another administrator to read it.',
    ),
  ),
  'M-DATA-005': entry(
    409,
    'invalid_request',
    'The prepared erasure was carried out or dropped meanwhile, or one is waiting already.',
    text(
      'Cet effacement n’est plus à confirmer, ou attend déjà',
      'Une autre personne l’a confirmé ou abandonné, ou un effacement de ce compte attend déjà.',
      'Relisez la liste des effacements à confirmer.',
    ),
    text(
      'This erasure no longer waits, or one does already',
      'Somebody else confirmed or dropped it, or an erasure of this account is waiting already.',
      'Read the list of erasures to confirm again.',
    ),
  ),
  'M-DATA-006': entry(
    409,
    'invalid_request',
    'One of the two who erase on a written request may not erase any more: whoever prepared it, or whoever confirms it. Drop it, and prepare it again.',
    text(
      'L’une des deux personnes n’est plus administrateur',
      'La personne qui a préparé cet effacement, ou celle qui le confirme, n’en a plus le droit. Rien n’a été effacé.',
      'Abandonnez cet effacement.',
      'Demandez à un administrateur en fonction de le préparer à nouveau.',
    ),
    text(
      'One of the two people is no longer an administrator',
      'Whoever prepared this erasure, or whoever confirms it, may not do so any more. Nothing was erased.',
      'Drop this erasure.',
      'Ask an administrator in charge to prepare it again.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
