import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Refusals that come from approvals and invitations. Each hint starts with the reason code. */
export const approvalErrors = {
  'M-ELIG-011': entry(
    403,
    'access_denied',
    'approval_missing: the policy admits this organization once approved, and no approval exists.',
    text(
      '{{service}} n’est pas encore ouvert à {{organization}}',
      'Votre connexion a réussi, mais votre organisation n’a pas encore reçu l’accord d’un opérateur.',
      'Demandez à la personne qui dirige votre organisation de déposer une demande.',
      'Un agent public peut aussi vous inviter, si le service le permet.',
    ),
    text(
      '{{service}} is not open to {{organization}} yet',
      'You signed in, but your organization has no approval yet, that is the agreement of an operator.',
      'Ask the person who heads your organization to file a request.',
      'A public agent may also invite you, if the service allows it.',
    ),
  ),
  'M-ELIG-012': entry(
    403,
    'access_denied',
    'service_not_covered: an approval exists, for other services.',
    text(
      '{{service}} n’est pas encore ouvert à {{organization}}',
      'Votre connexion a réussi. L’accord donné à votre organisation couvre d’autres services, mais pas celui-ci.',
      'Demandez à la personne qui dirige votre organisation de faire étendre l’accord.',
      'Un agent public peut aussi vous inviter, si le service le permet.',
    ),
    text(
      '{{service}} is not open to {{organization}} yet',
      'You signed in. The approval of your organization covers other services, not this one.',
      'Ask the person who heads your organization to have the approval extended.',
      'A public agent may also invite you, if the service allows it.',
    ),
  ),
  'M-ELIG-013': entry(
    403,
    'access_denied',
    'approval_pending: a request is being examined, or the approval has not started yet.',
    text(
      'La demande de {{organization}} est en cours d’examen',
      '{{service}} s’ouvrira si un opérateur donne son accord.',
      'Attendez la réponse : elle est envoyée à la personne qui a déposé la demande.',
    ),
    text(
      'The request of {{organization}} is being examined',
      '{{service}} will open if an operator agrees.',
      'Wait for the answer: it is sent to the person who filed the request.',
    ),
  ),
  'M-ELIG-014': entry(
    403,
    'access_denied',
    'approval_refused: an operator refused the approval, with reasons and remedies.',
    text(
      'La demande de {{organization}} a été refusée',
      'Un opérateur a refusé d’ouvrir {{service}}, par une décision écrite et motivée.',
      'Lisez la décision reçue par la personne qui a déposé la demande : elle indique les raisons et comment la contester.',
    ),
    text(
      'The request of {{organization}} was refused',
      'An operator refused to open {{service}}, by a written and reasoned decision.',
      'Read the decision sent to the person who filed the request: it gives the reasons and how to contest it.',
    ),
  ),
  'M-ELIG-015': entry(
    403,
    'access_denied',
    'approval_expired: the end date of the approval has passed (00:00 Europe/Paris of the next day).',
    text(
      'L’accord donné à {{organization}} est arrivé à son terme',
      '{{service}} était ouvert jusqu’à cette date, et l’accord n’a pas été renouvelé.',
      'Demandez à la personne qui dirige votre organisation de le faire renouveler.',
    ),
    text(
      'The approval of {{organization}} has ended',
      '{{service}} was open until that date, and the approval was not renewed.',
      'Ask the person who heads your organization to have it renewed.',
    ),
  ),
  'M-ELIG-016': entry(
    403,
    'access_denied',
    'approval_suspended: an operator suspended the approval.',
    text(
      'L’accord donné à {{organization}} est suspendu',
      'Un opérateur a suspendu l’accès à {{service}}.',
      'Demandez à la personne qui dirige votre organisation : elle a reçu la décision et peut y répondre.',
    ),
    text(
      'The approval of {{organization}} is suspended',
      'An operator suspended access to {{service}}.',
      'Ask the person who heads your organization: they received the decision and may answer it.',
    ),
  ),
  'M-ELIG-017': entry(
    403,
    'access_denied',
    'guest_expired: the invitation has ended.',
    text(
      'Votre invitation est terminée',
      'Vous étiez invité sur {{service}} pour une durée limitée, qui est passée.',
      'Demandez à l’agent public qui vous avait invité de renouveler l’invitation.',
    ),
    text(
      'Your invitation has ended',
      'You were a guest on {{service}} for a limited time, which has passed.',
      'Ask the public agent who invited you to renew the invitation.',
    ),
  ),
  'M-ELIG-018': entry(
    403,
    'access_denied',
    'guest_not_invited: the service is open to guests, and this person has no invitation.',
    text(
      '{{service}} est ouvert sur invitation',
      'Votre connexion a réussi, mais aucune invitation n’est enregistrée à votre adresse.',
      'Demandez une invitation à l’agent public avec lequel vous travaillez.',
      'Vérifiez qu’il a invité l’adresse avec laquelle vous vous êtes connecté.',
    ),
    text(
      '{{service}} is open by invitation',
      'You signed in, but no invitation is recorded for your address.',
      'Ask the public agent you work with for an invitation.',
      'Check that they invited the address you signed in with.',
    ),
  ),
  'M-ELIG-019': entry(
    403,
    'access_denied',
    'service_excludes_guests: the service takes no guests.',
    text(
      '{{service}} n’accueille pas d’invités',
      'Ce service est réservé aux membres des organisations admises.',
      'Demandez à l’agent public avec lequel vous travaillez quel autre service utiliser ensemble.',
    ),
    text(
      '{{service}} takes no guests',
      'This service is for members of admitted organizations only.',
      'Ask the public agent you work with which other service to use together.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
