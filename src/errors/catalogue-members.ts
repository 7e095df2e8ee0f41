import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Members of an organization, and whoever represents it. */
export const memberErrors = {
  'M-MEMB-001': entry(
    404,
    'invalid_request',
    'No such member of this organization, or the person does not represent it: both have the same answer.',
    text(
      'Cette page n’existe pas pour vous',
      'Cette personne n’est pas dans la liste, ou vous ne représentez pas cette organisation.',
      'Partez de la liste des membres de votre organisation.',
    ),
    text(
      'This page does not exist for you',
      'This person is not on the list, or you do not represent this organization.',
      'Start from the list of members of your organization.',
    ),
  ),
  'M-MEMB-002': entry(
    409,
    'invalid_request',
    'Somebody else confirmed, revoked or restored this member since the page was read. The log names the member.',
    text(
      'La liste des membres a changé',
      'Une autre personne a agi sur ce rattachement depuis que vous avez ouvert la page. Rien n’a été enregistré.',
      'Relisez la liste, puis recommencez si c’est encore utile.',
    ),
    text(
      'The list of members has changed',
      'Somebody else acted on this membership since you opened the page. Nothing was recorded.',
      'Read the list again, then start over if it is still needed.',
    ),
  ),
  'M-MEMB-003': entry(
    403,
    'access_denied',
    'Nobody confirms their own membership.',
    text(
      'Vous ne pouvez pas confirmer votre propre rattachement',
      'Votre mandat a déjà été vérifié avec la demande de votre organisation.',
      'Vous n’avez rien à faire.',
    ),
    text(
      'You cannot confirm your own membership',
      'Your mandate was already checked with the request of your organization.',
      'You have nothing to do.',
    ),
  ),
  'M-MEMB-004': entry(
    403,
    'access_denied',
    'The last representative of an organization does not revoke themselves: nobody could give anything back.',
    text(
      'Vous êtes la seule personne à représenter l’organisation',
      'Sans vous, plus personne ne pourrait confirmer ou retirer un membre. Rien n’a été enregistré.',
      'Demandez à la personne qui vous succède de déposer une demande au nom de l’organisation.',
      'Sinon, écrivez à l’équipe qui a examiné la demande.',
    ),
    text(
      'You are the only person who represents the organization',
      'Without you, nobody could confirm or revoke a member. Nothing was recorded.',
      'Ask the person who succeeds you to file a request for the organization.',
      'Otherwise write to the team that examined the request.',
    ),
  ),
  'M-MEMB-005': entry(
    403,
    'access_denied',
    'A representative does not revoke another one: each has proven a mandate to an operator, who ends it.',
    text(
      'Cette personne représente aussi l’organisation',
      'Son mandat a été vérifié comme le vôtre : vous ne pouvez pas y mettre fin ici.',
      'Si son mandat a pris fin, écrivez à l’équipe qui a examiné la demande, avec le document qui le montre.',
    ),
    text(
      'This person represents the organization too',
      'Their mandate was checked like yours: you cannot end it here.',
      'If their mandate has ended, write to the team that examined the request, with the document that shows it.',
    ),
  ),
  'M-MEMB-006': entry(
    403,
    'access_denied',
    'What an operator took away, an operator gives back.',
    text(
      'Ce rattachement a été retiré par l’administration',
      'L’équipe qui gère les accès l’a retiré. Elle seule peut le rendre.',
      'Écrivez à l’équipe qui a examiné la demande de votre organisation.',
    ),
    text(
      'This membership was taken away by the administration',
      'The team that manages access took it away. Only that team can give it back.',
      'Write to the team that examined the request of your organization.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
