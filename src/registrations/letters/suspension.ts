import {
  algorithmicMention,
  beHeard,
  confirmedBy,
  followTheFile,
  heardBefore,
  replaceable,
  waysOfAppeal,
} from './rights.ts';
import type { LetterFacts } from './facts.ts';
import type { Template } from './template.ts';
import { crpa, day, heading, list, named, paragraph, statedReasons, written } from './words.ts';

/**
 * The adversarial phase before whatever may take the right away, or after a suspension that could not wait: what may be
 * decided, why, and how to be heard (CRPA art. L121-1, L122-1). It decides nothing, so nobody contests it.
 */
export const suspensionNotice: Template<'suspension_notice'> = {
  version: 1,
  title: ({ service }) => `Accès à ${service.name} : vos observations avant une décision`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(considered(facts)),
    paragraph('Après avoir examiné vos observations, l’administration pourra :'),
    list([
      facts.suspendedSince === undefined
        ? 'laisser l’accès ouvert ;'
        : 'rétablir l’accès, aux mêmes conditions ;',
      facts.suspendedSince === undefined
        ? 'suspendre l’accès : il serait fermé jusqu’à une nouvelle décision ;'
        : 'maintenir la suspension : l’accès resterait fermé jusqu’à une nouvelle décision ;',
      `abroger l’accord qui vous a été donné : l’accès prendrait fin, sans remettre en cause ce qui a été fait (articles L. 242-1 et L. 242-2 du ${crpa}) ;`,
      `retirer cet accord, s’il est illégal ou s’il a été obtenu par fraude : il serait réputé n’avoir jamais existé (articles L. 241-2 et L. 242-1 du même code).`,
    ]),
    ...statedReasons(facts.reason, 'Motifs de la mesure envisagée'),
    ...beHeard(facts, facts.answerBy),
    paragraph('Si vous ne répondez pas dans ce délai, une décision pourra être prise sans vos observations.'),
  ],
};

const considered = (facts: LetterFacts<'suspension_notice'>): string => {
  const access = `l’accès de ${named(facts.organization)} à ${facts.service.name}`;
  return facts.suspendedSince === undefined
    ? `Il est envisagé de suspendre ${access}, ou d’y mettre fin. Rien n’est décidé. Vous pouvez répondre jusqu’au ${day(facts.answerBy)} inclus. L’accès reste ouvert en attendant la décision, sauf urgence.`
    : `L’urgence a conduit à suspendre ${access} depuis le ${day(facts.suspendedSince)}, sans attendre vos observations. L’accès reste fermé pour le moment. La suite n’est pas décidée : vous pouvez répondre jusqu’au ${day(facts.answerBy)} inclus.`;
};

/**
 * What somebody else wrote down as the organization's words is read by it before anything rests on them: the days to answer
 * are still its own (CRPA art. L122-1).
 */
export const observationsRecorded: Template<'observations_recorded'> = {
  version: 1,
  title: ({ service }) => `Accès à ${service.name} : des observations sont notées en votre nom`,
  blocks: (facts) => [
    paragraph(
      `Des observations sur l’accès de ${named(facts.organization)} à ${facts.service.name} ont été reçues le ${day(facts.receivedOn)}, par courrier ou de vive voix. Un agent les a notées ainsi au dossier :`,
    ),
    ...written(facts.text),
    ...replaceable(facts, `Vous pouvez répondre jusqu’au ${day(facts.answerBy)} inclus.`),
  ],
};

/** A suspension after hearing the organization, or at once when it cannot wait (CRPA art. L121-2 1°). */
export const suspension: Template<'suspension'> = {
  version: 2,
  title: ({ service, urgent }) =>
    urgent ? `Suspension en urgence de l’accès à ${service.name}` : `Suspension de l’accès à ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `L’accès de ${named(facts.organization)} à ${facts.service.name}${
        facts.suspendedSince === undefined
          ? ` est suspendu à compter du ${day(facts.date)}`
          : `, suspendu en urgence depuis le ${day(facts.suspendedSince)}, reste suspendu`
      }. Il reste fermé jusqu’à ce qu’une décision le rétablisse ou y mette fin.`,
    ),
    ...(facts.urgent ? [] : heardBefore(facts.heard)),
    ...statedReasons(facts.reason),
    ...(facts.urgent
      ? [
          paragraph(
            facts.heard?.answered === true
              ? `L’urgence n’a pas permis d’attendre la fin de l’examen de vos observations (1° de l’article L. 121-2 du ${crpa}). Cet examen continue, et l’accès sera rétabli s’il y a lieu.`
              : `L’urgence n’a pas permis de recueillir vos observations avant cette décision (1° de l’article L. 121-2 du ${crpa}). Celles que vous présenterez seront examinées, et l’accès sera rétabli s’il y a lieu.`,
          ),
          ...(facts.heard?.answered === true ? [] : beHeard(facts, facts.answerBy)),
        ]
      : []),
    followTheFile(facts, 'Vous pouvez lire votre dossier'),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts),
  ],
};

/** The access is open again, or what was considered is given up. */
export const reinstatement: Template<'reinstatement'> = {
  version: 1,
  title: ({ service, suspendedOn }) =>
    suspendedOn === undefined ? `Accès à ${service.name} maintenu` : `Accès à ${service.name} rétabli`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      facts.suspendedOn === undefined
        ? `L’accès de ${named(facts.organization)} à ${facts.service.name} reste ouvert${until(facts)}. La mesure envisagée${facts.noticedOn === undefined ? '' : ` le ${day(facts.noticedOn)}`} est abandonnée.`
        : `L’accès de ${named(facts.organization)} à ${facts.service.name}, suspendu le ${day(facts.suspendedOn)}, est rétabli à compter du ${day(facts.date)}${until(facts)}.`,
    ),
    heading('Motifs de la décision'),
    ...written(facts.text),
    followTheFile(facts, 'Vous pouvez suivre cet accès'),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts, { online: false }),
  ],
};

const until = ({ terms }: LetterFacts<'reinstatement'>): string =>
  terms === undefined ? '' : `, jusqu’au ${day(terms.endsOn)} inclus et aux mêmes conditions`;
