import { inOneLine, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';

/** Told to every address of the account that was there before: whoever did not do it hears of it. */
export function linkedMail(to: string, idp: string): Mail {
  const name = inOneLine(idp).slice(0, 200);
  return plainMail({
    to,
    subject: 'Vos deux comptes sont reliés',
    sentences: [
      `Votre compte est maintenant relié à la connexion de « ${name} » : les deux mènent au même compte.`,
      'Ce n’est pas vous ? Connectez-vous, ouvrez « Mon nom et mes adresses », et séparez cette connexion.',
    ],
    english: [
      `Your account is now linked to the sign-in of “${name}”: both lead to the same account.`,
      'It was not you? Sign in, open “My name and addresses”, and separate this sign-in.',
    ],
    about: 'account:linked',
  });
}
