import { plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';

/** In French, then in English: nobody knows yet which one the reader speaks. */
export const bilingualMail = ({
  fr,
  en,
  ...mail
}: {
  readonly to: string;
  readonly subject: string;
  readonly fr: readonly string[];
  readonly en: readonly string[];
  readonly link: string;
  readonly about: string;
}): Mail => plainMail({ ...mail, sentences: [...fr, mail.link, ...en] });
