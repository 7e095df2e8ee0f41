import type { FactsOf, LetterFacts } from './facts.ts';
import { serviceInCharge, waysOfAppeal } from './rights.ts';
import type { Template } from './template.ts';
import { day, factList, heading, named, paragraph, serviceNames, spacedSiren } from './words.ts';

/**
 * An association that asked by the number of its own register has a SIREN now: what was decided can be used. Or the register
 * takes that back. Nobody decides anything here: it states what a fact of the registers brings about.
 */
export const identification: Template<'identification'> = {
  version: 1,
  title: (facts) =>
    facts.opens ? `L’accès à ${namesOf(facts)} s’ouvre` : `L’accès à ${namesOf(facts)} n’est plus ouvert`,
  blocks: (facts) => (facts.opens ? opening(facts) : closing(facts)),
};

const namesOf = ({ services }: FactsOf['identification']): string =>
  serviceNames(services.map(({ service }) => service));

const daysOf = ({ services }: FactsOf['identification']) =>
  services.map(({ service, terms }) =>
    factList([
      ['Service', service.name],
      ['Premier jour', day(terms.startsOn)],
      ['Dernier jour', `${day(terms.endsOn)} inclus`],
    ]),
  );

const opening = (facts: LetterFacts<'identification'>) => [
  paragraph(
    `Les registres publics donnent maintenant un numéro d’entreprise (SIREN) à ${named(facts.organization)}${facts.organization.siren === undefined ? '' : ` : ${spacedSiren(facts.organization.siren)}`}. L’accès qui lui a été accordé peut donc être utilisé, sans autre démarche, aux jours indiqués ci-dessous.`,
  ),
  ...daysOf(facts),
  heading('Utiliser cet accès'),
  paragraph(
    `Les personnes qui se connectent pour votre organisation peuvent ouvrir ${namesOf(facts)}, au niveau et aux conditions de la décision. Vous pouvez la relire sur la page du dossier : ${facts.fileHref}`,
  ),
  heading('Si ce numéro n’est pas celui de votre organisation'),
  paragraph(
    `Signalez-le sans attendre à ${facts.authority.email} ou au ${facts.authority.phone}, en rappelant le numéro du dossier : ${facts.registration}.`,
  ),
  ...serviceInCharge(facts),
];

const closing = (facts: LetterFacts<'identification'>) => [
  paragraph(
    `Les registres publics ne donnent plus de numéro d’entreprise (SIREN) certain à ${named(facts.organization)}, connue ici sous le numéro ${facts.number}. Sans lui, on ne peut pas savoir qui se connecte pour elle : depuis le ${day(facts.date)}, l’accès à ${namesOf(facts)} n’est plus ouvert.`,
  ),
  ...daysOf(facts),
  paragraph(
    'La décision qui a accordé cet accès n’est pas remise en cause. Dès que les registres donneront de nouveau ce numéro, l’accès se rouvrira de lui-même jusqu’à son dernier jour, et vous en serez prévenu.',
  ),
  heading('Que faire'),
  paragraph(
    `Vérifiez le numéro de votre organisation auprès de l’Institut national de la statistique et des études économiques (Insee), faites-le corriger s’il est faux, et écrivez à ${facts.authority.email} en rappelant le numéro du dossier : ${facts.registration}.`,
  ),
  ...serviceInCharge(facts),
  ...waysOfAppeal(facts, { online: false }),
];
