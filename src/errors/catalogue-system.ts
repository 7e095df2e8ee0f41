import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** The machine, its stores and the web frame. */
export const systemErrors = {
  'M-CONF-001': entry(
    500,
    'server_error',
    'An environment variable is missing or invalid: the log names it and what was expected.',
    text(
      'Le service n’a pas pu démarrer',
      'Un réglage du serveur manque ou n’est pas valable.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The service could not start',
      'A setting of the server is missing or invalid.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-CONF-002': entry(
    500,
    'server_error',
    'A declaration file was refused: the log gives file, line and reason. Nothing of it was applied.',
    text(
      'Les réglages de ce site ont été refusés',
      'Un fichier de réglages contient une erreur. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The settings of this site were refused',
      'A settings file contains a mistake. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-STOR-001': entry(
    503,
    'temporarily_unavailable',
    'The database is unreachable: check DATABASE_URL, the server, its connections and its disk.',
    text(
      'Le service est indisponible pour le moment',
      'Notre base de données ne répond pas. Votre compte et vos accès ne sont pas en cause.',
      'Attendez une minute, puis recommencez depuis le service que vous vouliez ouvrir.',
      'Si cela dure, donnez la référence ci-dessous à votre service informatique.',
    ),
    text(
      'The service is unavailable for now',
      'Our database does not answer. Your account and your rights are not the cause.',
      'Wait a minute, then start again from the service you wanted to open.',
      'If it lasts, give the reference below to your IT department.',
    ),
  ),
  'M-STOR-002': entry(
    503,
    'temporarily_unavailable',
    'Redis is unreachable: check REDIS_URL, the server and its memory. Sign-ins in progress must be started again.',
    text(
      'Le service est indisponible pour le moment',
      'La mémoire des connexions en cours ne répond pas. Votre compte et vos accès ne sont pas en cause.',
      'Attendez une minute, puis recommencez depuis le service que vous vouliez ouvrir.',
      'Si cela dure, donnez la référence ci-dessous à votre service informatique.',
    ),
    text(
      'The service is unavailable for now',
      'The memory of sign-ins in progress does not answer. Your account and your rights are not the cause.',
      'Wait a minute, then start again from the service you wanted to open.',
      'If it lasts, give the reference below to your IT department.',
    ),
  ),
  'M-STOR-003': entry(
    500,
    'server_error',
    'A migration already applied was changed afterwards: restore the file, and write a new migration instead.',
    text(
      'Le service n’a pas pu démarrer',
      'Sa mise à jour est incomplète.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The service could not start',
      'Its update is incomplete.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-STOR-004': entry(
    500,
    'server_error',
    'A migration waited for a lock and gave up, so that nobody waits behind it: end what holds the table, then start again.',
    text(
      'Le service n’a pas pu démarrer',
      'Sa mise à jour est incomplète.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The service could not start',
      'Its update is incomplete.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-HTTP-001': entry(
    500,
    'server_error',
    'Unexpected failure: find the id of the page in the log, the cause and the stack are there.',
    text(
      'Une panne s’est produite',
      'C’est une erreur imprévue de notre part. Vous n’avez rien fait de mal.',
      'Recommencez dans un instant, depuis le service que vous vouliez ouvrir.',
      'Si cela se reproduit, communiquez la référence ci-dessous : elle permet de retrouver l’incident.',
    ),
    text(
      'Something broke',
      'This is an unexpected failure on our side. You did nothing wrong.',
      'Start again in a moment, from the service you wanted to open.',
      'If it happens again, quote the reference below: it lets us find the incident.',
    ),
  ),
  'M-HTTP-002': entry(
    404,
    'invalid_request',
    'No such page: an old link, a wrong base path, or a scan.',
    text(
      'Cette page n’existe pas',
      'L’adresse est peut-être incomplète, ou la page a changé de place.',
      'Vérifiez l’adresse dans la barre de votre navigateur.',
      'Pour vous connecter, repartez du service que vous voulez ouvrir.',
    ),
    text(
      'This page does not exist',
      'The address may be incomplete, or the page may have moved.',
      'Check the address in the bar of your browser.',
      'To sign in, start from the service you want to open.',
    ),
  ),
  'M-HTTP-003': entry(
    400,
    'invalid_request',
    'Malformed request: form too large (16 kB), not urlencoded, compressed, or cut short.',
    text(
      'Votre demande n’a pas pu être lue',
      'Les informations reçues sont incomplètes, trop longues ou mal formées.',
      'Revenez à la page précédente et recommencez.',
      'Si cela se reproduit, repartez du service que vous vouliez ouvrir.',
    ),
    text(
      'Your request could not be read',
      'What we received is incomplete, too long or malformed.',
      'Go back to the previous page and try again.',
      'If it happens again, start from the service you wanted to open.',
    ),
  ),
  'M-HTTP-004': entry(
    403,
    'access_denied',
    'A form posted from another site (Sec-Fetch-Site or Origin): a forged request, or a proxy that changes these headers.',
    text(
      'Ce formulaire a été envoyé depuis un autre site',
      'Par sécurité, nous n’acceptons que les formulaires remplis sur nos propres pages. Rien n’a été fait en votre nom.',
      'Si vous vouliez vous connecter, repartez du service que vous voulez ouvrir.',
      'Si vous n’avez rien demandé, fermez cette page.',
    ),
    text(
      'This form was sent from another site',
      'For your safety we only accept forms filled in on our own pages. Nothing was done in your name.',
      'If you wanted to sign in, start from the service you want to open.',
      'If you did not ask for anything, close this page.',
    ),
  ),
  'M-HTTP-005': entry(
    421,
    'invalid_request',
    'The Host header is not the host of ISSUER: check ISSUER, and that the proxy passes Host (X-Forwarded-Host is never read).',
    text(
      'Cette adresse n’est pas la bonne',
      'Le site a été appelé sous un nom qui n’est pas le sien.',
      'Repartez du service que vous vouliez ouvrir.',
    ),
    text(
      'This address is not the right one',
      'The site was called by a name that is not its own.',
      'Start again from the service you wanted to open.',
    ),
  ),
  'M-KEYS-001': entry(
    409,
    'invalid_request',
    'The signing keys are as they were.',
    text(
      'Les clés de signature n’ont pas changé',
      'Ce changement de clés n’est pas possible en ce moment.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The signing keys have not changed',
      'This change of keys is not possible at this moment.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-CONF-003': entry(
    404,
    'invalid_request',
    'There is no such service or client: nothing was changed.',
    text(
      'Ce service n’existe pas ici',
      'Le nom donné n’est celui d’aucun service, ni d’aucun outil déclaré ici. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'There is no such service here',
      'The name that was given is that of no service and of no tool declared here. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
