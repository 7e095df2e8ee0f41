import type { Template } from './template.ts';
import { crpa, day, heading, list, named, paragraph, serviceNames, written } from './words.ts';
import type { LetterFacts } from './facts.ts';

/** Missing pieces: which, and until when (CRPA art. L114-5); whether the clock waits for them (art. L114-5-1). */
export const piecesAsked: Template<'pieces_asked'> = {
  version: 1,
  title: () => 'Pièces ou informations à fournir',
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `Pour examiner la demande d’accès à ${serviceNames(facts.services)} que vous avez présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, ${facts.blocking ? 'il manque les éléments suivants' : 'les éléments suivants seraient utiles'}.`,
    ),
    ...(facts.pieces.length === 0 ? [] : [heading('Pièces demandées'), list(facts.pieces)]),
    heading('Précisions'),
    ...written(facts.text),
    heading('Délai'),
    paragraph(
      `Merci de les fournir au plus tard le ${day(facts.until)}, depuis la page du dossier ${facts.registration} : ${facts.fileHref}`,
    ),
    paragraph(clock(facts)),
  ],
};

function clock({ blocking, silence, date, until }: LetterFacts<'pieces_asked'>): string {
  if (!blocking)
    return `L’examen de votre demande continue sans les attendre, et le délai de réponse n’est pas suspendu (article L. 114-5-1 du ${crpa}). Fournissez-les tout de même : sans eux, l’accès pourrait ne pas être accordé.`;
  // A decision with its reasons, which are those written above (art. L114-5-1).
  const indispensable =
    'Pour les raisons indiquées ci-dessus, la demande ne peut pas être examinée sans ces éléments. S’ils ne sont pas fournis à temps, elle pourra être rejetée.';
  return silence === 'refusal'
    ? `${indispensable} Le délai au terme duquel le silence vaut rejet est suspendu depuis le ${day(date)} : il reprend quand ils sont reçus, et au plus tard après le ${day(until)} (articles L. 114-5 et L. 114-5-1 du ${crpa}).`
    : `${indispensable} Le délai au terme duquel le silence vaut acceptation ne court qu’à compter de leur réception (articles L. 114-5 et L. 114-5-1 du ${crpa}).`;
}
