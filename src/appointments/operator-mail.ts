import type { Operator } from '../declarations/declarations.ts';
import { formatDate, nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { ProposalKind } from './rules.ts';

/*
 * What operators are told of themselves, and administrators of what waits for them. No reason is in a mail: it is in the
 * console, and whoever is concerned hears it from a person.
 */

interface MailFacts {
  readonly operator: Operator;
  /** Who acts, or proposes. */
  readonly by: Operator;
  readonly consoleHref: string;
}

export function appointedMails({ operator, by, consoleHref }: MailFacts): readonly Mail[] {
  return [
    mailOf(
      operator.email,
      operator.id,
      'Vous êtes nommé dans l’espace des opérateurs',
      [
        `${nameOf(by)} et un autre administrateur vous ont nommé dans l’espace des opérateurs.`,
        'Vous y entrez avec votre compte habituel et une double vérification, à cette adresse :',
        consoleHref,
        ...delegationWords(operator),
        `Une question ? Écrivez à ${by.email}.`,
      ],
      consoleHref,
    ),
  ];
}

/** A new address is told to the former one as well: whoever reads there would not know otherwise. */
export function changedMails({
  operator,
  before,
  by,
  consoleHref,
}: MailFacts & { readonly before: Operator }): readonly Mail[] {
  return [...new Set([before.email, operator.email])].map((to) =>
    mailOf(
      to,
      operator.id,
      'Votre fiche d’opérateur a changé',
      [
        `${nameOf(by)} et un autre administrateur ont modifié ce que vous pouvez faire dans l’espace des opérateurs, ou ce qui y est inscrit de vous.`,
        'Votre fiche est sur la page « Mon accès », à cette adresse :',
        consoleHref,
        ...delegationWords(operator),
        `Une question ? Écrivez à ${by.email}.`,
      ],
      consoleHref,
    ),
  );
}

export function removedMails(
  { operator, by }: MailFacts,
  administrators: readonly Operator[],
): readonly Mail[] {
  return [
    mailOf(operator.email, operator.id, 'Votre accès à l’espace des opérateurs est retiré', [
      `${nameOf(by)} a retiré votre accès à l’espace des opérateurs. Il est fermé dès maintenant.`,
      `Une question ? Écrivez à ${by.email}.`,
    ]),
    ...administrators.map((one) =>
      mailOf(one.email, operator.id, 'Un opérateur est retiré', [
        `${nameOf(by)} a retiré ${nameOf(operator)} de l’espace des opérateurs, sans attendre une deuxième personne.`,
        'Le motif est sur la page « Opérateurs ».',
      ]),
    ),
  ];
}

/** Of what was done on the server, without the console: nobody there has read it. */
export function onTheServerMails(
  act: 'readmit' | 'remove',
  operator: Operator,
  administrators: readonly Operator[],
): readonly Mail[] {
  const name = nameOf(operator);
  const { subject, sentence } = {
    readmit: {
      subject: 'Un retrait d’opérateur est levé',
      sentence: `${name} : le retrait est levé depuis le serveur.`,
    },
    remove: {
      subject: 'Un opérateur est retiré',
      sentence: `${name} est retiré de l’espace des opérateurs depuis le serveur.`,
    },
  }[act];
  return administrators.map((one) =>
    mailOf(one.email, operator.id, subject, [
      sentence,
      'Le motif est au journal. Vous ne vous y attendiez pas ? Parlez-en à la personne qui tient le serveur.',
    ]),
  );
}

const asks: Readonly<Record<ProposalKind, (name: string) => string>> = {
  appoint: (name) => `nommer ${name} dans l’espace des opérateurs`,
  change: (name) => `modifier la fiche de cette personne : ${name}`,
  readmit: (name) => `lever le retrait de cette personne : ${name}`,
};

/** To every administrator who may answer. */
export function proposedMails(
  { operator, by, consoleHref }: MailFacts,
  kind: ProposalKind,
  administrators: readonly Operator[],
): readonly Mail[] {
  return administrators.map((one) =>
    mailOf(
      one.email,
      operator.id,
      'Une proposition attend votre réponse',
      [
        `${nameOf(by)} propose de ${asks[kind](nameOf(operator))}.`,
        'Un deuxième administrateur doit confirmer ou refuser, sur la page « Opérateurs » :',
        consoleHref,
      ],
      consoleHref,
    ),
  );
}

const nameOf = ({ given_name: given, usual_name: usual }: Operator): string =>
  nameInMail(`${given} ${usual}`);

const delegationWords = ({ delegation }: Operator): readonly string[] =>
  delegation === undefined
    ? []
    : [
        `Votre délégation va du ${formatDate(delegation.from, 'fr')} au ${formatDate(delegation.to, 'fr')} inclus.`,
      ];

const mailOf = (
  to: string,
  operatorId: string,
  subject: string,
  sentences: readonly string[],
  link?: string,
): Mail => plainMail({ to, subject, sentences, link, about: `operator:${operatorId}` });
