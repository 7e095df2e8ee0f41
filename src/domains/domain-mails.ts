import { formatDate, nameInMail, plainMail } from '../http/http.ts';
import { queueMail } from '../mail/mail.ts';
import type { Mail } from '../mail/mail.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { daysToLose } from './drift.ts';
import { objectionDays } from './handover-rules.ts';
import type { DomainsNeeds } from './needs.ts';
import type { OrganizationDomain } from './rows.ts';

export const domainMailKinds = [
  'verified',
  'failing',
  'lost',
  'contested',
  'handed_over',
  'received',
  'refused',
] as const;
export type DomainMailKind = (typeof domainMailKinds)[number];

interface About {
  readonly organization: string;
  readonly domain: string;
  /** Last day to object, ISO. */
  readonly until: string;
}
interface Words {
  readonly subject: string;
  readonly fr: (about: About) => readonly string[];
  readonly en: (about: About) => readonly string[];
}

/** Nobody is named but the organization that is written to: not who claims, and no other organization. */
const words: Readonly<Record<DomainMailKind, Words>> = {
  verified: {
    subject: 'Un nom de domaine est vérifié · A domain name is verified',
    fr: ({ domain, organization }) => [
      `Le nom de domaine ${domain} est vérifié pour l’organisation « ${organization} ». Les personnes qui ont une adresse électronique à ce nom peuvent s’y rattacher.`,
      'Ce n’est pas vous qui l’avez demandé ? Renoncez à ce nom de domaine sur cette page :',
    ],
    en: ({ domain, organization }) => [
      `The domain name ${domain} is verified for the organization “${organization}”. People who have an e-mail address there may join it.`,
      'You did not ask for this? Give the domain name up on this page:',
    ],
  },
  failing: {
    subject: 'Un nom de domaine ne se vérifie plus · A domain name no longer verifies',
    fr: ({ domain, organization }) => [
      `Nous ne trouvons plus la preuve que le nom de domaine ${domain} est celui de l’organisation « ${organization} ».`,
      `Sans elle, il ne comptera plus dans ${daysToLose} jours. Remettez l’enregistrement DNS, qui est écrit sur cette page :`,
    ],
    en: ({ domain, organization }) => [
      `We no longer find the proof that the domain name ${domain} belongs to the organization “${organization}”.`,
      `Without it, the name will no longer count in ${daysToLose} days. Put the DNS record back: it is written on this page:`,
    ],
  },
  lost: {
    subject: 'Un nom de domaine n’est plus vérifié · A domain name is not verified any more',
    fr: ({ domain, organization }) => [
      `Le nom de domaine ${domain} n’est plus vérifié pour l’organisation « ${organization} » : nous n’en trouvons plus la preuve.`,
      'Les rattachements qui en dépendent prennent fin. Pour le vérifier de nouveau :',
    ],
    en: ({ domain, organization }) => [
      `The domain name ${domain} is not verified any more for the organization “${organization}”: we no longer find the proof.`,
      'The memberships that rest on it end. To verify it again:',
    ],
  },
  contested: {
    subject:
      'Une autre organisation demande votre nom de domaine · Another organization asks for your domain',
    fr: ({ domain, organization, until }) => [
      `Une autre organisation a prouvé qu’elle dispose du nom de domaine ${domain}, qui est vérifié pour l’organisation « ${organization} ».`,
      `Deux opérateurs vont décider. Vous pouvez vous y opposer pendant ${objectionDays} jours, jusqu’au ${formatDate(until, 'fr')}, sur cette page :`,
    ],
    en: ({ domain, organization, until }) => [
      `Another organization has proven that it has the domain name ${domain}, which is verified for the organization “${organization}”.`,
      `Two operators will decide. You may object for ${objectionDays} days, until ${formatDate(until, 'en')}, on this page:`,
    ],
  },
  handed_over: {
    subject: 'Votre nom de domaine est passé à une autre organisation · Your domain was handed over',
    fr: ({ domain, organization }) => [
      `Le nom de domaine ${domain} n’est plus celui de l’organisation « ${organization} » : deux opérateurs l’ont attribué à une autre, qui en a apporté la preuve.`,
      'Les rattachements qui en dépendent prennent fin. Vos noms de domaine sont sur cette page :',
    ],
    en: ({ domain, organization }) => [
      `The domain name ${domain} is not that of the organization “${organization}” any more: two operators gave it to another one, which has proven it.`,
      'The memberships that rest on it end. Your domain names are on this page:',
    ],
  },
  received: {
    subject: 'Un nom de domaine vous est attribué · A domain name is yours',
    fr: ({ domain, organization }) => [
      `Deux opérateurs ont attribué le nom de domaine ${domain} à l’organisation « ${organization} ». Il est vérifié.`,
      'Vos noms de domaine sont sur cette page :',
    ],
    en: ({ domain, organization }) => [
      `Two operators gave the domain name ${domain} to the organization “${organization}”. It is verified.`,
      'Your domain names are on this page:',
    ],
  },
  refused: {
    subject: 'Un nom de domaine vous est refusé · A domain name is refused',
    fr: ({ domain, organization }) => [
      `Le nom de domaine ${domain} reste celui d’une autre organisation : un opérateur a refusé de l’attribuer à « ${organization} ».`,
      'Vos noms de domaine sont sur cette page :',
    ],
    en: ({ domain, organization }) => [
      `The domain name ${domain} stays with another organization: an operator refused to give it to “${organization}”.`,
      'Your domain names are on this page:',
    ],
  },
};

/** To an operator who may decide. Neither the name nor the organizations: they are in the console. */
export function deciderMail(
  to: string,
  { id, issuer }: { readonly id: string; readonly issuer: string },
): Mail {
  const link = `${issuer}/operateur/domaines-verifies/${id}`;
  return plainMail({
    to,
    subject: 'Un nom de domaine attend une décision',
    sentences: [
      'Deux organisations demandent le même nom de domaine. Deux personnes doivent confirmer son passage, ou une le refuser.',
      `Celle qui l’a peut s’y opposer pendant ${objectionDays} jours. Le dossier est à cette adresse :`,
      link,
    ],
    link,
    about: `handover:${id}`,
  });
}

/** To one representative. */
export function domainMail(
  kind: DomainMailKind,
  {
    to,
    siren,
    issuer,
    organization,
    domain,
    until,
  }: About & { readonly to: string; readonly siren: string; readonly issuer: string },
): Mail {
  const link = `${issuer}/compte/organisations/${siren}/domaines`;
  const about = { organization: nameInMail(organization), domain, until };
  const { subject, fr, en } = words[kind];
  return plainMail({
    to,
    subject,
    sentences: [...fr(about), link],
    english: [...en(about), link],
    link,
    about: `domain:${siren}`,
  });
}

/** Whom to tell of a legal unit, read before the transaction: who represents it is another room's question. */
export interface Told {
  readonly siren: string;
  readonly organization: string;
  readonly addresses: readonly string[];
}

export async function toldOf(
  { representativesOf, organizationName }: Pick<DomainsNeeds, 'representativesOf' | 'organizationName'>,
  siren: string,
): Promise<Told> {
  const found = await representativesOf(siren);
  return {
    siren,
    organization: (await organizationName(siren)) ?? siren,
    addresses: [...new Set(found.map(({ email }) => email))],
  };
}

/** In the caller's transaction. */
export async function tell(
  trx: Kysely<Database>,
  needs: Pick<DomainsNeeds, 'issuer' | 'randomId'>,
  at: Date,
  {
    kind,
    told,
    domain,
    until = '',
  }: {
    readonly kind: DomainMailKind;
    readonly told: Told;
    readonly domain: OrganizationDomain['domain'];
    readonly until?: string;
  },
): Promise<void> {
  const { siren, organization, addresses } = told;
  const mails = addresses.map((to) =>
    domainMail(kind, { to, siren, organization, domain, until, issuer: needs.issuer }),
  );
  await queueMail(trx, at, mails, needs.randomId);
}
