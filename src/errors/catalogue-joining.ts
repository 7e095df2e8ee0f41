import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** How somebody comes to act for an organization. */
export const joiningErrors = {
  'M-JOIN-001': entry(
    404,
    'invalid_request',
    'No such membership, request or organization for this person: all have the same answer.',
    text(
      'Cette page n’existe pas pour vous',
      'Cette demande n’existe pas, ou vous ne représentez pas cette organisation.',
      'Partez de la liste de vos organisations.',
    ),
    text(
      'This page does not exist for you',
      'There is no such request, or you do not represent this organization.',
      'Start from the list of your organizations.',
    ),
  ),
  'M-JOIN-002': entry(
    409,
    'invalid_request',
    'The membership changed since the page was read, or the act is not possible from its state.',
    text(
      'Cette demande a changé',
      'Elle a changé depuis que vous avez ouvert la page. Rien n’a été enregistré.',
      'Relisez la page, puis recommencez si c’est encore utile.',
    ),
    text(
      'This request has changed',
      'It has changed since you opened the page. Nothing was recorded.',
      'Read the page again, then start over if it is still needed.',
    ),
  ),
  'M-JOIN-003': entry(
    403,
    'access_denied',
    'Nobody answers their own request, nor takes their own invitation.',
    text(
      'Vous ne pouvez pas répondre à votre propre demande',
      'Une autre personne de l’organisation, ou un opérateur, doit le faire.',
      'Attendez leur réponse.',
    ),
    text(
      'You cannot answer your own request',
      'Somebody else of the organization, or an operator, has to do so.',
      'Wait for their answer.',
    ),
  ),
  'M-JOIN-004': entry(
    403,
    'access_denied',
    'The rules of joining leave this way closed. The log names the rule, like join.v2/domain_refused.',
    text(
      'Vous ne pouvez pas rejoindre cette organisation ainsi',
      'Ce moyen n’est pas, ou n’est plus, ouvert pour vous. Rien n’a été enregistré.',
      'Cherchez de nouveau l’organisation : la page dit ce que vous pouvez faire.',
    ),
    text(
      'You cannot join this organization in this way',
      'This way is not, or no longer, open to you. Nothing was recorded.',
      'Look for the organization again: the page says what you can do.',
    ),
  ),
  'M-JOIN-005': entry(
    403,
    'access_denied',
    'A code was asked for at a mailbox that the registers do not name for this organization.',
    text(
      'Cette adresse n’est pas celle de l’organisation',
      'Nous n’envoyons un code qu’aux adresses officielles que les registres publics connaissent.',
      'Choisissez une adresse de la liste.',
    ),
    text(
      'This address is not the organization’s',
      'We send a code only to official addresses that public registers know.',
      'Choose an address from the list.',
    ),
  ),
  'M-JOIN-006': entry(
    404,
    'invalid_request',
    'The token of an invitation link leads to nothing: altered, or forgotten.',
    text(
      'Ce lien d’invitation n’est pas valable',
      'Le lien est incomplet, ou il a été modifié.',
      'Ouvrez le lien du courriel tel que vous l’avez reçu.',
      'Sinon, demandez une nouvelle invitation.',
    ),
    text(
      'This invitation link is not valid',
      'The link is incomplete, or it was altered.',
      'Open the link of the message as you received it.',
      'Otherwise ask for another invitation.',
    ),
  ),
  'M-JOIN-007': entry(
    410,
    'invalid_request',
    'The invitation was taken, withdrawn or replaced, or whoever invited represents the organization no more.',
    text(
      'Cette invitation ne sert plus',
      'Elle a déjà servi, elle a été annulée ou remplacée, ou la personne qui invitait ne représente plus l’organisation.',
      'Regardez dans vos organisations si vous y êtes déjà.',
      'Sinon, demandez une nouvelle invitation.',
    ),
    text(
      'This invitation is over',
      'It was used, withdrawn or replaced, or whoever invited no longer represents the organization.',
      'Look among your organizations whether you are there already.',
      'Otherwise ask for another invitation.',
    ),
  ),
  'M-JOIN-008': entry(
    410,
    'invalid_request',
    'The invitation was sent more than 7 days ago, or its last day has passed.',
    text(
      'Cette invitation a expiré',
      'Une invitation sert pendant 7 jours.',
      'Demandez une nouvelle invitation à la personne qui représente l’organisation.',
    ),
    text(
      'This invitation has expired',
      'An invitation works for 7 days.',
      'Ask whoever represents the organization for another one.',
    ),
  ),
  'M-JOIN-009': entry(
    403,
    'access_denied',
    'Somebody opened an invitation link without being signed in with the mailbox to which it was sent.',
    text(
      'Cette invitation est pour une autre adresse',
      'Elle ne sert qu’à la personne qui se connecte avec l’adresse qui l’a reçue.',
      'Connectez-vous avec cette adresse.',
      'Sinon, demandez une invitation pour l’adresse avec laquelle vous vous connectez.',
    ),
    text(
      'This invitation is for another address',
      'It works only for whoever signs in with the address that received it.',
      'Sign in with that address.',
      'Otherwise ask for an invitation for the address with which you sign in.',
    ),
  ),
  'M-JOIN-010': entry(
    422,
    'invalid_request',
    'Somebody from outside is let in only until a day, a year away at most.',
    text(
      'Il manque une date de fin',
      'Une personne extérieure à l’organisation n’agit pour elle que jusqu’à une date, dans un an au plus.',
      'Indiquez cette date.',
    ),
    text(
      'A last day is missing',
      'Somebody from outside the organization acts for it only until a day, a year away at most.',
      'Give that day.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
