import { formatDate, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { ErasurePlan } from './plan.ts';

/**
 * Tells the person what was done (GDPR art. 12(3)), and somebody whose session was taken over that it was not them. It goes
 * 30 days after it left, like every mail.
 */
export function erasedMail(to: string, { kept }: ErasurePlan, at: Date, issuer: string): Mail {
  const files = kept.flatMap(({ file, until }) => (file === undefined ? [] : [{ file, until }]));
  const invitations = kept.find(({ words }) => words === 'invitations')?.until;
  const link = `${issuer}/donnees-personnelles`;
  const listed = (language: 'fr' | 'en', until: string): string =>
    files
      .map((one) =>
        one.until === undefined ? one.file : `${one.file}, ${until} ${formatDate(one.until, language)}`,
      )
      .join(language === 'fr' ? ' ; ' : '; ');
  return plainMail({
    to,
    subject: 'Vos données ont été effacées · Your data were erased',
    sentences: [
      `Vos données ont été effacées le ${formatDate(at, 'fr')} : vos connexions, votre compte, vos demandes qui n’étaient pas envoyées.`,
      ...(files.length === 0
        ? []
        : [
            `Ces demandes sont gardées, parce que l’administration doit pouvoir en répondre : ${listed('fr', 'jusqu’au')}.`,
          ]),
      ...(invitations === undefined
        ? []
        : [`Les invitations sont gardées jusqu’au ${formatDate(invitations, 'fr')}.`]),
      'Si vous vous connectez à nouveau, vous aurez un nouveau compte.',
      'Vous n’avez rien demandé ? Écrivez au responsable de ce site, dont l’adresse est sur cette page :',
      link,
    ],
    english: [
      `Your data were erased on ${formatDate(at, 'en')}: your sign-ins, your account, your requests that were not sent.`,
      ...(files.length === 0
        ? []
        : [
            `These requests are kept, because the administration has to answer for them: ${listed('en', 'until')}.`,
          ]),
      ...(invitations === undefined ? [] : [`Invitations are kept until ${formatDate(invitations, 'en')}.`]),
      'If you sign in again, you will have a new account.',
      'You asked for nothing? Write to whoever is responsible for this site, whose address is on this page:',
      link,
    ],
    link,
    about: 'person',
  });
}
