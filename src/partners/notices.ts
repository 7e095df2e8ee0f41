import { formatInstant, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { DeviceSeen } from './partner.ts';

/** What is told to every proven address. Nothing in it was typed, but addresses whose mailboxes were proven. */
export type Notice =
  | { readonly kind: 'passkey_added' | 'totp_added' | 'passkey_removed' | 'totp_removed' }
  | { readonly kind: 'passkey_suspect' }
  | { readonly kind: 'recovery_made' }
  | { readonly kind: 'recovery_used'; readonly left: number }
  | { readonly kind: 'address_added' | 'address_primary' | 'address_removed'; readonly address: string }
  | { readonly kind: 'second_factor_limited' }
  | { readonly kind: 'new_device'; readonly device: DeviceSeen }
  | { readonly kind: 'lost_asked'; readonly readyAt: Date }
  | { readonly kind: 'lost_cancelled'; readonly because: 'used' | 'limited' }
  | { readonly kind: 'lost_finished' }
  | { readonly kind: 'restored' };

interface Told {
  readonly subject: string;
  readonly what: string;
  /** Instead of what to do about any other: see `noticeMail`. */
  readonly todo?: string;
}

/** What is of no use to whoever cannot sign in, or whose mails somebody else reads: they ask for help. */
const asksForHelp = (notice: Notice): boolean =>
  notice.kind === 'restored' || (notice.kind === 'lost_cancelled' && notice.because === 'limited');

/** Sentences of both languages, pure. `at` is when it happened. */
export function noticeWords(notice: Notice, at: Date): { readonly fr: Told; readonly en: Told } {
  const fr = formatInstant(at, 'fr');
  const en = formatInstant(at, 'en');
  const le = `Le ${fr} (heure de Paris)`;
  const on = `On ${en} (Paris time)`;
  switch (notice.kind) {
    case 'passkey_added':
    case 'totp_added': {
      const [cle, key] = kindWords(notice.kind === 'passkey_added');
      return {
        fr: { subject: 'Nouveau moyen de connexion', what: `${le}, ${cle} a été ajoutée à votre compte.` },
        en: { subject: 'New way to sign in', what: `${on}, ${key} was added to your account.` },
      };
    }
    case 'passkey_removed':
    case 'totp_removed': {
      const [cle, key] = kindWords(notice.kind === 'passkey_removed');
      return {
        fr: { subject: 'Moyen de connexion retiré', what: `${le}, ${cle} a été retirée de votre compte.` },
        en: { subject: 'A way to sign in was removed', what: `${on}, ${key} was removed from your account.` },
      };
    }
    case 'passkey_suspect':
      return {
        fr: {
          subject: 'Une clé d’accès a été refusée',
          what: `${le}, une clé d’accès de votre compte a été refusée : elle semble avoir été copiée.`,
          todo: 'Retirez cette clé de votre compte, puis ajoutez-en une autre.',
        },
        en: {
          subject: 'A passkey was refused',
          what: `${on}, a passkey of your account was refused: it seems to have been copied.`,
          todo: 'Remove this key from your account, then add another one.',
        },
      };
    case 'recovery_made':
      return {
        fr: {
          subject: 'Nouveaux codes de secours',
          what: `${le}, des codes de secours ont été créés pour votre compte. Les codes précédents ne servent plus.`,
        },
        en: {
          subject: 'New recovery codes',
          what: `${on}, recovery codes were made for your account. Former codes no longer work.`,
        },
      };
    case 'recovery_used':
      return {
        fr: {
          subject: 'Un code de secours a servi',
          what: `${le}, un code de secours a servi à se connecter à votre compte. Codes de secours qui restent : ${notice.left}.`,
        },
        en: {
          subject: 'A recovery code was used',
          what: `${on}, a recovery code was used to sign in to your account. Recovery codes left: ${notice.left}.`,
        },
      };
    case 'address_added':
      return {
        fr: {
          subject: 'Nouvelle adresse sur votre compte',
          what: `${le}, l’adresse ${notice.address} a été ajoutée à votre compte.`,
        },
        en: {
          subject: 'New address on your account',
          what: `${on}, the address ${notice.address} was added to your account.`,
        },
      };
    case 'address_primary':
      return {
        fr: {
          subject: 'Adresse principale changée',
          what: `${le}, ${notice.address} est devenue l’adresse principale de votre compte.`,
        },
        en: {
          subject: 'Primary address changed',
          what: `${on}, ${notice.address} became the primary address of your account.`,
        },
      };
    case 'address_removed':
      return {
        fr: {
          subject: 'Adresse retirée de votre compte',
          what: `${le}, l’adresse ${notice.address} a été retirée de votre compte.`,
        },
        en: {
          subject: 'Address removed from your account',
          what: `${on}, the address ${notice.address} was removed from your account.`,
        },
      };
    case 'second_factor_limited':
      // Nobody comes so far who has not read a code in one of the mailboxes.
      return {
        fr: {
          subject: 'Codes de connexion refusés',
          what: `${le}, trop de codes d’application ou de secours ont été essayés sur votre compte en une journée. Ils sont refusés jusqu’à demain. Une clé d’accès sert toujours.`,
          todo: 'Ce n’était pas vous ? Quelqu’un lit sans doute vos courriels. Changez le mot de passe de votre messagerie.',
        },
        en: {
          subject: 'Sign-in codes refused',
          what: `${on}, too many codes of an application or recovery codes were tried on your account within a day. They are refused until tomorrow. A passkey still works.`,
          todo: 'It was not you? Somebody probably reads your mails. Change the password of your mailbox.',
        },
      };
    case 'new_device': {
      const seen = [notice.device.browser, notice.device.system]
        .filter((one) => one !== undefined)
        .join(', ');
      return {
        fr: {
          subject: 'Connexion depuis un nouvel appareil',
          what: `${le}, quelqu’un s’est connecté à votre compte depuis un navigateur que nous ne connaissions pas${seen === '' ? '' : ` (${seen})`}.`,
        },
        en: {
          subject: 'Sign-in from a new device',
          what: `${on}, somebody signed in to your account from a browser that we did not know${seen === '' ? '' : ` (${seen})`}.`,
        },
      };
    }
    case 'lost_asked':
      return {
        fr: {
          subject: 'Demande de retrait de vos moyens de connexion',
          what: `${le}, quelqu’un a dit avoir perdu les moyens de connexion de votre compte. Ils pourront être retirés à partir du ${formatInstant(notice.readyAt, 'fr')}.`,
          todo: 'Ce n’était pas vous ? Connectez-vous avant cette date avec un de vos moyens de connexion : la demande est aussitôt annulée.',
        },
        en: {
          subject: 'Request to remove your ways to sign in',
          what: `${on}, somebody said that the ways to sign in to your account were lost. They can be removed from ${formatInstant(notice.readyAt, 'en')}.`,
          todo: 'It was not you? Sign in before that date with one of your ways to sign in: the request is then called off.',
        },
      };
    case 'lost_cancelled': {
      const [fr, en] = [
        {
          subject: 'Demande de retrait annulée',
          what: `${le}, la demande de retrait de vos moyens de connexion a été annulée :`,
        },
        {
          subject: 'Request to remove called off',
          what: `${on}, the request to remove your ways to sign in was called off:`,
        },
      ];
      return notice.because === 'used'
        ? {
            fr: { ...fr, what: `${fr.what} l’un d’eux a servi.` },
            en: { ...en, what: `${en.what} one of them was used.` },
          }
        : {
            fr: {
              ...fr,
              what: `${fr.what} trop de codes ont été essayés sur votre compte.`,
              todo: 'Ces codes ne venaient pas de vous ? Quelqu’un lit sans doute vos courriels. Changez le mot de passe de votre messagerie. Vous n’avez plus vos moyens de connexion ? Demandez de l’aide : une personne peut vérifier votre identité et les retirer. À qui écrire :',
            },
            en: {
              ...en,
              what: `${en.what} too many codes were tried on your account.`,
              todo: 'These codes were not yours? Somebody probably reads your mails. Change the password of your mailbox. You have lost your ways to sign in? Ask for help: a person can check who you are and remove them. Whom to write to:',
            },
          };
    }
    case 'lost_finished':
      return {
        fr: {
          subject: 'Vos moyens de connexion ont été retirés',
          what: `${le}, tous les moyens de connexion de votre compte ont été retirés, comme cela avait été demandé. Seul le code envoyé à votre adresse reste.`,
        },
        en: {
          subject: 'Your ways to sign in were removed',
          what: `${on}, all ways to sign in to your account were removed, as was asked. Only the code sent to your address is left.`,
        },
      };
    case 'restored':
      return {
        fr: {
          subject: 'Vos moyens de connexion ont été retirés',
          what: `${le}, tous les moyens de connexion de votre compte ont été retirés, après vérification de votre identité. Vos connexions ont été fermées. Seul le code envoyé à votre adresse reste.`,
          todo: 'C’était à votre demande ? Connectez-vous et ajoutez un nouveau moyen de connexion. Sinon, prévenez-nous tout de suite. À qui écrire :',
        },
        en: {
          subject: 'Your ways to sign in were removed',
          what: `${on}, all ways to sign in to your account were removed, after your identity was checked. Your sign-ins were closed. Only the code sent to your address is left.`,
          todo: 'You asked for it? Sign in and add a new way to sign in. Otherwise tell us at once. Whom to write to:',
        },
      };
  }
}

const kindWords = (passkey: boolean): readonly [string, string] =>
  passkey
    ? ['une clé d’accès', 'a passkey']
    : ['une application de codes', 'an application that shows codes'];

const notYou = {
  fr: 'C’était vous ? Vous n’avez rien à faire. Sinon, ouvrez votre compte, retirez ce que vous ne connaissez pas et fermez les autres connexions :',
  en: 'It was you? There is nothing to do. Otherwise open your account, remove what you do not know and close the other sign-ins:',
} as const;

export function noticeMail(
  to: string,
  notice: Notice,
  {
    at,
    partnerId,
    account,
    help,
  }: { readonly at: Date; readonly partnerId: string; readonly account: string; readonly help: string },
): Mail {
  const { fr, en } = noticeWords(notice, at);
  const link = asksForHelp(notice) ? help : account;
  return plainMail({
    to,
    subject: `${fr.subject} · ${en.subject}`,
    sentences: [fr.what, fr.todo ?? notYou.fr, link],
    english: [en.what, en.todo ?? notYou.en, link],
    link,
    about: `partner:${partnerId}`,
  });
}
