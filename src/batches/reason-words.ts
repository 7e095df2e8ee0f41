import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { lineReasons } from './judge.ts';
import type { LineReason } from './judge.ts';

type Language = 'fr' | 'en';
/** What is kept of a line beside the reasons of the dry run. */
const keptReasons = ['same', 'answered', 'reinstated', 'abandoned', 'stopped', 'gave_up'] as const;
type KeptReason = LineReason | (typeof keptReasons)[number];

/** `{about}`: what it is about. */
const words: Readonly<Record<KeptReason, Readonly<Record<Language, string>>>> = {
  broken: {
    fr: 'La ligne a plus de cellules que la première ligne du fichier.',
    en: 'The line has more cells than the first line of the file.',
  },
  identifier_missing: {
    fr: 'Il manque un numéro SIREN, SIRET ou RNA.',
    en: 'A SIREN, SIRET or RNA number is missing.',
  },
  identifier_malformed: {
    fr: 'Ce n’est ni un SIREN (9 chiffres), ni un SIRET (14 chiffres), ni un numéro RNA (W et 9 caractères).',
    en: 'This is no SIREN (9 digits), no SIRET (14 digits) and no RNA number (W and 9 characters).',
  },
  identifier_key: {
    fr: 'Ce numéro est mal recopié : sa clé de contrôle ne correspond pas.',
    en: 'This number was miscopied: its check digit does not hold.',
  },
  email_malformed: { fr: 'Le courriel n’est pas une adresse.', en: 'The e-mail address is none.' },
  end_malformed: {
    fr: 'La date de fin n’est pas un jour. Écrivez par exemple 31/12/2028.',
    en: 'The end date is no day. Write 31/12/2028, for instance.',
  },
  end_order: { fr: 'La date de fin vient avant le début.', en: 'The end date comes before the start.' },
  end_far: {
    fr: 'La date de fin vient plus de cinq ans après le début.',
    en: 'The end date is more than five years after the start.',
  },
  twice: {
    fr: 'Cette organisation est déjà à la ligne {about}.',
    en: 'This organization is on line {about} already.',
  },
  unknown: {
    fr: 'Aucun registre ne connaît ce numéro.',
    en: 'No register knows this number.',
  },
  several: {
    fr: 'Plusieurs organisations portent ce numéro. Donnez leur SIREN.',
    en: 'Several organizations have this number. Give their SIREN.',
  },
  out_of_perimeter: {
    fr: 'Cette organisation n’est pas dans votre périmètre.',
    en: 'This organization is out of your perimeter.',
  },
  ceased: {
    fr: 'D’après le registre, cette organisation est fermée.',
    en: 'According to the register, this organization has ceased.',
  },
  no_siren: {
    fr: 'Cette organisation n’a pas de SIREN : personne ne pourrait se connecter pour elle.',
    en: 'This organization has no SIREN: nobody could sign in for it.',
  },
  name_differs: {
    fr: 'Ce numéro est celui de « {about} ». Corrigez le numéro ou le nom.',
    en: 'This number is that of “{about}”. Correct the number or the name.',
  },
  own_organization: {
    fr: 'L’auteur du lot, ou vous-même, agissez pour cette organisation : quelqu’un d’autre en décide.',
    en: 'The author of the lot, or you, act for this organization: somebody else decides on it.',
  },
  under_examination: {
    fr: 'Une demande est en cours pour ce service : décidez dans le dossier {about}.',
    en: 'A request for this service is being examined: decide in file {about}.',
  },
  suspended_before: {
    fr: 'Le droit à « {about} » est suspendu : décidez dans son dossier.',
    en: 'The right to “{about}” is suspended: decide in its file.',
  },
  refused_before: {
    fr: 'L’accès à « {about} » a été refusé ou retiré : à décider au cas par cas.',
    en: 'Access to “{about}” was refused or taken back: to be decided by itself.',
  },
  held_by_configuration: {
    fr: 'Un droit à « {about} » est déjà déclaré dans la configuration, pour ces jours.',
    en: 'A right to “{about}” is declared in the configuration for these days already.',
  },
  less_than_held: {
    fr: 'L’organisation a déjà davantage pour « {about} » : réduire un droit se décide dans son dossier.',
    en: 'The organization has more for “{about}” already: to reduce a right is decided in its file.',
  },
  several_rights: {
    fr: 'L’organisation tient ses droits de plusieurs dossiers : à décider au cas par cas.',
    en: 'The organization has its rights from several files: to be decided by itself.',
  },
  same: { fr: 'L’organisation a déjà ce droit.', en: 'The organization has this right already.' },
  answered: {
    fr: 'L’organisation a répondu : lisez ses observations et décidez dans son dossier.',
    en: 'The organization has answered: read what it says and decide in its file.',
  },
  reinstated: {
    fr: 'Quelqu’un a maintenu ce droit dans le dossier, après le courrier.',
    en: 'Somebody kept this right in its file, after the notice.',
  },
  abandoned: {
    fr: 'Le retrait a été abandonné, mais l’organisation en a été prévenue : répondez-lui par une décision dans son dossier.',
    en: 'The withdrawal was given up, but the organization was told of it: answer by a decision in its file.',
  },
  stopped: {
    fr: 'Le lot a été arrêté avant cette ligne : {about}',
    en: 'The lot was stopped before this line: {about}',
  },
  gave_up: {
    fr: 'Une panne a empêché de traiter cette ligne, cinq fois. Le journal technique dit laquelle.',
    en: 'A failure kept this line from being done, five times. The technical log says which.',
  },
};

const isErrorCode = (text: string): text is ErrorCode => text in catalogue;
const isReason = (text: string): text is KeptReason =>
  [...keptReasons, ...lineReasons].some((one) => one === text);

/**
 * Why a line was left out, failed or was kept, for whoever reads it.
 *
 * @param about named in the words: a line, a name, a file, a service
 */
export function reasonWords(
  reason: string | undefined,
  about: string | undefined,
  lang: Language,
): string | undefined {
  if (reason === undefined) return undefined;
  if (isReason(reason)) return words[reason][lang].replace('{about}', () => about ?? '');
  return isErrorCode(reason) ? `${catalogue[reason][lang].title} (${reason}).` : reason;
}
