import type { FormerDecision } from './facts.ts';
import {
  algorithmicMention,
  confirmedBy,
  court,
  followTheFile,
  notOpenYet,
  onlyTheCourt,
  replaceable,
  serviceInCharge,
  waysOfAppeal,
} from './rights.ts';
import type { Template } from './template.ts';
import {
  crpa,
  day,
  factList,
  formerDecisions,
  grantedTerms,
  heading,
  named,
  paragraph,
  written,
} from './words.ts';

/** An administrative appeal is a request: it has its receipt too (CRPA art. L112-3, R112-5). */
export const appealReceipt: Template<'appeal_receipt'> = {
  version: 1,
  title: () => 'Accusé de réception de votre recours',
  blocks: (facts) => [
    paragraph(
      `Votre recours contre ${formerDecisions[facts.against.as]} du ${day(facts.against.on)}, qui concerne l’accès de ${named(facts.organization)} à ${facts.service.name}, a été reçu le ${day(facts.appealedOn)}. Cet accusé de réception vous est délivré en application des articles L. 112-3, L. 112-11 et R. 112-5 du ${crpa}.`,
    ),
    factList([
      ['Numéro du dossier', facts.registration],
      ['Date de réception', day(facts.appealedOn)],
    ]),
    ...(facts.recorded === undefined
      ? []
      : [
          paragraph(
            'Ce recours est arrivé par courrier ou de vive voix. Un agent l’a noté ainsi au dossier :',
          ),
          ...written(facts.recorded),
          ...replaceable(facts, 'Vous avez pour cela le délai de recours qui figure sur la décision.'),
        ]),
    paragraph(
      'Votre recours sera examiné par une autre personne que l’auteur de la décision contestée. En attendant sa réponse, cette décision s’applique.',
    ),
    ...serviceInCharge(facts),
    heading('Ce que vaut l’absence de réponse'),
    paragraph(
      `Ce recours peut donner lieu à une décision implicite de rejet. Sans réponse écrite, il sera réputé rejeté à l’issue de la journée du ${day(facts.silenceOn)} (article L. 411-7 du ${crpa}).`,
    ),
    heading('Voies et délais de recours'),
    paragraph(
      `Votre recours interrompt le délai pour saisir le tribunal, s’il a été formé dans ce délai. Si le recours est rejeté, un nouveau délai de deux mois court à compter de la notification de la réponse ou, sans réponse, du ${day(facts.silenceOn)} (article L. 411-2 du ${crpa}, articles R. 421-1, R. 421-2 et R. 421-5 du code de justice administrative).`,
    ),
    paragraph(court(facts.authority)),
    followTheFile(facts, 'Vous pouvez suivre votre recours'),
  ],
};

/** Decisions that had taken away an access. */
const once: ReadonlySet<FormerDecision['as']> = new Set([
  'suspended',
  'abrogated',
  'withdrawn_by_authority',
  'closed',
]);

export const appealDecision: Template<'appeal_decision'> = {
  version: 2,
  title: ({ outcome, service }) =>
    outcome === 'upheld'
      ? `Votre recours est rejeté : accès à ${service.name}`
      : `Votre recours est accepté : accès à ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `Le ${day(facts.appealedOn)}, vous avez formé un recours contre ${formerDecisions[facts.against.as]} du ${day(facts.against.on)}, qui concerne l’accès de ${named(facts.organization)} à ${facts.service.name}. ${
        facts.outcome === 'upheld'
          ? 'Ce recours est rejeté : la décision contestée est maintenue.'
          : `Ce recours est accepté : la présente décision remplace la décision contestée, et l’accès est ${once.has(facts.against.as) ? 'rétabli' : 'accordé'}.`
      }`,
    ),
    ...(facts.terms === undefined ? [] : [...grantedTerms(facts.service, facts.terms), ...notOpenYet(facts)]),
    heading('Motifs de la décision'),
    ...written(facts.text),
    paragraph(`Règle appliquée : ${facts.rule}`),
    followTheFile(facts, 'Vous pouvez relire votre dossier'),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...(facts.outcome === 'upheld' ? onlyTheCourt(facts) : waysOfAppeal(facts, { online: false })),
  ],
};
