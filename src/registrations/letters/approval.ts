import { algorithmicMention, confirmedBy, followTheFile, waysOfAppeal } from './rights.ts';
import type { Template } from './template.ts';
import { day, formerDecisions, grantedTerms, heading, named, paragraph, written } from './words.ts';

/**
 * Favourable, and yet reasoned and open to appeal: conditions and an end date restrict it (CRPA art. L211-2). It opens a
 * service and changes nothing of what the organization is.
 */
export const approval: Template<'approval'> = {
  version: 1,
  title: ({ service }) => `Accès à ${service.name} accordé`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `La demande d’accès à ${facts.service.name} que vous avez présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, est acceptée.`,
    ),
    ...(facts.replaces === undefined
      ? []
      : [
          paragraph(
            `Cette décision remplace ${formerDecisions[facts.replaces.as]} du ${day(facts.replaces.on)}.`,
          ),
        ]),
    ...grantedTerms(facts.service, facts.terms),
    heading('Motifs de la décision'),
    ...written(facts.text),
    paragraph(
      `Cette décision ouvre un service à « ${facts.organization.name} ». Elle ne lui donne pas la qualité d’administration et ne lui confie aucune mission.`,
    ),
    ...(facts.organization.siren === undefined
      ? [
          paragraph(
            `Votre organisation n’a pas de numéro d’entreprise (SIREN) connu de ce service. Il en faut un pour ouvrir ${facts.service.name} : demandez-le à l’Institut national de la statistique et des études économiques (Insee), puis signalez-le à ${facts.authority.email}.`,
          ),
        ]
      : []),
    followTheFile(
      facts,
      `Pour que l’accès continue après le ${day(facts.terms.endsOn)}, demandez son renouvellement avant cette date`,
    ),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts, { online: false }),
  ],
};
