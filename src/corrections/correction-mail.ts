import type { Operator } from '../declarations/declarations.ts';
import { nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { Author } from '../organizations/organizations.ts';
import type { CorrectionKind } from './rules.ts';

/** To everybody who may confirm. What is to be corrected, of whom and why, is in the console only. */
export function proposedMails(
  {
    id,
    kind,
    author: { given_name: given, usual_name: usual },
    consoleHref,
  }: {
    readonly id: string;
    readonly kind: CorrectionKind;
    readonly author: Author;
    readonly consoleHref: string;
  },
  confirmers: readonly Operator[],
): readonly Mail[] {
  const link = `${consoleHref}/exceptions/${id}`;
  const asks =
    kind === 'correct'
      ? 'une exception à ce que les registres disent d’une organisation'
      : 'de lever une exception à ce que disent les registres';
  return confirmers.map(({ email }) =>
    plainMail({
      to: email,
      subject: 'Une exception attend votre réponse',
      sentences: [
        `${nameInMail(`${given} ${usual}`)} propose ${asks}. Des droits en dépendent.`,
        'Une deuxième personne doit confirmer ou refuser, à cette adresse :',
        link,
      ],
      link,
      about: `correction:${id}`,
    }),
  );
}
