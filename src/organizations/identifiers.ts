import { digitSum, passesLuhn } from './luhn.ts';

type Branded<Name extends string> = string & { readonly brand: Name };

/** Legal unit: 9 digits, Luhn (INSEE, Base Sirene). */
export type Siren = Branded<'Siren'>;
/** Establishment: SIREN and NIC, 14 digits, Luhn except for La Poste. */
export type Siret = Branded<'Siret'>;
/** Association: `W` and nine characters, or the older ten digits (Répertoire national des associations). */
export type Rna = Branded<'Rna'>;
/** Commune of the Code officiel géographique: five characters, never a postcode. */
export type CommuneCode = Branded<'CommuneCode'>;

export type InvalidReason = 'length' | 'charset' | 'luhn' | 'reserved' | 'vat_key';

export type Identification =
  | { readonly kind: 'siren'; readonly siren: Siren }
  | { readonly kind: 'siret'; readonly siret: Siret; readonly siren: Siren }
  | { readonly kind: 'rna'; readonly rna: Rna }
  | { readonly kind: 'vat'; readonly siren: Siren }
  | { readonly kind: 'invalid'; readonly reason: InvalidReason };

/** Longest input looked at: a SIRET with a separator between all of its digits has 27 characters. */
const LONGEST_INPUT = 40;
/** Space, no-break space, thin space, narrow no-break space, dot, hyphen: between characters, or spaces around. */
const SEPARATORS = /[ \u00a0\u2009\u202f.-]+/g;
const SPACES_AROUND = /^[ \u00a0\u2009\u202f]+|[ \u00a0\u2009\u202f]+$/g;
// Checked before upper-casing: `ſ` (U+017F) and `ı` (U+0131) would otherwise become the ASCII letters S and I.
const ASCII_GROUPS = /^[0-9A-Za-z]+(?:[ \u00a0\u2009\u202f.-]+[0-9A-Za-z]+)*$/;

/** Removes what people type to make a number readable. Anything else is refused, not repaired. */
export function cleanIdentifier(input: string): { text: string } | { reason: 'length' | 'charset' } {
  if (input.length > LONGEST_INPUT) return { reason: 'length' };
  const trimmed = input.replace(SPACES_AROUND, '');
  if (trimmed === '') return { reason: 'length' };
  if (!ASCII_GROUPS.test(trimmed)) return { reason: 'charset' };
  return { text: trimmed.replace(SEPARATORS, '').toUpperCase() };
}

const invalid = (reason: InvalidReason): Identification => ({ kind: 'invalid', reason });

/** Never allotted, yet it passes Luhn. */
const RESERVED_SIREN = '000000000';

/** Exactly nine digits, as stored: no cleaning. */
export const isSiren = (text: string): text is Siren =>
  /^[0-9]{9}$/.test(text) && text !== RESERVED_SIREN && passesLuhn(text);

const LA_POSTE = '356000000';

/** La Poste ran out of Luhn-valid NICs: its establishments need a digit sum that is a multiple of 5 (INSEE). */
const siretKeyHolds = (siret: string): boolean =>
  passesLuhn(siret) || (siret.startsWith(LA_POSTE) && digitSum(siret) % 5 === 0);

/** Exactly fourteen digits, as stored: no cleaning. */
export const isSiret = (text: string): text is Siret =>
  /^[0-9]{14}$/.test(text) && isSiren(text.slice(0, 9)) && siretKeyHolds(text);

const RNA = /^W[0-9][0-9A-Z][0-9]{7}$/;
/** Before Waldec (2009): département on three digits after a zero, as kept in the register. */
const LEGACY_RNA = /^0[0-9]{3}00[0-9]{4}$/;
export const isRna = (text: string): text is Rna => RNA.test(text) || LEGACY_RNA.test(text);

/** Corsica is 2A and 2B since 1976, never 20; 97 and 98 are overseas (INSEE, Code officiel géographique). */
const COMMUNE = /^(?:(?!20)(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB])[0-9]{3}|9[78][0-9]{3})$/;
export const isCommuneCode = (text: string): text is CommuneCode => COMMUNE.test(text);

/** Two digits: (12 + 3 × (SIREN mod 97)) mod 97. */
const vatKey = (siren: string): string => String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0');

export const vatNumber = (siren: Siren): string => `FR${vatKey(siren)}${siren}`;

function identifySiren(text: string): Identification {
  if (text === RESERVED_SIREN) return invalid('reserved');
  return isSiren(text) ? { kind: 'siren', siren: text } : invalid('luhn');
}

function identifySiret(text: string): Identification {
  const unit = identifySiren(text.slice(0, 9));
  if (unit.kind !== 'siren') return unit;
  return isSiret(text) ? { kind: 'siret', siret: text, siren: unit.siren } : invalid('luhn');
}

function identifyVat(text: string): Identification {
  if (text.length !== 13) return invalid('length');
  if (!/^FR[0-9]{11}$/.test(text)) return invalid('charset');
  const unit = identifySiren(text.slice(4));
  if (unit.kind !== 'siren') return unit;
  return vatKey(unit.siren) === text.slice(2, 4) ? { kind: 'vat', siren: unit.siren } : invalid('vat_key');
}

function identifyRna(text: string): Identification {
  if (text.length !== 10) return invalid('length');
  return isRna(text) ? { kind: 'rna', rna: text } : invalid('charset');
}

/** What a person typed in a search box: which number it is, or why it is none. */
export function identify(input: string): Identification {
  const cleaned = cleanIdentifier(input);
  if ('reason' in cleaned) return invalid(cleaned.reason);
  const { text } = cleaned;
  if (text.startsWith('FR')) return identifyVat(text);
  if (text.startsWith('W')) return identifyRna(text);
  // A shape test, not a conversion: Number('1e13') is a number of fourteen digits.
  if (!/^[0-9]+$/.test(text)) return invalid('charset');
  if (text.length === 9) return identifySiren(text);
  if (text.length === 14) return identifySiret(text);
  return isRna(text) ? { kind: 'rna', rna: text } : invalid('length');
}

export function parseSiren(input: string): Siren | undefined {
  const found = identify(input);
  return found.kind === 'siren' ? found.siren : undefined;
}

export function parseSiret(input: string): Siret | undefined {
  const found = identify(input);
  return found.kind === 'siret' ? found.siret : undefined;
}

export function parseRna(input: string): Rna | undefined {
  const found = identify(input);
  return found.kind === 'rna' ? found.rna : undefined;
}

/** French VAT number (`FR`, key, SIREN): the SIREN inside. */
export function parseVat(input: string): Siren | undefined {
  const found = identify(input);
  return found.kind === 'vat' ? found.siren : undefined;
}

export function parseCommuneCode(input: string): CommuneCode | undefined {
  const cleaned = cleanIdentifier(input);
  return 'text' in cleaned && isCommuneCode(cleaned.text) ? cleaned.text : undefined;
}

/** The legal unit of an establishment. */
export function sirenOf(siret: Siret): Siren {
  const siren = siret.slice(0, 9);
  if (!isSiren(siren)) throw new TypeError('a Siret always starts with a Siren');
  return siren;
}

/** For people: `130 025 265`, with no-break spaces. */
export const formatSiren = (siren: Siren): string => siren.replace(/(?<=^(?:[0-9]{3}){1,2})/g, '\u00a0');

/** For people: `130 025 265 00013`, with no-break spaces. */
export const formatSiret = (siret: Siret): string => `${formatSiren(sirenOf(siret))}\u00a0${siret.slice(9)}`;
