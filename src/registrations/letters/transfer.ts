import type { LetterFacts } from './facts.ts';
import { followTheFile } from './rights.ts';
import type { Template } from './template.ts';
import { crpa, day, heading, named, paragraph, serviceNames, written } from './words.ts';

/** Whoever receives what is not theirs to answer passes it on, and tells who asked (CRPA art. L114-2). */
export const transfer: Template<'transfer'> = {
  version: 1,
  title: () => 'Votre demande est transmise à une autre administration',
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `La demande d’accès à ${serviceNames(facts.services)} que vous avez présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, ne relève pas de notre service. Elle est transmise le ${day(facts.date)} à l’administration compétente (article L. 114-2 du ${crpa}). Vous n’avez rien à refaire.`,
    ),
    heading('Administration compétente'),
    ...written(facts.to),
    paragraph('C’est elle qui vous adressera un accusé de réception et qui vous répondra.'),
    heading('Délai de réponse'),
    paragraph(clock(facts)),
    followTheFile(facts, 'Vous pouvez suivre votre demande'),
  ],
};

/** Refusal by silence still counts from the first day, acceptance from the day on which the other one receives it. */
function clock({ silence, silenceOn, receivedOn, date }: LetterFacts<'transfer'>): string {
  const article = `article L. 114-3 du ${crpa}`;
  if (silenceOn === undefined)
    return `Le délai au terme duquel le silence vaut acceptation court à compter de la réception, par l’administration compétente, des éléments qui vous ont été demandés (${article}).`;
  return silence === 'refusal'
    ? `La transmission ne change pas le délai : il court toujours depuis le ${day(receivedOn)}. Sans réponse écrite, la demande sera réputée rejetée à l’issue de la journée du ${day(silenceOn)} (${article}).`
    : `Le délai au terme duquel le silence vaut acceptation court à compter du ${day(date)}, jour où l’administration compétente reçoit la demande. Sans réponse écrite, elle sera réputée acceptée à l’issue de la journée du ${day(silenceOn)} (${article}).`;
}
