import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import { isSiren, isSiret } from '../organizations/organizations.ts';

/** The small shapes that every kind of declaration is made of. Messages complete "`field` …". */

/** Name of an object in addresses, logs and tokens: nothing that needs escaping anywhere. */
export const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, {
  error: 'must be 1 to 64 lower-case letters, digits and hyphens',
});

/** A sentence or a name: no control character, no blank around. */
export const text = z
  .string()
  .max(2000, { error: 'must be at most 2000 characters' })
  .refine((value) => value !== '' && value === value.trim() && !/\p{Cc}/u.test(value), {
    error: 'must be text without control characters and without blanks around it',
  });

export const bilingual = z.strictObject({ fr: text, en: text }).readonly();

/** Civil day, Europe/Paris where it bounds a right. */
export const isoDay = z.iso.date({ error: 'must be a day of the calendar, like 2028-12-31' });

/** Instant with its offset. */
export const isoInstant = z.iso
  .datetime({ offset: true, error: 'must be an instant with its offset, like 2026-11-22T10:00:00Z' })
  .transform((value) => new Date(value).toISOString());

export const siren = z.string().refine((value) => isSiren(value), {
  error: 'must be a SIREN: nine digits with a right key',
});

export const siret = z.string().refine((value) => isSiret(value), {
  error: 'must be a SIRET: fourteen digits with a right key',
});

/** Lower case, A-labels (RFC 5890), no trailing dot: how `canonicalEmail` writes the domain of an address. */
export const domain = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/, {
    error: 'must be a domain in lower case, like mairie.example (xn--… when it has accents)',
  });

/** Where a person may be sent: a page or a mailbox. Never `javascript:` or `data:`, in any case (CVE-2026-9086, CVE-2026-29192). */
export const contact = z
  .string()
  .refine((value) => /^mailto:[^\s@?&%]+@[^\s@?&%]+$/.test(value) || isPage(value), {
    error: 'must be a mailto: or https: address',
  });

export const page = z.string().refine((value) => isPage(value), { error: 'must be an https: address' });

function isPage(value: string): boolean {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    url.username === '' && url.password === '' && (url.protocol === 'https:' || isLoopback(url.hostname))
  );
}

export function duplicates(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** A list without the same value twice. */
export const setOf = (item: z.ZodType<string>) =>
  z
    .array(item)
    .refine((values) => duplicates(values).length === 0, { error: 'must not hold the same value twice' })
    .readonly();
