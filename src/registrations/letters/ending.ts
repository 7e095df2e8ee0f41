import { algorithmicMention, confirmedBy, followTheFile, heardBefore, waysOfAppeal } from './rights.ts';
import type { FactsOf } from './facts.ts';
import type { Template } from './template.ts';
import { crpa, day, factList, named, paragraph, statedReasons, written } from './words.ts';

/** What opens the power to end a right, each with its time (CRPA art. L241-2, L242-1, L242-2 1°). */
const abrogated: Readonly<Record<FactsOf['abrogation']['because'], string>> = {
  condition: `Une condition de cet accord n’est plus remplie : il peut être abrogé à tout moment (1° de l’article L. 242-2 du ${crpa}).`,
  illegal: `Cet accord est illégal : il peut être abrogé dans les quatre mois qui suivent sa date (article L. 242-1 du ${crpa}).`,
  fraud: `Cet accord a été obtenu par fraude : il peut être abrogé à tout moment (article L. 241-2 du ${crpa}).`,
};

/** For the future: what was done before stays. */
export const abrogation: Template<'abrogation'> = {
  version: 2,
  title: ({ service }) => `Fin de l’accès à ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `L’accord donné le ${day(facts.approvedOn)} à ${named(facts.organization)} pour ${facts.service.name} est abrogé : l’accès prend fin le ${day(facts.date)}. Ce qui a été fait avant cette date n’est pas remis en cause. ${abrogated[facts.because]}`,
    ),
    ...heardBefore(facts.heard),
    ...statedReasons(facts.reason),
    followTheFile(facts, 'Vous pouvez relire votre dossier'),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts),
  ],
};

/** As if it had never been: illegality, within four months (CRPA art. L242-1); fraud, at any time (art. L241-2). */
export const withdrawal: Template<'withdrawal'> = {
  version: 2,
  title: ({ service }) => `Retrait de l’accord donné pour ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `L’accord donné le ${day(facts.approvedOn)} à ${named(facts.organization)} pour ${facts.service.name} est retiré : l’accès est fermé. ${
        facts.because === 'fraud'
          ? `Cet accord a été obtenu par fraude et peut être retiré à tout moment (article L. 241-2 du ${crpa}).`
          : `Cet accord est illégal et peut être retiré dans les quatre mois qui suivent sa date (article L. 242-1 du ${crpa}).`
      } Une fois retiré, il est réputé n’avoir jamais existé.`,
    ),
    ...heardBefore(facts.heard),
    ...statedReasons(facts.reason),
    followTheFile(facts, 'Vous pouvez relire votre dossier'),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts),
  ],
};

export const expiryReminder: Template<'expiry_reminder'> = {
  version: 2,
  title: ({ service, endsOn }) => `L’accès à ${service.name} prend fin le ${day(endsOn)}`,
  blocks: (facts) => [
    paragraph(
      `L’accès de ${named(facts.organization)} à ${facts.service.name} prend fin le ${day(facts.endsOn)}, à l’issue de la journée : ${facts.daysLeft === 1 ? 'il reste un jour' : `il reste ${facts.daysLeft} jours`}.`,
    ),
    paragraph(
      `Pour que l’accès continue, demandez son renouvellement dès maintenant : l’examen peut prendre deux mois. Les informations déjà connues ne vous sont pas redemandées. Page du dossier${facts.applicant === undefined ? ', en vous connectant pour votre organisation' : ''} : ${facts.renewHref}`,
    ),
    paragraph(
      `${withoutRenewal(facts)} Pour toute question : ${facts.authority.email}, ${facts.authority.phone}.`,
    ),
  ],
};

function withoutRenewal({ service, grace }: FactsOf['expiry_reminder']): string {
  if (grace === undefined)
    return `Sans renouvellement, les personnes de votre organisation ne pourront plus ouvrir ${service.name} après cette date.`;
  const as = grace.isLess ? ', comme invitées, avec moins de droits' : '';
  return `Sans renouvellement, les personnes de votre organisation pourront encore ouvrir ${service.name} jusqu’au ${day(grace.lastDay)}${as} : les règles de ce service laissent ce temps pour le demander. Il ne vaut pas si l’accord est suspendu ou retiré, ou si son renouvellement est refusé, et ces règles peuvent changer d’ici là. Après cette date, l’accès se ferme.`;
}

/** The organization has ceased: a fact of the registers, not a judgement on it. */
export const closure: Template<'closure'> = {
  version: 1,
  title: ({ service }) => `Clôture de l’accès à ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `L’accès de ${named(facts.organization)} à ${facts.service.name} est clos à compter du ${day(facts.date)}.`,
    ),
    ...written(facts.text),
    paragraph(
      'L’accord a été donné à une organisation en activité : il prend fin avec elle. Ce n’est pas un jugement sur votre organisation.',
    ),
    paragraph('Si le registre se trompe, faites-le corriger et signalez-le au service chargé du dossier.'),
    factList([
      ['Service chargé du dossier', facts.authority.name],
      ['Adresse électronique', facts.authority.email],
      ['Téléphone', facts.authority.phone],
    ]),
    ...waysOfAppeal(facts, { online: false }),
  ],
};
