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
  const { subject, fr, en } = {
    revoke: {
      subject: 'Vous n’agissez plus pour une organisation · You no longer act for an organization',
      fr: [
        `Vous ne pouvez plus utiliser les services publics en ligne au nom de l’organisation « ${name} » : votre rattachement a été retiré.`,
        'Vos autres rattachements ne changent pas.',
        ...(about.guests === 0
          ? []
          : ['Les personnes que vous aviez invitées au nom de cette organisation perdent leur accès.']),
        'Vous pensez que c’est une erreur ? Demandez à la personne qui représente l’organisation de vous rendre ce rattachement.',
      ],
      en: [
        `You can no longer use online public services in the name of the organization “${name}”: your membership was taken away.`,
        'Your other memberships do not change.',
        ...(about.guests === 0
          ? []
          : ['The people whom you invited in the name of this organization lose their access.']),
        'You think that it is a mistake? Ask whoever represents the organization to give this membership back to you.',
      ],
    },
    restore: {
      subject: 'Vous agissez de nouveau pour une organisation · You act for an organization again',
      fr: [
        `Vous pouvez de nouveau utiliser les services publics en ligne au nom de l’organisation « ${name} » : votre rattachement vous est rendu.`,
        'Connectez-vous comme d’habitude.',
      ],
      en: [
        `You can use online public services in the name of the organization “${name}” again: your membership was given back to you.`,
        'Sign in as usual.',
      ],
    },
  }[act];
  return plainMail({ to: email, subject, sentences: fr, english: en, about: `membership:${id}` });
}
