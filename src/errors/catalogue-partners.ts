import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Partner accounts: people without an identity provider, and what they sign in with. */
export const partnerErrors = {
  'M-PART-001': entry(
    403,
    'access_denied',
    'The proofs of this sign-in sign nobody in: a code of an application, a recovery code or a passkey that verified nobody only add to a proven mailbox.',
    text(
      'Il manque une preuve pour vous connecter',
      'Un code d’application ou un code de secours ne suffit pas seul.',
      'Recommencez, et prouvez d’abord votre adresse avec le code que nous vous envoyons.',
    ),
    text(
      'A proof is missing to sign you in',
      'A code from an application or a recovery code is not enough on its own.',
      'Start again, and first prove your address with the code that we send you.',
    ),
  ),
  'M-PART-002': entry(
    404,
    'invalid_request',
    'No such partner, address or authenticator of this partner: all have the same answer. It may have been removed meanwhile.',
    text(
      'Cet élément n’existe plus',
      'Il a été retiré de votre compte, ou il n’en a jamais fait partie. Rien n’a été changé.',
      'Revenez à la page de votre compte pour voir ce qui y est.',
    ),
    text(
      'This item does not exist any more',
      'It was removed from your account, or was never part of it. Nothing was changed.',
      'Go back to the page of your account to see what is there.',
    ),
  ),
  'M-PART-003': entry(
    400,
    'invalid_request',
    'A name is empty, too long, or holds something that is no name: control or invisible characters, an address.',
    text(
      'Ce nom ne peut pas être enregistré',
      'Un nom contient des lettres visibles, 100 caractères au plus, et aucune adresse.',
      'Corrigez le nom, puis recommencez.',
    ),
    text(
      'This name cannot be recorded',
      'A name has visible letters, 100 characters at most, and no address.',
      'Correct the name, then start over.',
    ),
  ),
  'M-PART-004': entry(
    409,
    'invalid_request',
    'The mailbox, perhaps in another spelling (`+word`, dots, letter case), is already an address of a partner.',
    text(
      'Cette adresse est déjà utilisée',
      'Un compte a déjà cette adresse, peut-être écrite autrement. Rien n’a été enregistré.',
      'Connectez-vous avec l’adresse que vous aviez donnée la première fois.',
      'Sinon, choisissez une autre adresse.',
    ),
    text(
      'This address is already in use',
      'An account already has this address, perhaps in another spelling. Nothing was recorded.',
      'Sign in with the address that you gave the first time.',
      'Otherwise choose another address.',
    ),
  ),
  'M-PART-005': entry(
    409,
    'invalid_request',
    'The partner has as many addresses or authenticators as one may have (`src/partners/rules.ts`).',
    text(
      'Votre compte en a déjà trop',
      'Un compte a 10 adresses et 20 moyens de connexion au plus. Rien n’a été enregistré.',
      'Retirez ceux qui ne vous servent plus, puis recommencez.',
    ),
    text(
      'Your account already has too many',
      'An account has 10 addresses and 20 ways to sign in at most. Nothing was recorded.',
      'Remove those that you do not use any more, then start over.',
    ),
  ),
  'M-PART-006': entry(
    409,
    'invalid_request',
    'The primary address of a partner is never removed: another one has to become the primary one first.',
    text(
      'Votre adresse principale ne peut pas être retirée',
      'C’est celle où nous vous écrivons et que vos services connaissent. Rien n’a été changé.',
      'Choisissez d’abord une autre adresse principale.',
    ),
    text(
      'Your primary address cannot be removed',
      'It is where we write to you, and what your tools know. Nothing was changed.',
      'First choose another primary address.',
    ),
  ),
  'M-PART-007': entry(
    400,
    'access_denied',
    'The answer of a passkey was refused: unknown, another partner’s, or wrong in origin, RP id, challenge, user handle, flags or signature. The log says which.',
    text(
      'Cette clé d’accès n’a pas été acceptée',
      'Elle n’est pas liée à ce compte, ou la demande a expiré.',
      'Recommencez avec la clé d’accès de ce compte.',
      'Sinon, choisissez un autre moyen de vous connecter.',
    ),
    text(
      'This passkey was not accepted',
      'It is not linked to this account, or the request has expired.',
      'Start over with the passkey of this account.',
      'Otherwise choose another way to sign in.',
    ),
  ),
  'M-PART-008': entry(
    403,
    'access_denied',
    'The sign counter of a passkey went back (WebAuthn §7.2): the key may have been copied. It is refused each time; its owner was told.',
    text(
      'Cette clé d’accès semble avoir été copiée',
      'Son compteur est revenu en arrière. Par prudence, elle n’a pas été acceptée.',
      'Connectez-vous autrement, puis retirez cette clé de votre compte.',
    ),
    text(
      'This passkey seems to have been copied',
      'Its counter went back. To be safe, it was not accepted.',
      'Sign in another way, then remove this key from your account.',
    ),
  ),
  'M-PART-009': entry(
    409,
    'invalid_request',
    'This passkey is registered already.',
    text(
      'Cette clé d’accès est déjà enregistrée',
      'Elle sert déjà à se connecter. Rien n’a été ajouté.',
      'Utilisez-la pour vous connecter, ou ajoutez-en une autre.',
    ),
    text(
      'This passkey is already registered',
      'It already serves to sign in. Nothing was added.',
      'Use it to sign in, or add another one.',
    ),
  ),
  'M-PART-010': entry(
    400,
    'access_denied',
    'No application of this partner shows this code now. The clock of their telephone may be wrong: one step of 30 s before and after is accepted.',
    text(
      'Ce code n’est pas le bon',
      'L’application affiche un nouveau code toutes les 30 secondes.',
      'Recopiez le code de 6 chiffres qui s’affiche maintenant.',
      'S’il est encore refusé, vérifiez que l’heure du téléphone est réglée automatiquement.',
    ),
    text(
      'This code is not the right one',
      'The application shows a new code every 30 seconds.',
      'Type the 6-digit code that it shows now.',
      'If it is refused again, check that the clock of the telephone sets itself.',
    ),
  ),
  'M-PART-011': entry(
    400,
    'access_denied',
    'The code of this 30 s step was accepted once already (RFC 6238 §5.2).',
    text(
      'Ce code a déjà servi',
      'Chaque code de l’application ne sert qu’une fois.',
      'Attendez le code suivant, 30 secondes au plus, puis recopiez-le.',
    ),
    text(
      'This code was already used',
      'Each code of the application serves only once.',
      'Wait for the next code, 30 seconds at most, then type it.',
    ),
  ),
  'M-PART-012': entry(
    400,
    'invalid_request',
    'What the form gave back of an application being added is expired (15 minutes), altered, used, or of another partner.',
    text(
      'L’ajout de l’application a expiré',
      'Il faut recopier le premier code dans les 15 minutes. Rien n’a été ajouté.',
      'Recommencez l’ajout : une nouvelle image s’affiche.',
    ),
    text(
      'The time to add the application has expired',
      'The first code has to be typed within 15 minutes. Nothing was added.',
      'Start adding it again, with a new code to scan.',
    ),
  ),
  'M-PART-013': entry(
    400,
    'access_denied',
    'No such recovery code of this partner, or it was used, or newer ones were made.',
    text(
      'Ce code de secours n’est pas valable',
      'Chaque code de secours ne sert qu’une fois, et de nouveaux codes remplacent les anciens.',
      'Vérifiez le code, ou prenez-en un autre de votre dernière liste.',
    ),
    text(
      'This recovery code is not valid',
      'Each recovery code serves only once, and new codes replace the former ones.',
      'Check the code, or take another one of your last list.',
    ),
  ),
  'M-PART-014': entry(
    409,
    'invalid_request',
    'A tool or a role of this partner asks for two factors: the last authenticator stays.',
    text(
      'Il faut garder un deuxième moyen de connexion',
      'Un service que vous utilisez le demande. Rien n’a été retiré.',
      'Ajoutez d’abord un autre moyen de connexion, puis retirez celui-ci.',
    ),
    text(
      'A second way to sign in has to stay',
      'Something that you have access to asks for it. Nothing was removed.',
      'First add another way to sign in, then remove this one.',
    ),
  ),
  'M-PART-015': entry(
    409,
    'invalid_request',
    'The partner has no second factor: there is nothing to lose.',
    text(
      'Vous n’avez pas de deuxième moyen de connexion',
      'Il n’y a donc rien à retirer.',
      'Connectez-vous avec le code envoyé à votre adresse, puis ajoutez un deuxième moyen.',
    ),
    text(
      'You have no second way to sign in',
      'So there is nothing to remove.',
      'Sign in with the code sent to your address, then add a second way.',
    ),
  ),
  'M-PART-016': entry(
    403,
    'access_denied',
    'The mailbox was proven more than 15 minutes ago, or not in this sign-in.',
    text(
      'Prouvez à nouveau votre adresse',
      'Pour ce que vous demandez, votre adresse doit avoir été prouvée il y a moins de 15 minutes.',
      'Recommencez avec un nouveau code envoyé à votre adresse.',
    ),
    text(
      'Prove your address again',
      'For what you ask, your address has to be proven less than 15 minutes ago.',
      'Start over with a new code sent to your address.',
    ),
  ),
  'M-PART-017': entry(
    409,
    'invalid_request',
    'Lost factors: nobody asked, the 72 hours are not over, somebody used a second factor meanwhile, or it was left for seven days once ready.',
    text(
      'Vos moyens de connexion ne peuvent pas être retirés maintenant',
      'Les trois jours d’attente ne sont pas passés, ou la demande a été annulée.',
      'Si vous avez perdu vos moyens de connexion, attendez la fin des trois jours, ou faites une nouvelle demande.',
    ),
    text(
      'Your ways to sign in cannot be removed now',
      'The three days of waiting are not over, or the request was called off.',
      'If you lost your ways to sign in, wait until the three days are over, or ask again.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
