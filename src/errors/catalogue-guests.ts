import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Guests, and those who invite them. */
export const guestErrors = {
  'M-GUES-001': entry(
    404,
    'invalid_request',
    'No such invitation, or somebody else sent it: both have the same answer.',
    text(
      'Cette invitation n’existe pas',
      'Cette invitation n’existe pas, ou n’a pas été envoyée avec votre compte.',
      'Partez de la liste de vos invités.',
    ),
    text(
      'This invitation does not exist',
      'This invitation does not exist, or was not sent with your account.',
      'Start from the list of your guests.',
    ),
  ),
  'M-GUES-002': entry(
    403,
    'access_denied',
    'Only members of a service, from a public service, invite to it, and only if its policy has an invitation predicate.',
    text(
      'Vous ne pouvez pas inviter à ce service',
      'Inviter est réservé aux agents publics qui utilisent eux-mêmes le service. Certains services ne reçoivent pas d’invités.',
      'Vérifiez que vous êtes connecté avec votre adresse professionnelle.',
      'Demandez à un agent qui utilise ce service d’envoyer l’invitation.',
    ),
    text(
      'You cannot invite to this service',
      'Only public agents who use the service themselves may invite to it. Some services take no guests.',
      'Check that you signed in with your professional address.',
      'Ask an agent who uses this service to send the invitation.',
    ),
  ),
  'M-GUES-003': entry(
    409,
    'invalid_request',
    'The invitation was taken back, is over, or its sponsor may not invite any more. The log names its state.',
    text(
      'Cette invitation a déjà pris fin',
      'Elle a été retirée, ou sa date de fin est passée. Rien n’a été enregistré.',
      'Relisez la liste de vos invités.',
      'Envoyez une nouvelle invitation si elle est encore utile.',
    ),
    text(
      'This invitation has already ended',
      'It was taken back, or its end date has passed. Nothing was recorded.',
      'Read the list of your guests again.',
      'Send a new invitation if it is still needed.',
    ),
  ),
  'M-GUES-004': entry(
    409,
    'invalid_request',
    'Whoever takes guests over would have more than the most that one person may have open.',
    text(
      'Vous avez atteint le nombre d’invitations possible',
      'Avec les invités que vous voulez reprendre, vous en auriez trop. Rien n’a été enregistré.',
      'Reprenez moins d’invités, ou retirez d’abord des invitations qui ne servent plus.',
    ),
    text(
      'You have reached the number of invitations allowed',
      'With the guests that you want to take over, you would have too many. Nothing was recorded.',
      'Take over fewer guests, or first take back invitations that are of no more use.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
