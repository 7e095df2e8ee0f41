import { formatDate, nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';

export const joiningMailKinds = [
  'asked',
  'accepted',
  'refused',
  'ended',
  'soon',
  'soon_asked',
  'soon_mandate',
  'invited',
] as const;
export type JoiningMailKind = (typeof joiningMailKinds)[number];

interface Words {
  readonly subject: string;
  readonly fr: readonly string[];
  readonly en: readonly string[];
}

/**
 * What people are told. Nothing that somebody typed is in it, names of organizations apart: a mail of ours would carry
 * whatever anybody writes. Reasons are on the page.
 */
function wordsOf(kind: JoiningMailKind, name: string, until: string | undefined): Words {
  switch (kind) {
    case 'asked':
      return {
        subject:
          'Une personne demande à agir pour votre organisation · Somebody asks to act for your organization',
        fr: [
          `Une personne demande à agir pour « ${name} », que vous représentez.`,
          'Lisez sa demande, puis acceptez-la ou refusez-la. N’acceptez que quelqu’un que vous connaissez.',
        ],
        en: [
          `Somebody asks to act for “${name}”, which you represent.`,
          'Read the request, then accept or refuse it. Accept only somebody you know.',
        ],
      };
    case 'accepted':
      return {
        subject: 'Vous agissez pour une organisation · You act for an organization',
        fr: [`Vous pouvez maintenant agir pour « ${name} ».`, 'Connectez-vous de nouveau pour en profiter.'],
        en: [`You may now act for “${name}”.`, 'Sign in again to make use of it.'],
      };
    case 'refused':
      return {
        subject: 'Votre demande de rattachement est refusée · Your request is refused',
        fr: [`Votre demande pour agir au nom de « ${name} » est refusée.`, 'La raison est sur cette page :'],
        en: [`Your request to act for “${name}” is refused.`, 'The reason is on this page:'],
      };
    case 'ended':
      return {
        subject: 'Vous n’agissez plus pour une organisation · You no longer act for an organization',
        fr: [
          `Vous n’agissez plus pour « ${name} » : votre rattachement a pris fin.`,
          'Si vous en faites toujours partie, demandez-le de nouveau sur cette page :',
        ],
        en: [
          `You no longer act for “${name}”: your membership has ended.`,
          'If you still belong to it, ask again on this page:',
        ],
      };
    case 'soon':
      return {
        ...soon(name, until),
        fr: [...soon(name, until).fr, 'Prouvez-le de nouveau sur cette page avant cette date :'],
        en: [...soon(name, until).en, 'Prove it again on this page before that day:'],
      };
    case 'soon_asked':
      return {
        ...soon(name, until),
        fr: [
          ...soon(name, until).fr,
          'Après cette date, demandez-le de nouveau sur cette page si c’est utile :',
        ],
        en: [...soon(name, until).en, 'After that day, ask again on this page if you still need to:'],
      };
    case 'soon_mandate':
      return {
        ...soon(name, until),
        fr: [
          ...soon(name, until).fr,
          'Après une élection ou un nouveau mandat, déposez le document qui le montre avant cette date.',
        ],
        en: [
          ...soon(name, until).en,
          'After an election or a new mandate, file the document that shows it before that day.',
        ],
      };
    case 'invited':
      return {
        subject: 'Une organisation vous invite à agir pour elle · An organization invites you to act for it',
        fr: [
          `La personne qui représente « ${name} » vous invite à agir pour cette organisation.`,
          'Connectez-vous avec cette adresse, puis ouvrez ce lien. Il sert une fois, pendant 7 jours, pour vous seul.',
          'Vous ne connaissez pas cette organisation ? Ne faites rien.',
        ],
        en: [
          `Whoever represents “${name}” invites you to act for that organization.`,
          'Sign in with this address, then open this link. It works once, for 7 days, for you alone.',
          'You do not know this organization? Do nothing.',
        ],
      };
  }
}

const soon = (name: string, until: string | undefined): Words => ({
  subject: 'Votre rattachement prend bientôt fin · Your membership ends soon',
  fr: [`Vous agissez pour « ${name} » jusqu’au ${until === undefined ? '' : formatDate(until, 'fr')}.`],
  en: [`You act for “${name}” until ${until === undefined ? '' : formatDate(until, 'en')}.`],
});

export function joiningMail(
  kind: JoiningMailKind,
  about: {
    readonly to: string;
    /** As the register calls it. */
    readonly organization: string;
    readonly link: string;
    /** Of the membership or the invitation. */
    readonly id: string;
    /** ISO date. */
    readonly until?: string | undefined;
  },
): Mail {
  const name = nameInMail(about.organization);
  const { to, link, id, until } = about;
  const { subject, fr, en } = wordsOf(kind, name, until);
  return plainMail({
    to,
    subject,
    sentences: [...fr, link],
    english: [...en, link],
    link,
    about: `joining:${id}`,
  });
}
