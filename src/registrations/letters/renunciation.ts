import { addDays } from '../../eligibility/eligibility.ts';
import { serviceInCharge } from './rights.ts';
import type { LetterFacts } from './facts.ts';
import type { Template } from './template.ts';
import { day, factList, heading, named, paragraph, written } from './words.ts';

/**
 * The organization gives up a right of its own: the administration decides nothing (the limits of CRPA art. L242-1 are for
 * what it ends by itself or for a third party), so that there is nothing to contest. It says what it received, and what
 * follows.
 */
export const renunciation: Template<'renunciation'> = {
  version: 1,
  title: ({ service }) => `Vous renoncez à l’accès à ${service.name}`,
  blocks: (facts) => [
    paragraph(
      `${named(facts.organization)} renonce à l’accès à ${facts.service.name}. Cette renonciation a été reçue le ${day(facts.receivedOn)}. ${ending(facts)}`,
    ),
    factList([
      ['Numéro du dossier', facts.registration],
      ['Date de réception', day(facts.receivedOn)],
      ['Premier jour sans accès', day(facts.from)],
    ]),
    ...(facts.recorded === undefined ? [] : asRecorded(facts, facts.recorded)),
    heading('Ce qui change'),
    paragraph(
      `À partir du ${day(facts.from)}, cet accord n’ouvre plus ${facts.service.name} aux personnes de votre organisation. Si les règles de ce service, ou un autre accord, leur en ouvrent l’accès, elles le gardent. Ce qui a été fait avant n’est pas remis en cause.`,
    ),
    paragraph(
      'Renoncer à un droit est votre choix : l’administration n’a rien à décider, et aucune raison ne vous est demandée.',
    ),
    heading('Si vous en avez de nouveau besoin'),
    paragraph(
      `Une nouvelle demande est possible ${facts.from > facts.date ? `à partir du ${day(facts.from)}` : 'dès maintenant'}, sur le site où se trouve ce dossier : ${facts.fileHref}`,
    ),
    ...serviceInCharge(facts),
  ],
};

const ending = ({ from, date }: LetterFacts<'renunciation'>): string =>
  from <= date
    ? `L’accord prend fin ce jour, ${day(date)}.`
    : `L’accord prend fin à l’issue de la journée du ${day(addDays(from, -1))}.`;

/** Whoever did not say it says so: what is closed may be opened again by a new decision. */
const asRecorded = ({ authority, registration }: LetterFacts<'renunciation'>, recorded: string) => [
  paragraph('Cette renonciation est arrivée par courrier ou de vive voix : un agent l’a notée au dossier.'),
  ...(recorded.trim() === '' ? [] : [paragraph('Voici ce qu’il a noté :'), ...written(recorded)]),
  heading('Si ce n’est pas ce que vous avez dit'),
  paragraph(
    `Si cette renonciation ne vient pas de votre organisation, écrivez sans attendre à ${authority.email} ou appelez le ${authority.phone}, en rappelant le numéro du dossier : ${registration}. L’accès pourra vous être rendu par une nouvelle décision.`,
  ),
];
