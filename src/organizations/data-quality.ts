import type { Language } from './organization-type.ts';

/**
 * What an operator should look at: doubts and disagreements of the registers. None of them changes a type or a right;
 * in the order of the screens.
 */
const flags = {
  unit_closed: {
    fr: 'l’organisation a cessé d’exister selon la base Sirene',
    en: 'the organization has ceased to exist according to the Sirene register',
  },
  dissolved: {
    fr: 'l’association est dissoute selon le répertoire national des associations',
    en: 'the association is dissolved according to the national register of associations',
  },
  replaced: {
    fr: 'une autre organisation l’a remplacée (fusion ou doublon)',
    en: 'another organization has taken its place (merger or duplicate)',
  },
  unit_open_establishment_closed: {
    fr: 'l’établissement est fermé, l’organisation est active',
    en: 'the establishment is closed, the organization is active',
  },
  unit_closed_establishment_open: {
    fr: 'l’établissement est ouvert, l’organisation a cessé d’exister',
    en: 'the establishment is open, the organization has ceased to exist',
  },
  unit_active_association_dissolved: {
    fr: 'active selon la base Sirene, dissoute selon le répertoire national des associations',
    en: 'active according to the Sirene register, dissolved according to the national register of associations',
  },
  unit_closed_association_active: {
    fr: 'cessée selon la base Sirene, active selon le répertoire national des associations',
    en: 'ceased according to the Sirene register, active according to the national register of associations',
  },
  unit_state_disagreement: {
    fr: 'selon certaines sources l’organisation est active, selon d’autres elle a cessé d’exister',
    en: 'according to some sources the organization is active, according to others it has ceased to exist',
  },
  legal_category_unknown: {
    fr: 'catégorie juridique absente ou inconnue',
    en: 'legal category missing or unknown',
  },
  legal_category_changed: {
    fr: 'la catégorie juridique a changé : une source de l’INSEE plus ancienne en donne une autre',
    en: 'the legal category changed: an older source of INSEE gives another one',
  },
  legal_category_disagreement: {
    fr: 'les sources donnent des catégories juridiques différentes',
    en: 'the sources give different legal categories',
  },
  public_utility_disagreement: {
    fr: 'reconnaissance d’utilité publique : la catégorie juridique et le répertoire national des associations se contredisent',
    en: 'public utility: the legal category and the national register of associations contradict each other',
  },
  rna_on_non_association: {
    fr: 'un numéro d’association est attaché à une organisation qui n’en est pas une',
    en: 'a number of association is attached to an organization that is not one',
  },
  rna_disagreement: {
    fr: 'les sources donnent des numéros d’association différents',
    en: 'the sources give different numbers of association',
  },
  rna_shared: {
    fr: 'plusieurs associations portent le même numéro d’association',
    en: 'several associations bear the same number of association',
  },
  siren_shared: {
    fr: 'le répertoire national des associations donne le même numéro SIREN à plusieurs associations',
    en: 'the national register of associations gives several associations the same SIREN number',
  },
  rna_names_another_unit: {
    fr: 'le répertoire national des associations désigne un autre numéro SIREN',
    en: 'the national register of associations names another SIREN number',
  },
  head_office_disagreement: {
    fr: 'les sources donnent des sièges différents',
    en: 'the sources give different head offices',
  },
  commune_unknown: {
    fr: 'le code de la commune n’existe pas dans le code officiel géographique',
    en: 'the code of the commune is not in the official geographical code',
  },
  masked: {
    fr: 'l’organisation s’est opposée à la diffusion de ses données : son nom n’est pas montré',
    en: 'the organization objected to the publication of its data: its name is not shown',
  },
  stale: {
    fr: 'la source ne répond plus : dernières données connues',
    en: 'the source no longer answers: last known data',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type DataQualityFlag = keyof typeof flags;

export const isDataQualityFlag = (text: string): text is DataQualityFlag => Object.hasOwn(flags, text);

export const dataQualityFlags: readonly DataQualityFlag[] = Object.keys(flags).filter(isDataQualityFlag);

/** A sentence without capital nor full stop, for operators' screens. */
export const dataQualityLabel = (flag: DataQualityFlag, language: Language): string => flags[flag][language];

/** Each once, in the order of the screens. */
export function inOrder(found: Iterable<DataQualityFlag>): readonly DataQualityFlag[] {
  const raised = new Set(found);
  return raised.size === 0 ? [] : dataQualityFlags.filter((flag) => raised.has(flag));
}
