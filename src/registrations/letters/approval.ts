import { algorithmicMention, confirmedBy, followTheFile, notOpenYet, waysOfAppeal } from './rights.ts';
import type { Template } from './template.ts';
import { day, formerDecisions, grantedTerms, heading, named, paragraph, written } from './words.ts';

/**
 * Favourable, and yet reasoned and open to appeal: conditions and an end date restrict it (CRPA art. L211-2). It opens a
 * service and changes nothing of what the organization is.
 */
export const approval: Template<'approval'> = {
  version: 2,
  title: ({ service, organization }) =>
    `Accès à ${service.name} accordé${organization.siren === undefined ? ', pas encore ouvert' : ''}`,
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
    ...notOpenYet(facts),
    heading('Motifs de la décision'),
    ...written(facts.text),
    paragraph(
      `Cette décision ouvre un service à « ${facts.organization.name} ». Elle ne lui donne pas la qualité d’administration et ne lui confie aucune mission.`,
    ),
    followTheFile(
      facts,
      `Pour que l’accès continue après le ${day(facts.terms.endsOn)}, demandez son renouvellement avant cette date`,
    ),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts, { online: false }),
  ],
};
