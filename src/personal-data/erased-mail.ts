import { formatDate, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { ErasurePlan } from './plan.ts';

/**
 * Tells the person what was done (GDPR art. 12(3)), and somebody whose session was taken over that it was not them. It goes
 * 30 days after it left, like every mail.
 */
export function erasedMail(to: string, { kept }: ErasurePlan, at: Date, issuer: string): Mail {
  const files = kept.flatMap(({ file, until }) =>
    file === undefined ? [] : [until === undefined ? file : `${file}, jusqu’au ${formatDate(until, 'fr')}`],
  );
  const invitations = kept.find(({ words }) => words === 'invitations')?.until;
  const link = `${issuer}/donnees-personnelles`;
  return plainMail({
    to,
    subject: 'Vos données ont été effacées',
    sentences: [
      `Vos données ont été effacées le ${formatDate(at, 'fr')} : vos connexions, votre compte, vos demandes qui n’étaient pas envoyées.`,
      ...(files.length === 0
        ? []
        : [
            `Ces demandes sont gardées, parce que l’administration doit pouvoir en répondre : ${files.join(' ; ')}.`,
          ]),
      ...(invitations === undefined
        ? []
        : [`Les invitations sont gardées jusqu’au ${formatDate(invitations, 'fr')}.`]),
      'Si vous vous connectez à nouveau, vous aurez un nouveau compte.',
      'Vous n’avez rien demandé ? Écrivez au responsable de ce site, dont l’adresse est sur cette page :',
      link,
    ],
    link,
    about: 'person',
  });
}
