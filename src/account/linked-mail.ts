import { nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';

/** Told to every address of the account that was there before: whoever did not do it hears of it. */
export function linkedMail(to: string, idp: string): Mail {
  const name = nameInMail(idp);
  return plainMail({
    to,
    subject: 'Vos deux comptes sont reliés · Your two accounts are linked',
    sentences: [
      `Votre compte est maintenant relié à la connexion de « ${name} » : les deux mènent au même compte.`,
      'Ce n’est pas vous ? Connectez-vous, ouvrez « Mon nom et mes adresses » dans « Mon compte », et séparez cette connexion.',
    ],
    english: [
      `Your account is now linked to the sign-in of “${name}”: both lead to the same account.`,
      'It was not you? Sign in, open “My name and addresses” in “My account”, and separate this sign-in.',
    ],
    about: 'account:linked',
  });
}
