import { nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { MemberAct } from './rules.ts';

/**
 * What the person is told of what was decided about them. The reason that somebody typed is not in it: a mail of ours
 * would carry whatever anybody writes. Who decided is not named either: the organization answers for it.
 */
export function memberMail(
  act: Exclude<MemberAct, 'confirm'>,
  { id, email }: { readonly id: string; readonly email: string },
  about: {
    readonly organization: string;
    /** How many of their guests lose what they had. */
    readonly guests: number;
  },
): Mail {
  const name = nameInMail(about.organization);
  const { subject, sentences } = {
    revoke: {
      subject: 'Vous n’agissez plus pour une organisation',
      sentences: [
        `Vous ne pouvez plus utiliser les services publics en ligne au nom de l’organisation « ${name} » : votre rattachement a été retiré.`,
        'Vos autres rattachements ne changent pas.',
        ...(about.guests === 0
          ? []
          : ['Les personnes que vous aviez invitées au nom de cette organisation perdent leur accès.']),
        'Vous pensez que c’est une erreur ? Demandez à la personne qui représente l’organisation de vous rendre ce rattachement.',
      ],
    },
    restore: {
      subject: 'Vous agissez de nouveau pour une organisation',
      sentences: [
        `Vous pouvez de nouveau utiliser les services publics en ligne au nom de l’organisation « ${name} » : votre rattachement vous est rendu.`,
        'Connectez-vous comme d’habitude.',
      ],
    },
  }[act];
  return plainMail({ to: email, subject, sentences, about: `membership:${id}` });
}
