import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { cellWords } from './cell-words.ts';
import { lineReasons } from './judge.ts';
import type { LineReason } from './judge.ts';
import { stays } from './leave-register.ts';
import type { Stay } from './leave-register.ts';

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
    fr: 'Aucun registre ne connaît ce numéro. Pour y faire entrer l’organisation, décrivez-la dans la liste.',
    en: 'No register knows this number. To have the organization enter it, describe it in the list.',
  },
  cell_wrong: { fr: '{about}', en: '{about}' },
  natural_person: {
    fr: 'D’après sa catégorie juridique, c’est une personne ou un groupement de personnes : le registre n’en garde pas.',
    en: 'By its legal category this is a person, or a grouping of persons: the register keeps none.',
  },
  not_head_office: {
    fr: 'Aucun registre ne connaît cette organisation, et la ligne décrit un autre établissement que son siège.',
    en: 'No register knows this organization, and the line describes another establishment than its head office.',
  },
  lacking: {
    fr: 'Aucun registre ne connaît cette organisation. Pour l’y faire entrer, remplissez la colonne « {about} ».',
    en: 'No register knows this organization. To have it enter, fill in the column “{about}”.',
  },
  closed_in_list: {
    fr: 'Aucun registre ne connaît cette organisation, et la ligne la dit fermée.',
    en: 'No register knows this organization, and the line says that it is closed.',
  },
  category_unknown: {
    fr: 'La catégorie juridique {about} n’existe pas.',
    en: 'There is no legal category {about}.',
  },
  public_body: {
    fr: 'Un organisme public n’entre pas au registre par un lot : il figure dans la base Sirene. Faites importer ce registre.',
    en: 'A public body does not enter the register by a lot: it is in the base Sirene. Have that register imported.',
  },
  identifiers_differ: {
    fr: 'Les numéros de cette ligne ne sont pas ceux d’une même organisation.',
    en: 'The numbers of this line are not those of one organization.',
  },
  several: {
    fr: 'Plusieurs organisations portent ce numéro. Donnez leur SIREN.',
    en: 'Several organizations have this number. Give their SIREN.',
  },
  out_of_perimeter: {
    fr: 'Cette organisation n’est pas dans votre périmètre.',
    en: 'This organization is out of your perimeter.',
  },
  entry_out_of_perimeter: {
    fr: 'Aucun registre ne connaît cette organisation. Seule une personne chargée de tous les services, et du lieu où elle se trouve, peut l’y faire entrer.',
    en: 'No register knows this organization. Only somebody in charge of every service, and of where it lies, may have it enter.',
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
    fr: 'Cette organisation est la vôtre, ou celle de l’auteur du lot : quelqu’un d’autre en décide.',
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
  if (reason === 'cell_wrong') return cellWords(about ?? '', lang);
  if (isReason(reason)) return words[reason][lang].replace('{about}', () => about ?? '');
  return isErrorCode(reason) ? `${catalogue[reason][lang].title} (${reason}).` : reason;
}

const stayTexts: Readonly<Record<Stay, Readonly<Record<Language, string>>>> = {
  register: { fr: 'un autre registre la connaît depuis', en: 'another register knows it since' },
  operator: {
    fr: 'une personne en a corrigé ou décidé quelque chose depuis',
    en: 'somebody corrected or decided something of it since',
  },
  members: { fr: 'd’autres organisations en dépendent', en: 'other organizations belong to it' },
  file: { fr: 'un autre dossier porte sur elle', en: 'another file is about it' },
  right: { fr: 'elle a un autre droit', en: 'it has another right' },
  people: { fr: 'des personnes se sont connectées pour elle', en: 'people have signed in for it' },
  lot: { fr: 'un autre lot porte sur elle', en: 'another lot is about it' },
};
const isStay = (text: string | undefined): text is Stay => stays.some((one) => one === text);

/** Why the register keeps an organization that a lot brought. */
export const stayWords = (about: string | undefined, lang: Language): string =>
  isStay(about) ? stayTexts[about][lang] : '';
