import { formatDate, inOneLine, nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { InvitingNeeds } from './needs.ts';
import type { InvitationKept } from './rows.ts';

interface InBoth {
  readonly fr: string;
  readonly en: string;
}

export interface GuestFacts {
  readonly id: string;
  readonly to: string;
  readonly sponsor: { readonly name: string; readonly email: string; readonly organization: string };
  readonly service: { readonly name: InBoth; readonly url?: string | undefined };
  /** ISO date. */
  readonly endsOn: string;
}

/** Whom a mail is to, and what it speaks of: the service as it is named today. */
export function guestFacts(
  { snapshot }: Pick<InvitingNeeds, 'snapshot'>,
  kept: Pick<InvitationKept, 'id' | 'service' | 'address' | 'endsOn'> & Pick<GuestFacts, 'sponsor'>,
): GuestFacts {
  const { name, url } = snapshot().services.get(kept.service) ?? {
    name: { fr: kept.service, en: kept.service },
  };
  return {
    id: kept.id,
    to: kept.address,
    sponsor: kept.sponsor,
    service: { name, url },
    endsOn: kept.endsOn,
  };
}

/**
 * What the guest is told. The reason that the sponsor typed is not in it: a mail of ours would carry whatever anybody
 * writes, addresses to click included. The one address is the service's own.
 */
export function invitedMail(facts: GuestFacts): Mail {
  const { to, sponsor, service } = facts;
  const { url } = service;
  const { fr, en } = wordsOf(facts);
  return mailOf(facts, {
    subject: {
      fr: `Vous êtes invité à utiliser ${fr.inSubject}`,
      en: `You are invited to use ${en.inSubject}`,
    },
    fr: [
      `${fr.by} vous invite à utiliser ${fr.name} jusqu’au ${fr.until} inclus.`,
      ...(url === undefined
        ? [`Ouvrez ${fr.name} à son adresse habituelle.`]
        : [`Ouvrez ${fr.name} à son adresse :`, url]),
      `Connectez-vous avec votre adresse électronique ${to}. L’invitation ne vaut que pour elle.`,
      `Certaines fonctions de ${fr.name} sont réservées aux agents publics : un invité ne les voit pas. La personne qui vous invite peut prolonger cet accès ou y mettre fin.`,
      `Une question ? Écrivez à ${sponsor.email}. Si vous ne connaissez pas cette personne, ne faites rien.`,
    ],
    en: [
      `${en.by} invites you to use ${en.name} until ${en.until}, that day included.`,
      ...(url === undefined
        ? [`Open ${en.name} at its usual address.`]
        : [`Open ${en.name} at its address:`, url]),
      `Sign in with your e-mail address ${to}. The invitation is for this address alone.`,
      `Some functions of ${en.name} are for public servants only: a guest does not see them. Whoever invites you may prolong your access or end it.`,
      `Any question? Write to ${sponsor.email}. If you do not know this person, do nothing.`,
    ],
  });
}

export function renewedMail(facts: GuestFacts): Mail {
  const { fr, en } = wordsOf(facts);
  return mailOf(facts, {
    subject: {
      fr: `Votre accès à ${fr.inSubject} est prolongé`,
      en: `Your access to ${en.inSubject} is prolonged`,
    },
    fr: [
      `${fr.by} a prolongé votre accès à ${fr.name} jusqu’au ${fr.until} inclus.`,
      `Vous n’avez rien à faire. Une question ? Écrivez à ${facts.sponsor.email}.`,
    ],
    en: [
      `${en.by} prolonged your access to ${en.name} until ${en.until}, that day included.`,
      `There is nothing to do. Any question? Write to ${facts.sponsor.email}.`,
    ],
  });
}

/** Who took it back is not named when an operator did. */
export function revokedMail(facts: GuestFacts, bySponsor: boolean): Mail {
  const { fr, en } = wordsOf(facts);
  return mailOf(facts, {
    subject: ended({ fr, en }),
    fr: bySponsor
      ? [
          `${fr.by} a mis fin à votre accès à ${fr.name}. Vous y étiez invité.`,
          `Une question ? Écrivez à ${facts.sponsor.email}.`,
        ]
      : [
          `L’équipe qui gère les accès à ${fr.name} a mis fin à votre invitation.`,
          'La personne qui vous avait invité peut vous en dire plus.',
        ],
    en: bySponsor
      ? [
          `${en.by} ended your access to ${en.name}. You were a guest there.`,
          `Any question? Write to ${facts.sponsor.email}.`,
        ]
      : [
          `The team that manages access to ${en.name} ended your invitation.`,
          'The person who invited you can tell you more.',
        ],
  });
}

/**
 * When whoever invited acts for the organization no more, or has no account any more: nobody is named, and why they left is
 * nobody else's business.
 */
export function endedMail(facts: GuestFacts): Mail {
  const { fr, en } = wordsOf(facts);
  const organization = organizationOf(facts);
  return mailOf(facts, {
    subject: ended({ fr, en }),
    fr: [
      `Vous étiez invité à utiliser ${fr.name} au nom de l’organisation « ${organization} ». Cette invitation a pris fin.`,
      'Vous en avez encore besoin ? Demandez à une autre personne de cette organisation de vous inviter.',
    ],
    en: [
      `You were invited to use ${en.name} in the name of the organization “${organization}”. This invitation has ended.`,
      'Do you still need it? Ask somebody else of this organization to invite you.',
    ],
  });
}

export function takenOverMail(facts: GuestFacts): Mail {
  const { fr, en } = wordsOf(facts);
  return mailOf(facts, {
    subject: {
      fr: `Votre accès à ${fr.inSubject} est suivi par une autre personne`,
      en: `Somebody else looks after your access to ${en.inSubject}`,
    },
    fr: [
      `${fr.by} suit désormais l’invitation qui vous permet d’utiliser ${fr.name}. Votre accès reste ouvert jusqu’au ${fr.until} inclus.`,
      `Vous n’avez rien à faire. Une question ? Écrivez à ${facts.sponsor.email}.`,
    ],
    en: [
      `${en.by} now looks after the invitation that lets you use ${en.name}. Your access stays open until ${en.until}, that day included.`,
      `There is nothing to do. Any question? Write to ${facts.sponsor.email}.`,
    ],
  });
}

/** People may write their own name in a directory, and mail programs make a link of what looks like an address. */
const address = /[/@:]|[\p{L}\p{N}]{2,}\.[\p{L}\p{N}]{2,}/u;

/** Characters of a name in a subject, which holds it twice and stays short (`plainMail`). */
const longestInSubject = 50;

interface Words {
  readonly by: string;
  readonly until: string;
  readonly name: string;
  readonly inSubject: string;
}

function wordsOf({ sponsor, service, endsOn }: GuestFacts): Readonly<Record<'fr' | 'en', Words>> {
  const given = inOneLine(sponsor.name).slice(0, 100);
  const who = given === '' || address.test(given) ? sponsor.email : `${given} (${sponsor.email})`;
  const by = `${who}, ${organizationOf({ sponsor })},`;
  const words = (language: 'fr' | 'en'): Words => ({
    by,
    until: formatDate(endsOn, language),
    name: nameInMail(service.name[language]),
    inSubject: nameInMail(service.name[language], longestInSubject),
  });
  return { fr: words('fr'), en: words('en') };
}

const ended = ({ fr, en }: Readonly<Record<'fr' | 'en', Words>>): InBoth => ({
  fr: `Votre accès à ${fr.inSubject} a pris fin`,
  en: `Your access to ${en.inSubject} has ended`,
});

const organizationOf = ({ sponsor }: Pick<GuestFacts, 'sponsor'>): string => nameInMail(sponsor.organization);

const mailOf = (
  { id, to, service }: GuestFacts,
  {
    subject,
    fr,
    en,
  }: { readonly subject: InBoth; readonly fr: readonly string[]; readonly en: readonly string[] },
): Mail =>
  plainMail({
    to,
    subject: `${subject.fr} · ${subject.en}`,
    sentences: fr,
    english: en,
    link: service.url,
    about: `invitation:${id}`,
  });
