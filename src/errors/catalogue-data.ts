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
    'The account belongs to an operator in charge: the next account of the same identity would have the charge again. End the charge first.',
    text(
      'Ce compte est celui d’un opérateur en fonction',
      'Les données d’une personne chargée d’examiner ou de décider ne sont effacées qu’après la fin de sa charge.',
      'Demandez à un administrateur de ce site de mettre fin à la charge.',
      'Recommencez ensuite.',
    ),
    text(
      'This is the account of an operator in charge',
      'The data of somebody who examines or decides is erased only once their charge has ended.',
      'Ask an administrator of this site to end the charge.',
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
      'Vous avez préparé cet effacement. Il ne peut pas être défait : une seconde personne le confirme.',
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
} as const satisfies Record<string, ErrorEntry>;
