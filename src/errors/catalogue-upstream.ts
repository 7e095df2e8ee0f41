import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';
import { failedEn, failedFr, refusedAnswerEn, refusedAnswerFr } from './upstream-texts.ts';

/** What identity providers answer, or fail to answer. */
export const upstreamErrors = {
  'M-UPST-001': entry(
    502,
    'temporarily_unavailable',
    'The identity provider does not answer: timeout, name resolution, TLS, or its metadata cannot be read.',
    text(
      '{{idp}} ne répond pas',
      'Nous n’arrivons pas à joindre le site sur lequel vous donnez votre mot de passe. Les autres organisations ne sont pas touchées.',
      'Recommencez dans quelques minutes.',
      'Si cela dure, prévenez votre service informatique : la panne est de son côté.',
    ),
    text(
      '{{idp}} does not answer',
      'We cannot reach the site where you give your password. Other organizations are not affected.',
      'Try again in a few minutes.',
      'If it lasts, tell your IT department: the failure is on its side.',
    ),
  ),
  'M-UPST-002': entry(
    502,
    'server_error',
    'The identity provider sent the browser back with an OAuth error or without a code, or cannot be used as it is declared: the log gives error and error_description, or what is missing.',
    failedFr('{{idp}} a répondu par une erreur.'),
    failedEn('{{idp}} answered with an error.'),
  ),
  'M-UPST-003': entry(
    403,
    'access_denied',
    'The person cancelled at the identity provider (error=access_denied). Nothing to repair.',
    text(
      'Vous avez interrompu la connexion',
      'La connexion avec {{idp}} s’est arrêtée avant la fin, à votre demande.',
      'Recommencez quand vous le souhaitez, ou revenez au service.',
    ),
    text(
      'You interrupted the sign-in',
      'Signing in with {{idp}} stopped before the end, at your request.',
      'Try again whenever you like, or go back to the service.',
    ),
  ),
  'M-UPST-004': entry(
    400,
    'invalid_request',
    'Attempt unknown, expired, already used, or of another browser: back button, bookmark, very slow sign-in, or a forged callback.',
    text(
      'Cette tentative de connexion n’est plus valable',
      'Elle a expiré, elle a déjà servi, ou elle a été commencée dans un autre navigateur.',
      'Retournez au service que vous vouliez ouvrir et recommencez la connexion.',
      'Évitez le bouton « Précédent » pendant la connexion.',
    ),
    text(
      'This sign-in attempt is no longer valid',
      'It has expired, it was used already, or it was started in another browser.',
      'Go back to the service you wanted to open and sign in again.',
      'Avoid the back button while signing in.',
    ),
  ),
  'M-UPST-005': entry(
    400,
    'access_denied',
    'Callback of one identity provider for an attempt at another: mix-up attack (RFC 9207) or a wrong redirect URI at the provider.',
    refusedAnswerFr('Nous attendions la réponse d’un site de connexion, et c’est un autre qui a répondu.'),
    refusedAnswerEn('We expected the answer of one sign-in site, and another one answered.'),
  ),
  'M-UPST-006': entry(
    502,
    'server_error',
    'nonce missing or wrong in the ID token (OpenID Connect Core §3.1.3.7 point 11).',
    refusedAnswerFr('{{idp}} a envoyé une réponse qui ne correspond pas à votre demande.'),
    refusedAnswerEn('{{idp}} sent an answer that does not match your request.'),
  ),
  'M-UPST-007': entry(
    502,
    'server_error',
    'iss missing or wrong in the authorization response (RFC 9207 §2.4).',
    refusedAnswerFr('La réponse reçue ne dit pas clairement qu’elle vient de l’endroit attendu.'),
    refusedAnswerEn('The answer does not clearly say that it comes from the expected place.'),
  ),
  'M-UPST-008': entry(
    502,
    'server_error',
    'ID token missing, not a JWT, or without a claim that it must have (OpenID Connect Core §2).',
    refusedAnswerFr('La réponse de {{idp}} est incomplète ou illisible.'),
    refusedAnswerEn('The answer of {{idp}} is incomplete or unreadable.'),
  ),
  'M-UPST-009': entry(
    502,
    'server_error',
    'Userinfo refused or unreadable: status, content type, shape, not signed as declared, or a signature that is not its own (OpenID Connect Core §5.3).',
    refusedAnswerFr('Les informations reçues sur vous sont illisibles.'),
    refusedAnswerEn('What we received about you is unreadable.'),
  ),
  'M-UPST-010': entry(
    502,
    'server_error',
    'A mandatory claim is missing or malformed: the log names it. To be cured at the identity provider.',
    text(
      'Il manque une information sur vous',
      '{{idp}} ne nous a pas transmis tout ce qu’il faut : votre nom, votre adresse électronique ou votre identifiant.',
      'Demandez à votre service informatique de compléter votre fiche, et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Something about you is missing',
      '{{idp}} did not send all that is needed: your name, your e-mail address or your identifier.',
      'Ask your IT department to complete your record, and give them the reference below.',
    ),
  ),
  'M-UPST-011': entry(
    403,
    'access_denied',
    'The identity provider asserts an address outside its declared `domains`: add the domain if it is really its own.',
    text(
      'Votre adresse électronique n’a pas pu être acceptée',
      '{{idp}} ne peut pas répondre de {{email}} : ce nom de domaine ne lui est pas confié.',
      'Recommencez avec l’adresse que votre organisation vous a donnée.',
      'Sinon, donnez la référence ci-dessous à votre service informatique.',
    ),
    text(
      'Your e-mail address could not be accepted',
      '{{idp}} cannot vouch for {{email}}: this domain name is not entrusted to it.',
      'Try again with the address that your organization gave you.',
      'Otherwise give the reference below to your IT department.',
    ),
  ),
  'M-UPST-012': entry(
    403,
    'access_denied',
    'SIRET missing or invalid in the answer, and no default_siret declared for this identity provider.',
    text(
      'Nous ne savons pas pour quelle organisation vous agissez',
      '{{idp}} n’a pas transmis de numéro SIRET (14 chiffres) valable pour votre organisation.',
      'Demandez à votre service informatique d’ajouter ce numéro à votre fiche, et donnez-lui la référence ci-dessous.',
    ),
    text(
      'We do not know which organization you act for',
      '{{idp}} did not send a valid SIRET number (14 digits) for your organization.',
      'Ask your IT department to add this number to your record, and give them the reference below.',
    ),
  ),
  'M-UPST-013': entry(
    403,
    'access_denied',
    'SIRET outside the allow-list (`sirets`) of the identity provider: add it if this provider may vouch for it.',
    text(
      '{{idp}} ne peut pas répondre de cette organisation',
      'Le numéro SIRET (14 chiffres) transmis ne fait pas partie de ceux qui lui sont confiés.',
      'Donnez la référence ci-dessous à votre service informatique.',
    ),
    text(
      '{{idp}} cannot vouch for this organization',
      'The SIRET number (14 digits) it sent is not among those entrusted to it.',
      'Give the reference below to your IT department.',
    ),
  ),
  'M-UPST-014': entry(
    403,
    'access_denied',
    'The identity provider is disabled in the declarations (`enabled: false`).',
    text(
      'Cette façon de se connecter est fermée',
      'La connexion avec {{idp}} est désactivée pour le moment.',
      'Demandez à votre service informatique quand elle reprendra.',
      'Si vous avez une autre adresse professionnelle, essayez avec celle-ci.',
    ),
    text(
      'This way of signing in is closed',
      'Signing in with {{idp}} is switched off for now.',
      'Ask your IT department when it will resume.',
      'If you have another work address, try with that one.',
    ),
  ),
  'M-UPST-015': entry(
    403,
    'unmet_authentication_requirements',
    'The level (acr) reached is below what the relying party requires: see `acr` of the identity provider.',
    text(
      '{{service}} demande une connexion plus sûre',
      'La vérification faite avec {{idp}} ne suffit pas pour ce service.',
      'Recommencez en utilisant la double vérification, si votre organisation en propose une : téléphone, clé de sécurité ou carte d’agent.',
      'Sinon, demandez à votre service informatique comment l’obtenir.',
    ),
    text(
      '{{service}} requires a safer sign-in',
      'The check made with {{idp}} is not enough for this service.',
      'Try again with two-step verification, if your organization offers it: telephone, security key or agent card.',
      'Otherwise ask your IT department how to get it.',
    ),
  ),
  'M-UPST-016': entry(
    403,
    'access_denied',
    'The account is blocked by an operator: see the account.',
    text(
      'Votre compte est bloqué',
      'La personne qui administre ce site a fermé l’accès de ce compte.',
      'Demandez-lui pourquoi et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Your account is blocked',
      'The person who runs this site has closed access for this account.',
      'Ask them why and give them the reference below.',
    ),
  ),
  'M-UPST-017': entry(
    403,
    'login_required',
    'A fresh sign-in was asked (prompt=login, max_age), and auth_time is missing or too old: the identity provider did not ask again.',
    text(
      'Votre connexion n’a pas été vérifiée de nouveau',
      '{{service}} demande que vous vous connectiez à l’instant. {{idp}} vous a laissé passer sans rien vous demander.',
      'Déconnectez-vous de {{idp}}, puis recommencez depuis le service.',
      'Si cela se reproduit, prévenez votre service informatique et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Your sign-in was not checked again',
      '{{service}} asks you to sign in now. {{idp}} let you through without asking anything.',
      'Sign out of {{idp}}, then start again from the service.',
      'If it happens again, tell your IT department and give them the reference below.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
