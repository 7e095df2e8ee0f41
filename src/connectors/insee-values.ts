import { z } from 'zod';

import { parisDate } from '../eligibility/eligibility.ts';
import { isCommuneCode, isRna, isSiren, isSiret, longestText, tidy } from '../organizations/organizations.ts';
import type { CommuneCode, Rna, Siren, Siret } from '../organizations/organizations.ts';

/** Values of INSEE as every source repeats them, read into ours. What is masked, empty or malformed is left out. */

type Text = string | null | undefined;

/** `[ND]`, `[NON-DIFFUSIBLE]`: the person opposed diffusion, and the value is hidden. */
const masked = /^\[N(?:D|ON[- ]DIFFUSIBLE)\]$/i;

export function shown(text: Text): string | undefined {
  const tidied = tidy(text ?? '');
  const says = tidied !== '' && tidied.length <= longestText && !masked.test(tidied);
  return says ? tidied : undefined;
}

export const legalCategoryOf = (text: Text): string | undefined => matching(text, /^[0-9]{4}$/);
export const sizeBandOf = (text: Text): string | undefined => matching(text, /^(?:NN|[0-5][0-9])$/);
export const postalCodeOf = (text: Text): string | undefined => matching(text, /^[0-9]{5}$/);
/** With or without its dot: `94.99Z`, `9499Z`. */
export const nafOf = (text: Text): string | undefined =>
  matching(text, /^[0-9]{2}\.?[0-9]{2}[A-Z]$/)?.replace(/^(\d{2})\.?/, '$1.');

export function rnaOf(text: Text): Rna | undefined {
  const value = shown(text);
  return value !== undefined && isRna(value) ? value : undefined;
}

export function communeOf(text: Text): CommuneCode | undefined {
  const value = shown(text);
  return value !== undefined && isCommuneCode(value) ? value : undefined;
}

export function sirenOrNothing(text: Text): Siren | undefined {
  const value = shown(text);
  return value !== undefined && isSiren(value) ? value : undefined;
}

export function siretOrNothing(text: Text): Siret | undefined {
  const value = shown(text);
  return value !== undefined && isSiret(value) ? value : undefined;
}

/** ISO date, ISO instant, or seconds since the epoch (API Entreprise: midnight in Paris). */
export function dayOf(value: string | number | null | undefined): string | undefined {
  const text = typeof value === 'number' ? parisDate(new Date(value * 1_000)) : shown(value);
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text ?? '')?.[0];
  return day === undefined || day <= '0001-01-01' || !z.iso.date().safeParse(day).success ? undefined : day;
}

/** O, or P as soon as anything is kept back. Undefined where the source does not say. */
export const diffusionOf = (text: Text, open: string): 'O' | 'P' | undefined =>
  text === null || text === undefined ? undefined : text === open ? 'O' : 'P';

function matching(text: Text, form: RegExp): string | undefined {
  const value = shown(text);
  return value !== undefined && form.test(value) ? value : undefined;
}
