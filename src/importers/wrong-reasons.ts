/**
 * Why a line of a file cannot be used: the closed list, with the sentence that follows the column and the value in the
 * rejects file. Slugs are stable: people sort their rejects files by them.
 */
export const wrongReasons = {
  // Identifiers.
  siren_malformed: 'A SIREN is nine digits, nothing else.',
  siren_key:
    'The nine digits are not a SIREN: the key (Luhn) does not hold, or the number is never allotted.',
  siret_malformed: 'A SIRET is fourteen digits, nothing else.',
  siret_key: 'The fourteen digits are not a SIRET: the key (Luhn; La Poste: sum of digits) does not hold.',
  siret_of_another_unit: 'The SIRET does not begin with the SIREN of the same line.',
  rna_malformed:
    'An RNA number is W and nine characters, like W751245606, or ten digits of the older form, like 0653005592.',
  local_register_malformed:
    'An entry in the register of a court of Alsace-Moselle is written AM-COURT-VOLUME-FOLIO, in capital letters and digits.',
  local_register_elsewhere:
    'Courts keep a register of associations only in départements 57, 67 and 68: the commune is elsewhere.',
  identifier_missing: 'The line has neither a SIREN, nor an RNA number, nor an entry in a local register.',
  identifier_unknown_kind: 'Neither a SIREN, nor an RNA number, nor an entry in a local register.',
  // Names and texts.
  name_missing: 'The line names nobody.',
  too_long: 'The text is longer than any name that the register publishes.',
  formula:
    'The text begins like a formula of a spreadsheet (=, +, - or @): somebody would run it on opening an export.',
  // Codes.
  legal_category_malformed: 'A legal category (INSEE, level III) is four digits.',
  state_unknown: 'The state is none of those that the file knows.',
  establishment_unsaid:
    'A line with a SIRET says whether that establishment is open (establishment_state: A or F) and whether it is the head office (head_office: oui or non): neither is guessed.',
  diffusion_unknown: 'The diffusion status is O or P.',
  boolean_unknown: 'Neither true nor false as the file writes them.',
  size_band_unknown:
    'Not a size band of INSEE: NN, 00, 01, 02, 03, 11, 12, 21, 22, 31, 32, 41, 42, 51, 52 or 53.',
  naf_malformed: 'A NAF code is like 84.11Z.',
  grouping_unknown: 'The grouping is S (simple), U (union) or F (federation).',
  facet_unknown: 'A facet of public service is state, local, spa or hospital.',
  commune_malformed:
    'Not the form of an INSEE commune code, like 56260 or 2A004 (a postcode is something else).',
  postcode_malformed: 'A postcode is five digits.',
  date_impossible: 'Not a day of the calendar written YYYY-MM-DD.',
  // Territories.
  commune_kind_unknown: 'The kind of commune is COM, ARM, COMD or COMA.',
  commune_parent_missing:
    'An arrondissement, a delegated or an associated commune is part of a commune: which one?',
  territory_kind_unknown: 'The type is commune, arrondissement, epci, departement or region.',
  department_malformed: 'Not a département code, like 56, 2A or 974.',
  region_malformed: 'Not a region code, like 53.',
  inhabitants_malformed: 'Not a number of inhabitants. None at all is written 0.',
  total_under_municipal: 'The total population holds the municipal one: it cannot be smaller.',
  nature_missing: 'The legal nature of the grouping is not said.',
  member_missing: 'The member has neither an INSEE code nor a SIREN.',
  // Addresses on the network.
  email_malformed: 'Not one plain e-mail address.',
  email_domain_malformed: 'Not a domain name like mairie-exemple.fr.',
  email_domain_open_to_all: 'Anybody can open a mailbox there: the domain says nothing of an organization.',
  website_malformed: 'Not the address of a website.',
  // The line as a whole.
  column_count: 'The line has not as many columns as the header.',
  value_too_long: 'A value is over 64 kB: a quotation mark may be missing on this line or before it.',
  not_utf8: 'A value holds bytes that are not UTF-8.',
  zero_byte: 'A value holds a zero byte, which no text does.',
  not_an_object: 'The entry is not a JSON object.',
  // What the register answers.
  unit_unknown:
    'The register does not hold the legal unit of this establishment: import the legal units first.',
  older_than_held: 'The register already holds something newer of the same source.',
  twice_in_batch: 'The file says something else of the same subject on a line close by.',
} as const;

export type WrongReason = keyof typeof wrongReasons;
