import type { WrongReason } from '../importers/importers.ts';

type Language = 'fr' | 'en';

/** What may be wrong with a cell of our own form. A test reads every mistake of such a line, and asks for its words. */
const words = {
  siren_malformed: {
    fr: 'un numéro SIREN compte neuf chiffres, et rien d’autre',
    en: 'a SIREN is nine digits, nothing else',
  },
  siren_key: { fr: 'ce numéro est mal recopié', en: 'this number was miscopied' },
  siret_malformed: {
    fr: 'un numéro SIRET compte quatorze chiffres, et rien d’autre',
    en: 'a SIRET is fourteen digits, nothing else',
  },
  siret_key: { fr: 'ce numéro est mal recopié', en: 'this number was miscopied' },
  siret_of_another_unit: {
    fr: 'ce numéro SIRET est celui d’une autre organisation que le numéro SIREN de la ligne',
    en: 'this SIRET is that of another organization than the SIREN of the line',
  },
  rna_malformed: {
    fr: 'ce n’est pas un numéro du répertoire national des associations (W et neuf caractères)',
    en: 'this is no number of the national register of associations (W and nine characters)',
  },
  local_register_malformed: {
    fr: 'l’inscription au registre d’un tribunal s’écrit AM-TRIBUNAL-VOLUME-FOLIO, par exemple AM-METZ-123-45',
    en: 'an entry in the register of a court is written AM-COURT-VOLUME-FOLIO, like AM-METZ-123-45',
  },
  local_register_elsewhere: {
    fr: 'les tribunaux ne tiennent un registre des associations que dans les départements 57, 67 et 68',
    en: 'courts keep a register of associations in the départements 57, 67 and 68 only',
  },
  identifier_missing: {
    fr: 'il manque le numéro de l’organisation',
    en: 'the number of the organization is missing',
  },
  identifier_unknown_kind: {
    fr: 'ce n’est ni un numéro SIREN, ni un numéro du répertoire national des associations, ni une inscription au registre d’un tribunal',
    en: 'this is neither a SIREN, nor an RNA number, nor an entry in the register of a court',
  },
  name_missing: { fr: 'le nom manque', en: 'the name is missing' },
  too_long: { fr: 'le texte est trop long', en: 'the text is too long' },
  formula: {
    fr: 'le texte commence par =, +, - ou @, et un tableur l’exécuterait',
    en: 'the text begins with =, +, - or @, and a spreadsheet would run it',
  },
  legal_category_malformed: {
    fr: 'une catégorie juridique compte quatre chiffres, par exemple 9260',
    en: 'a legal category is four digits, like 9260',
  },
  state_unknown: {
    fr: 'écrivez A pour ouverte ; sinon C pour une organisation, F pour un établissement',
    en: 'write A for open; else C for an organization, F for an establishment',
  },
  establishment_unsaid: {
    fr: 'avec un numéro SIRET, dites si cet établissement est ouvert (A ou F) et s’il est le siège (oui ou non)',
    en: 'with a SIRET, say whether that establishment is open (A or F) and whether it is the head office (oui or non)',
  },
  boolean_unknown: { fr: 'écrivez oui ou non', en: 'write oui or non' },
  grouping_unknown: {
    fr: 'écrivez simple, union ou federation',
    en: 'write simple, union or federation',
  },
  facet_unknown: {
    fr: 'écrivez state, local, spa ou hospital',
    en: 'write state, local, spa or hospital',
  },
  commune_malformed: {
    fr: 'ce n’est pas le code officiel d’une commune, comme 57463 (le code postal en est un autre)',
    en: 'this is not the official code of a commune, like 57463 (the postcode is another one)',
  },
  postcode_malformed: { fr: 'un code postal compte cinq chiffres', en: 'a postcode is five digits' },
  date_impossible: {
    fr: 'ce n’est pas un jour (écrivez par exemple 1993-02-14)',
    en: 'this is no day (write 1993-02-14, for instance)',
  },
  email_malformed: { fr: 'ce n’est pas une adresse électronique', en: 'this is no e-mail address' },
  website_malformed: { fr: 'ce n’est pas l’adresse d’un site', en: 'this is not the address of a website' },
} as const satisfies Partial<Record<WrongReason, Readonly<Record<Language, string>>>>;

const isKnown = (reason: string): reason is keyof typeof words => reason in words;

/**
 * What is wrong with a cell, with the name of its column.
 *
 * @param problem the column and the reason, as `cellProblem` writes them
 */
export function cellWords(problem: string, lang: Language): string {
  const [column = '', reason = ''] = problem.split(' ');
  const said = isKnown(reason) ? words[reason][lang] : reason;
  return lang === 'fr' ? `Colonne « ${column} » : ${said}.` : `Column “${column}”: ${said}.`;
}
