import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** What a relying party asked, and the way from an e-mail address to an identity provider. */
export const oidcErrors = {
  'M-OIDC-001': entry(
    400,
    'invalid_client',
    'Unknown client_id: not declared, removed, or declared on another instance.',
    text(
      'Ce service n’est pas connu ici',
      'Le service qui vous envoie n’est pas inscrit sur ce site, ou ne l’est plus.',
      'Vérifiez que vous êtes parti de la bonne adresse.',
      'Prévenez le responsable de ce service et donnez-lui la référence ci-dessous.',
    ),
    text(
      'This service is not known here',
      'The service that sent you is not registered on this site, or no longer is.',
      'Check that you started from the right address.',
      'Tell the people who run that service and give them the reference below.',
    ),
  ),
  'M-OIDC-002': entry(
    400,
    'invalid_redirect_uri',
    'redirect_uri is not one of those declared: compare character by character (RFC 9700 §2.1). The log gives it.',
    text(
      'Nous ne pouvons pas vous renvoyer vers ce service',
      'L’adresse de retour demandée n’est pas celle que le service a déclarée. Par sécurité, nous nous arrêtons là.',
      'N’allez pas plus loin si vous avez suivi un lien reçu d’un inconnu.',
      'Sinon, prévenez le responsable de ce service et donnez-lui la référence ci-dessous.',
    ),
    text(
      'We cannot send you back to this service',
      'The return address asked for is not the one the service declared. For your safety we stop here.',
      'Go no further if you followed a link from someone you do not know.',
      'Otherwise tell the people who run that service and give them the reference below.',
    ),
  ),
  'M-OIDC-003': entry(
    400,
    'invalid_request',
    'Invalid authorization request: the log gives error and error_description. See the page for relying parties.',
    text(
      'La demande de connexion est incomplète',
      'Le service vous a envoyé ici avec une demande que nous ne pouvons pas traiter.',
      'Recommencez depuis la page d’accueil de ce service.',
      'Si cela se reproduit, prévenez son responsable et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The sign-in request is incomplete',
      'The service sent you here with a request we cannot handle.',
      'Start again from the home page of that service.',
      'If it happens again, tell the people who run it and give them the reference below.',
    ),
  ),
  'M-OIDC-004': entry(
    400,
    'invalid_request',
    'Interaction expired, already finished, or opened in another browser (its cookie is missing).',
    text(
      'Cette page de connexion n’est plus valable',
      'Elle a expiré, elle a déjà servi, ou elle a été ouverte dans un autre navigateur.',
      'Retournez au service que vous vouliez ouvrir et recommencez la connexion.',
      'Gardez le même navigateur du début à la fin.',
      'Dans vos favoris, enregistrez l’adresse du service, et non celle de cette page.',
    ),
    text(
      'This sign-in page is no longer valid',
      'It has expired, it was used already, or it was opened in another browser.',
      'Go back to the service you wanted to open and sign in again.',
      'Keep the same browser from start to finish.',
      'Bookmark the address of the service, not the address of this page.',
    ),
  ),
  'M-OIDC-005': entry(
    400,
    'invalid_request',
    'Invalid logout request: id_token_hint unreadable, or post_logout_redirect_uri not declared.',
    text(
      'La déconnexion n’a pas pu se faire',
      'La demande de déconnexion envoyée par le service n’est pas valable. Vous êtes peut-être encore connecté.',
      'Sur un ordinateur partagé, fermez toutes les fenêtres de votre navigateur.',
      'Prévenez le responsable du service et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Signing out did not work',
      'The sign-out request sent by the service is not valid. You may still be signed in.',
      'On a shared computer, close every window of your browser.',
      'Tell the people who run the service and give them the reference below.',
    ),
  ),
  'M-OIDC-006': entry(
    403,
    'access_denied',
    'organization_kind_not_requested: the relying party asks for another type or category (claims parameter, essential).',
    text(
      '{{service}} attend une autre sorte d’organisation',
      'Ce service a indiqué quelles organisations il attend. Celle pour laquelle vous agissez n’en fait pas partie.',
      'Revenez au service et vérifiez que vous êtes parti de la bonne page.',
      'Si vous pensez que c’est une erreur, prévenez la personne qui gère ce service et donnez-lui la référence ci-dessous.',
    ),
    text(
      '{{service}} expects another kind of organization',
      'This service said which organizations it expects. The one you act for is not among them.',
      'Go back to the service and check that you started from the right page.',
      'If you think this is a mistake, tell the people who run the service and give them the reference below.',
    ),
  ),
  'M-ACCT-001': entry(
    404,
    'invalid_request',
    'The session named in the form of /compte is not, or no longer, one of this person. Nothing was changed.',
    text(
      'Cette connexion n’existe plus',
      'Elle est déjà fermée, ou ce n’est pas une des vôtres. Rien n’a été modifié.',
      'Revenez à la page de votre compte : elle montre celles qui sont ouvertes.',
    ),
    text(
      'This sign-in no longer exists',
      'It is closed already, or it is not one of yours. Nothing was changed.',
      'Go back to the page of your account: it shows those that are open.',
    ),
  ),
  'M-ACCT-002': entry(
    409,
    'invalid_request',
    'There is nothing to link or to separate: the identity stands elsewhere by now, an account is blocked, or it was done already. The log names both accounts.',
    text(
      'Ces deux comptes ne peuvent plus être reliés ainsi',
      'L’un d’eux a changé depuis que vous avez ouvert la page. Rien n’a été modifié.',
      'Revenez à la page de votre compte : elle montre ce qui est relié.',
    ),
    text(
      'These two accounts can no longer be linked this way',
      'One of them has changed since you opened the page. Nothing was changed.',
      'Go back to the page of your account: it shows what is linked.',
    ),
  ),
  'M-ACCT-003': entry(
    409,
    'invalid_request',
    'The account that would be left has files, invitations, memberships or other identities, which nobody would find again. The log says which.',
    text(
      'Ce compte ne peut pas être relié sans aide',
      'Des demandes, des invitations ou des rattachements existent déjà dans ce compte : vous ne les retrouveriez plus. Rien n’a été modifié.',
      'Continuez avec vos deux comptes, chacun de son côté.',
      'Ou écrivez à l’équipe qui examine vos demandes.',
    ),
    text(
      'This account cannot be linked without help',
      'Requests, invitations or memberships exist in this account: you would no longer find them. Nothing was changed.',
      'Go on with your two accounts, each for its own.',
      'Or write to the team that examines your requests.',
    ),
  ),
  'M-ACCT-004': entry(
    409,
    'invalid_request',
    'The account is blocked (or unblocked) already: somebody else did it since the page was read.',
    text(
      'Ce compte a changé entre-temps',
      'Il est déjà dans l’état demandé. Rien n’a été modifié.',
      'Relisez la page de la personne, puis recommencez si c’est encore utile.',
    ),
    text(
      'This account has changed meanwhile',
      'It is already in the state that was asked for. Nothing was changed.',
      'Read the page of the person again, then start over if it is still needed.',
    ),
  ),
  'M-ACCT-005': entry(
    403,
    'access_denied',
    'Nobody blocks their own account, nor that of an operator in charge: end the charge first (docs/operating.md).',
    text(
      'Ce compte ne peut pas être bloqué ici',
      'C’est le vôtre, ou celui d’une personne chargée d’examiner ou de décider sur ce site.',
      'Mettez d’abord fin à sa charge, puis revenez ici.',
    ),
    text(
      'This account cannot be blocked here',
      'It is yours, or that of a person in charge of examining or deciding on this site.',
      'End that charge first, then come back here.',
    ),
  ),
  'M-ACCT-006': entry(
    409,
    'invalid_request',
    'The account was blocked less than a minute ago: what it has open is still being ended in some process.',
    text(
      'Ce blocage vient d’être posé',
      'Ce que le compte avait ouvert se ferme encore. Rien n’a été modifié.',
      'Attendez une minute, puis recommencez.',
    ),
    text(
      'This account was blocked just now',
      'What it had open is still being closed. Nothing was changed.',
      'Wait for a minute, then start over.',
    ),
  ),
  'M-ROUT-001': entry(
    422,
    'invalid_request',
    'Malformed e-mail address: see identity/canonical-email.ts for what is refused.',
    text(
      'Cette adresse électronique n’est pas complète',
      'Une adresse contient un seul signe @, puis un nom de domaine. Exemple : prenom.nom@ma-commune.fr',
      'Corrigez l’adresse et recommencez.',
    ),
    text(
      'This e-mail address is not complete',
      'An address has a single @ sign, then a domain name. Example: first.last@my-town.fr',
      'Correct the address and try again.',
    ),
  ),
  'M-ROUT-002': entry(
    422,
    'access_denied',
    'No identity provider declares this domain: add it to the `domains` of the right one, if that is so.',
    text(
      'Nous ne connaissons pas les adresses de {{domain}}',
      'Aucune des organisations reliées à ce site n’utilise ce nom de domaine.',
      'Vérifiez que l’adresse est écrite sans faute.',
      'Utilisez l’adresse que votre organisation vous a donnée, et non une adresse personnelle.',
      'Demandez à votre service informatique si votre organisation est reliée à ce site.',
    ),
    text(
      'We do not know the addresses of {{domain}}',
      'None of the organizations connected to this site uses this domain name.',
      'Check the spelling of the address.',
      'Use the address that your organization gave you, not a personal one.',
      'Ask your IT department whether your organization is connected to this site.',
    ),
  ),
  'M-ROUT-003': entry(
    422,
    'access_denied',
    'Anybody opens a mailbox at this domain (organizations/open-mail-domains.ts), and no identity provider declares it.',
    text(
      'Une adresse en {{domain}} ne dit pas pour qui vous travaillez',
      'Tout le monde peut ouvrir une adresse en {{domain}} : elle ne prouve pas que vous faites partie d’une organisation.',
      'Utilisez l’adresse que votre organisation vous a donnée.',
      'Sinon, demandez-lui si elle peut vous en donner une.',
    ),
    text(
      'An address of {{domain}} does not say whom you work for',
      'Everybody can open an address of {{domain}}: it does not prove that you belong to an organization.',
      'Use the address that your organization gave you.',
      'Otherwise ask whether it can give you one.',
    ),
  ),
  'M-ROUT-004': entry(
    403,
    'access_denied',
    'The domain is held (`maillon domain held`): others may read its mailboxes. No code goes there, and nobody signs in by its addresses until `maillon domain give-back`.',
    text(
      'Les connexions en {{domain}} sont suspendues',
      'On nous a signalé que d’autres personnes peuvent lire les courriels de {{domain}}. Pour protéger votre compte, aucune adresse de ce nom de domaine ne permet de se connecter. Rien n’est supprimé.',
      'Prévenez la personne qui gère votre messagerie : elle peut nous dire quand tout est rentré dans l’ordre.',
      'Ne donnez à personne un code que vous auriez reçu à cette adresse.',
      'Si votre compte a une autre adresse, connectez-vous avec elle. Sinon, réessayez plus tard.',
    ),
    text(
      'Sign-ins with {{domain}} are suspended',
      'We were told that other people may read the mails of {{domain}}. To protect your account, no address of this domain signs in. Nothing is deleted.',
      'Tell whoever runs your mail service: they can tell us when all is in order again.',
      'Give nobody a code that you may have received at this address.',
      'If your account has another address, sign in with that one. Otherwise try again later.',
    ),
  ),
  'M-ROUT-005': entry(
    409,
    'access_denied',
    'The domain is held already, is not held, or was held less than a minute ago: some process may still be ending what was open.',
    text(
      'Ce nom de domaine est déjà dans cet état',
      'Il est déjà suspendu, ou il ne l’est pas, ou il l’est depuis moins d’une minute. Rien n’a été modifié.',
      'Regardez la liste des noms de domaine suspendus, puis recommencez.',
    ),
    text(
      'This domain stands so already',
      'It is held already, or it is not held, or it was held less than a minute ago. Nothing was changed.',
      'Look at the list of held domains, then start over.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
