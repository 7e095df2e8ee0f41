import { nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';

/**
 * Told to every address of the account that was there before: whoever did not do it hears of it.
 *
 * @param linked name of the identity provider, and the address by which the account was found
 */
export function linkedMail(to: string, linked: { readonly idp: string; readonly account: string }): Mail {
  const idp = nameInMail(linked.idp);
  const account = nameInMail(linked.account);
  return plainMail({
    to,
    subject: 'Vos deux comptes sont reliés · Your two accounts are linked',
    sentences: [
      `Votre compte de l’adresse « ${account} » est maintenant relié à votre connexion avec « ${idp} » : les deux mènent au même compte.`,
      'Ce n’est pas vous ? Connectez-vous, ouvrez « Mon nom et mes adresses » dans « Mon compte », et séparez cette connexion.',
    ],
    english: [
      `Your account of the address “${account}” is now linked to your sign-in with “${idp}”: both lead to the same account.`,
      'It was not you? Sign in, open “My name and addresses” in “My account”, and separate this sign-in.',
    ],
    about: 'account:linked',
  });
}
