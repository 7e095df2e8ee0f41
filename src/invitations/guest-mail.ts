import { formatDate, inOneLine, nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { InvitingNeeds } from './needs.ts';
import type { InvitationKept } from './rows.ts';

export interface GuestFacts {
  readonly id: string;
  readonly to: string;
  readonly sponsor: { readonly name: string; readonly email: string; readonly organization: string };
  readonly service: { readonly name: string; readonly url?: string | undefined };
  readonly endsOn: string;
}

/** Whom a mail is to, and what it speaks of: the service as it is named today. */
export function guestFacts({ snapshot }: Pick<InvitingNeeds, 'snapshot'>, kept: InvitationKept): GuestFacts {
  const service = snapshot().services.get(kept.service);
  return {
    id: kept.id,
    to: kept.address,
    sponsor: kept.sponsor,
    service: { name: service?.name.fr ?? kept.service, url: service?.url },
    endsOn: kept.endsOn,
  };
}

/**
 * What the guest is told. The reason that the sponsor typed is not in it: a mail of ours would carry whatever anybody
 * writes, addresses to click included. The one address is the service's own.
 */
export function invitedMail(facts: GuestFacts): Mail {
  const { to } = facts;
  const { url } = facts.service;
  const { by, until, name } = wordsOf(facts);
  const open =
    url === undefined
      ? [`Ouvrez ${name} à son adresse habituelle.`]
      : [`Ouvrez ${name} à son adresse :`, url];
  return mailOf(facts, `Vous êtes invité à utiliser ${name}`, [
    `${by} vous invite à utiliser ${name} jusqu’au ${until} inclus.`,
    ...open,
    `Connectez-vous avec votre adresse électronique ${to}. L’invitation ne vaut que pour elle.`,
    `Certaines fonctions de ${name} sont réservées aux agents publics : un invité ne les voit pas. La personne qui vous invite peut prolonger cet accès ou y mettre fin.`,
    `Une question ? Écrivez à ${facts.sponsor.email}. Si vous ne connaissez pas cette personne, ne faites rien.`,
  ]);
}

export function renewedMail(facts: GuestFacts): Mail {
  const { by, until, name } = wordsOf(facts);
  return mailOf(facts, `Votre accès à ${name} est prolongé`, [
    `${by} a prolongé votre accès à ${name} jusqu’au ${until} inclus.`,
    `Vous n’avez rien à faire. Une question ? Écrivez à ${facts.sponsor.email}.`,
  ]);
}

/** Who took it back is not named when an operator did. */
export function revokedMail(facts: GuestFacts, bySponsor: boolean): Mail {
  const { by, name } = wordsOf(facts);
  return mailOf(facts, `Votre accès à ${name} a pris fin`, [
    bySponsor
      ? `${by} a mis fin à votre accès à ${name}. Vous y étiez invité.`
      : `L’équipe qui gère les accès à ${name} a mis fin à votre invitation.`,
    bySponsor
      ? `Une question ? Écrivez à ${facts.sponsor.email}.`
      : 'La personne qui vous avait invité peut vous en dire plus.',
  ]);
}

/**
 * When whoever invited acts for the organization no more, or has no account any more: nobody is named, and why they left is
 * nobody else's business.
 */
export function endedMail(facts: GuestFacts): Mail {
  const { name } = wordsOf(facts);
  return mailOf(facts, `Votre accès à ${name} a pris fin`, [
    `Vous étiez invité à utiliser ${name} au nom de l’organisation « ${organizationOf(facts)} ». Cette invitation a pris fin.`,
    'Vous en avez encore besoin ? Demandez à une autre personne de cette organisation de vous inviter.',
  ]);
}

export function takenOverMail(facts: GuestFacts): Mail {
  const { by, until, name } = wordsOf(facts);
  return mailOf(facts, `Votre accès à ${name} est suivi par une autre personne`, [
    `${by} suit désormais l’invitation qui vous permet d’utiliser ${name}. Votre accès reste ouvert jusqu’au ${until} inclus.`,
    `Vous n’avez rien à faire. Une question ? Écrivez à ${facts.sponsor.email}.`,
  ]);
}

/** People may write their own name in a directory, and mail programs make a link of what looks like an address. */
const address = /[/@:]|[\p{L}\p{N}]{2,}\.[\p{L}\p{N}]{2,}/u;

function wordsOf({ sponsor, service, endsOn }: GuestFacts) {
  const given = inOneLine(sponsor.name).slice(0, 100);
  const who = given === '' || address.test(given) ? sponsor.email : `${given} (${sponsor.email})`;
  return {
    by: `${who}, ${organizationOf({ sponsor })},`,
    until: formatDate(endsOn, 'fr'),
    name: nameInMail(service.name),
  };
}

const organizationOf = ({ sponsor }: Pick<GuestFacts, 'sponsor'>): string => nameInMail(sponsor.organization);

const mailOf = ({ id, to, service }: GuestFacts, subject: string, sentences: readonly string[]): Mail =>
  plainMail({ to, subject, sentences, link: service.url, about: `invitation:${id}` });
