import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Mail domains that an organization has proven to be its own. */
export const domainErrors = {
  'M-DOMN-001': entry(
    404,
    'invalid_request',
    'No such domain of this organization, no such handover, or no official mailbox at this domain: all have the same answer.',
    text(
      'Ce nom de domaine n’est pas dans la liste',
      'Il a été retiré, il n’a pas été prouvé à temps, ou il n’est pas à cette organisation.',
      'Partez de la liste des noms de domaine.',
    ),
    text(
      'This domain name is not on the list',
      'It was removed, it was not proven in time, or it does not belong to this organization.',
      'Start from the list of domain names.',
    ),
  ),
  'M-DOMN-002': entry(
    409,
    'invalid_request',
    'Somebody acted on the domain, or on its handover, since the page was read. The log names it.',
    text(
      'L’état du nom de domaine a changé',
      'Une autre personne a agi, ou un délai est passé, depuis que vous avez ouvert la page. Rien n’a été enregistré.',
      'Relisez la page, puis recommencez si c’est encore utile.',
    ),
    text(
      'The state of the domain name has changed',
      'Somebody else acted, or a time limit passed, since you opened the page. Nothing was recorded.',
      'Read the page again, then start over if it is still needed.',
    ),
  ),
  'M-DOMN-003': entry(
    403,
    'access_denied',
    'Two operators hand a domain over: whoever confirmed first does not confirm a second time.',
    text(
      'Une deuxième personne doit confirmer',
      'Vous avez déjà confirmé. Un nom de domaine change d’organisation quand deux opérateurs le confirment.',
      'Demandez à un collègue d’ouvrir cette page.',
    ),
    text(
      'Somebody else has to confirm',
      'You have confirmed already. A domain name changes organization once two operators confirm it.',
      'Ask a colleague to open this page.',
    ),
  ),
  'M-DOMN-004': entry(
    403,
    'access_denied',
    'The representatives of the organization that holds the domain may still object.',
    text(
      'L’organisation qui a ce nom de domaine peut encore s’y opposer',
      'Les personnes qui la représentent ont été prévenues. Leur délai n’est pas terminé.',
      'Revenez après la date écrite sur la page.',
    ),
    text(
      'The organization that has this domain name may still object',
      'The people who represent it were told. Their time has not passed yet.',
      'Come back after the date written on the page.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
