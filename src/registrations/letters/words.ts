import { formatDate } from '../../http/http.ts';
import type { Block } from './document.ts';
import type { FormerDecision, OrganizationFacts, ReasonFacts, ServiceFacts, TermsFacts } from './facts.ts';

/** « le code » of every letter; said in full once, then « du même code ». */
export const crpa = 'code des relations entre le public et l’administration';

export const day = (date: string): string => formatDate(date, 'fr');

export const heading = (text: string): Block => ({ kind: 'heading', text });
export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const list = (items: readonly string[]): Block => ({ kind: 'list', items: [...items] });
export const factList = (facts: readonly (readonly [name: string, value: string])[]): Block => ({
  kind: 'facts',
  facts: facts.map(([name, value]) => ({ name, value })),
});

/** What a person wrote, one block a paragraph. */
export const written = (text: string): readonly Block[] =>
  text
    .split(/\n\s*\n/u)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(paragraph);

/** « Docs », « Docs et Tchap », « Docs, Tchap et Visio ». */
export const together = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} et ${names.at(-1) ?? ''}`;

export const serviceNames = (services: readonly ServiceFacts[]): string =>
  together(services.map(({ name }) => name));

/** 000000109 → 000 000 109. */
export const spacedSiren = (siren: string): string =>
  siren.replace(/^(\d{3})(\d{3})(\d{3})$/u, '$1\u00a0$2\u00a0$3');

/** Lines of the letterhead, each acronym with its meaning; none when the organization has neither number. */
export const identifiers = ({ siren, rna }: OrganizationFacts): readonly string[] => [
  ...(siren === undefined ? [] : [`Numéro d’entreprise (SIREN) : ${spacedSiren(siren)}`]),
  ...(rna === undefined ? [] : [`Numéro au répertoire national des associations (RNA) : ${rna}`]),
];

/** Between quotation marks, whatever its gender and its first letter. Its numbers are in the letterhead. */
export const named = ({ name }: OrganizationFacts): string => `« ${name} »`;

export const formerDecisions: Readonly<Record<FormerDecision['as'], string>> = {
  approved: 'l’accord',
  implicitly_accepted: 'l’accord implicite',
  closed: 'la clôture de l’accès',
  refused: 'le refus',
  implicitly_refused: 'le rejet implicite',
  suspended: 'la suspension',
  abrogated: 'la décision qui met fin à l’accès',
  withdrawn_by_authority: 'le retrait de l’accord',
};

/** Grounds as a decision cites them; what they mean is in `eligibility/subject.ts`. */
const grounds: Readonly<Record<TermsFacts['ground'], string>> = {
  public_mission_spa: `mission de service public administratif (article L. 100-3 du ${crpa})`,
  public_service_mission:
    'mission de service public (Conseil d’État, Section, 22 février 2007, APREI, n° 264541)',
  transparent_association:
    'association créée, dirigée et financée par une collectivité publique (Conseil d’État, 21 mars 2007, Commune de Boulogne-Billancourt, n° 281796)',
  delegated_public_service: 'service public confié par une convention avec une personne publique',
  members_all_public_law: 'tous les membres de l’organisation sont des personnes morales de droit public',
  operator_doctrine: 'règle publiée par le responsable du service',
};
const levels: Readonly<Record<TermsFacts['level'], string>> = {
  member: 'membre',
  guest: 'invité : seulement dans les espaces où un agent public invite',
};

/** What is granted: level, ground, first and last day; then its conditions. */
export const grantedTerms = (service: ServiceFacts, terms: TermsFacts): readonly Block[] => [
  factList([
    ['Service', service.name],
    ['Niveau', levels[terms.level]],
    ['Fondement', grounds[terms.ground]],
    ['Premier jour', day(terms.startsOn)],
    ['Dernier jour', `${day(terms.endsOn)} inclus`],
  ]),
  heading('Conditions'),
  ...(terms.conditions.length === 0
    ? [paragraph('L’accès est accordé sans condition particulière.')]
    : [paragraph('L’accès est accordé aux conditions suivantes :'), list(terms.conditions)]),
  // The law lets a right be ended without limit of time only for a condition that was written (art. L242-2 1°).
  paragraph(
    `Dans tous les cas, l’accès suppose que le fondement indiqué ci-dessus existe toujours et que les conditions d’utilisation du service sont respectées. Si l’une de ces conditions n’est plus remplie, il peut être mis fin à l’accès (1° de l’article L. 242-2 du ${crpa}).`,
  ),
];

/** In law and in fact, in writing (CRPA art. L211-2, L211-5). */
export const statedReasons = (reason: ReasonFacts, title = 'Motifs de la décision'): readonly Block[] => [
  heading(title),
  paragraph(reason.motive),
  ...written(reason.text),
  paragraph(`Règle appliquée : ${reason.rule}`),
];
