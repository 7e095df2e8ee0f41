import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** On the way in of people without an identity provider. */
export const partnerSignInErrors = {
  'M-PART-018': entry(
    422,
    'access_denied',
    'The domain of this address has an identity provider, open or closed: nobody signs in here with it. A partner of before has to be known there.',
    text(
      'Cette adresse se connecte par son organisation',
      'Une organisation reliée à ce site répond des adresses de ce nom de domaine. Aucun code ne peut y être envoyé d’ici.',
      'Revenez à la page de connexion et écrivez cette adresse : vous irez chez votre organisation.',
    ),
    text(
      'This address signs in through its organization',
      'An organization connected to this site answers for the addresses of this domain. No code can be sent there from here.',
      'Go back to the sign-in page and write this address: you will be sent to your organization.',
    ),
  ),
  'M-PART-019': entry(
    422,
    'access_denied',
    'A mail service that throws mailboxes away (package disposable-email-domains). The log names the domain.',
    text(
      'Cette adresse jetable n’est pas acceptée',
      'Les boîtes de ce service durent peu et tout le monde peut les lire. Elles ne prouvent pas qui vous êtes.',
      'Utilisez une adresse que vous gardez, et que vous êtes seul à lire.',
    ),
    text(
      'This disposable address is not accepted',
      'Mailboxes of this service last a short time and everybody can read them. They do not prove who you are.',
      'Use an address that you keep, and that you alone read.',
    ),
  ),
  'M-PART-020': entry(
    409,
    'access_denied',
    'A form of a step that this login is not at: opened too long ago, sent twice, or of another tab.',
    text(
      'Cette étape n’est plus la bonne',
      'La page est restée ouverte trop longtemps, ou une autre fenêtre a continué. Rien n’a été enregistré.',
      'Reprenez la connexion depuis le début : écrivez votre adresse.',
    ),
    text(
      'This step is no longer the right one',
      'The page stayed open for too long, or another window went on. Nothing was recorded.',
      'Begin the sign-in again: write your address.',
    ),
  ),
  'M-PART-021': entry(
    422,
    'access_denied',
    'The challenge of a passkey was of another login, too old, or answered already.',
    text(
      'Cette demande de clé d’accès n’est plus valable',
      'Elle ne sert qu’une fois, dans la page qui l’a faite, pendant quelques minutes.',
      'Revenez à la page précédente, rechargez-la, puis réessayez.',
    ),
    text(
      'This request for a passkey is no longer valid',
      'It serves once only, in the page that made it, for a few minutes.',
      'Go back to the page before, load it again, then try once more.',
    ),
  ),
  'M-PART-022': entry(
    403,
    'access_denied',
    'The level asked for needs a link with the organization that somebody answers for (domain reference §5.3): no factor replaces it.',
    text(
      'Votre rattachement doit d’abord être confirmé',
      'Ce service demande que votre organisation, ou un opérateur, confirme que vous en faites partie. Un autre moyen de connexion n’y changerait rien.',
      'Demandez la confirmation de votre rattachement, puis revenez.',
    ),
    text(
      'Your membership has to be confirmed first',
      'This service asks that your organization, or an operator, confirms that you belong to it. Another way to sign in would change nothing.',
      'Ask for your membership to be confirmed, then come back.',
    ),
  ),
  'M-PART-023': entry(
    403,
    'access_denied',
    'Somebody signed in with an account kept here, and nothing ties them to an organization yet. The log names the account.',
    text(
      'Votre compte n’est rattaché à aucune organisation',
      'Vous êtes bien connecté. Pour entrer ici, il faut agir pour une organisation : une association, une collectivité ou une administration.',
      'Rattachez-vous à votre organisation, puis revenez.',
    ),
    text(
      'Your account belongs to no organization yet',
      'You are signed in. To come in here, you have to act for an organization: an association, a local authority or an administration.',
      'Join your organization, then come back.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
