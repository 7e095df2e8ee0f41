import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Refusals that come from the person, the way they signed in, or the policy itself. Each hint starts with the reason code. */
export const signInErrors = {
  'M-ELIG-020': entry(
    403,
    'access_denied',
    'membership_not_verified: the link between person and organization is weaker than the policy asks.',
    text(
      'Votre rattachement à {{organization}} n’est pas vérifié',
      '{{service}} demande une preuve que vous agissez bien pour elle.',
      'Connectez-vous avec l’adresse que votre organisation vous a donnée.',
      'Sinon, demandez à la personne qui représente votre organisation, ou à votre service informatique, de confirmer votre rattachement.',
    ),
    text(
      'Your link with {{organization}} is not verified',
      '{{service}} requires proof that you really act for it.',
      'Sign in with the address that your organization gave you.',
      'Otherwise ask whoever represents your organization, or your IT department, to confirm that you belong to it.',
    ),
  ),
  'M-ELIG-021': entry(
    403,
    'access_denied',
    'email_domain_not_allowed: the policy lists e-mail domains, and this one is not among them.',
    text(
      '{{service}} n’accepte pas les adresses de {{domain}}',
      'Les règles de ce service ne retiennent que certains noms de domaine.',
      'Si vous avez une autre adresse professionnelle, recommencez avec celle-ci.',
      'Sinon, demandez à la personne qui gère ce service d’ajouter le vôtre.',
    ),
    text(
      '{{service}} does not accept the addresses of {{domain}}',
      'The rules of this service only admit certain domain names.',
      'If you have another work address, try again with that one.',
      'Otherwise ask the people who run the service to add yours.',
    ),
  ),
  'M-ELIG-022': entry(
    403,
    'unmet_authentication_requirements',
    'acr_insufficient: the policy asks for a higher authentication level; the decision lists those accepted.',
    text(
      '{{service}} demande une connexion plus sûre',
      'Ce service demande deux vérifications, par exemple un mot de passe et un téléphone.',
      'Recommencez en utilisant la double vérification, si votre organisation en propose une.',
      'Sinon, demandez à votre service informatique comment l’obtenir.',
    ),
    text(
      '{{service}} requires a safer sign-in',
      'This service requires two checks, for example a password and a telephone.',
      'Try again with two-step verification, if your organization offers it.',
      'Otherwise ask your IT department how to get it.',
    ),
  ),
  'M-ELIG-023': entry(
    403,
    'access_denied',
    'idp_not_allowed: the policy does not accept this identity provider.',
    text(
      '{{service}} n’accepte pas cette façon de se connecter',
      'Vous vous êtes connecté avec {{idp}}, que les règles de ce service ne retiennent pas.',
      'Si vous avez une autre adresse professionnelle, recommencez avec celle-ci.',
      'Sinon, demandez à la personne qui gère ce service ce qui est possible.',
    ),
    text(
      '{{service}} does not accept this way of signing in',
      'You signed in with {{idp}}, which the rules of this service do not admit.',
      'If you have another work address, try again with that one.',
      'Otherwise ask the people who run the service what is possible.',
    ),
  ),
  'M-ELIG-024': entry(
    403,
    'access_denied',
    'session_too_old: the sign-in is older than the policy allows.',
    text(
      'Votre connexion est trop ancienne',
      '{{service}} demande une connexion récente.',
      'Connectez-vous de nouveau.',
    ),
    text('Your sign-in is too old', '{{service}} requires a recent sign-in.', 'Sign in again.'),
  ),
  'M-ELIG-025': entry(
    403,
    'access_denied',
    'policy_missing: the service has no policy in force: declare one. Until then nobody enters.',
    text(
      '{{service}} n’a pas encore de règles d’accès',
      'Tant qu’elles ne sont pas écrites, personne ne peut entrer.',
      'Prévenez la personne qui gère ce service et donnez-lui la référence ci-dessous.',
    ),
    text(
      '{{service}} has no access rules yet',
      'Until they are written, nobody can enter.',
      'Tell the people who run the service and give them the reference below.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
