import { isCommuneCode, isRna, isSiren, isSiret } from '../organizations/organizations.ts';
import type { CommuneCode, Rna, Siren, Siret } from '../organizations/organizations.ts';
import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

// Registers write these numbers in one way. What people type is repaired elsewhere (`identify`); a register that strays
// from its own form (`77566343803654.0` in the list of administrations) is reported, never repaired.

/** The line cannot do without it. */
export const requiredSiren: CellRule<Siren> = (text) => {
  if (isSiren(text)) return text;
  return refuse(/^[0-9]{9}$/.test(text) ? 'siren_key' : 'siren_malformed');
};

export const optionalSiren: CellRule<Siren> = (text) => (text === '' ? undefined : requiredSiren(text));

/** The line cannot do without it. */
export const requiredSiret: CellRule<Siret> = (text) => {
  if (isSiret(text)) return text;
  return refuse(/^[0-9]{14}$/.test(text) ? 'siret_key' : 'siret_malformed');
};

export const optionalSiret: CellRule<Siret> = (text) => (text === '' ? undefined : requiredSiret(text));

export const optionalRna: CellRule<Rna> = (text) => {
  if (text === '') return undefined;
  // INSEE copies what associations write: some in small letters.
  const upper = text.toUpperCase();
  return isRna(upper) ? upper : refuse('rna_malformed');
};

/** Countries have codes of five digits too, from 99 on (INSEE, Code officiel géographique): 99138 is Monaco. */
const COUNTRY = /^99[0-9]{3}$/;

export const communeCode: CellRule<CommuneCode> = (text) => {
  if (text === '' || COUNTRY.test(text)) return undefined;
  return isCommuneCode(text) ? text : refuse('commune_malformed');
};

export const postcode: CellRule<string> = (text) => {
  if (text === '') return undefined;
  return /^[0-9]{5}$/.test(text) ? text : refuse('postcode_malformed');
};

/** Entry in the register of associations of a court of Alsace-Moselle: court, volume, folio. */
const LOCAL_REGISTER = /^AM-[A-Z][A-Z-]*-[0-9A-Z]+-[0-9A-Z]+$/;

export const localRegister: CellRule<string> = (text) => {
  if (text === '') return undefined;
  return LOCAL_REGISTER.test(text) && text.length <= 80 ? text : refuse('local_register_malformed');
};

/** Any of the identifiers under which an organization can live. */
export const anyIdentifier: CellRule<string> = (text) => {
  if (text === '') return undefined;
  const known = isSiren(text) || isRna(text) || LOCAL_REGISTER.test(text);
  return known ? text : refuse('identifier_unknown_kind');
};
