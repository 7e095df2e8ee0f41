import { z } from 'zod';
import { isCommuneCode, isRna } from '../organizations/organizations.ts';
import { isoDay, siret, text } from './scalars.ts';

/** An establishment and its legal unit, as a register or an operator describes them. */
export const organizationSchema = z
  .strictObject({
    siret,
    name: text,
    /** INSEE legal category: text, since leading zeros exist. */
    legal_category: z.string().regex(/^\d{4}$/, { error: 'must be four digits between quotes' }),
    /**
     * État administratif of the legal unit: A active, C ceased. Absent, the registers say it; what is written is believed
     * before them.
     */
    unit_state: z.enum(['A', 'C']).optional(),
    /** État administratif of the establishment: A active, F closed. */
    establishment_state: z.enum(['A', 'F']).default('A'),
    rna: z
      .string()
      .refine((value) => isRna(value), { error: 'must be an RNA number, like W000000101' })
      .optional(),
    commune: z
      .string()
      .refine((value) => isCommuneCode(value), {
        error: 'must be an INSEE commune code, like 44109 (not a postcode)',
      })
      .optional(),
    naf: z
      .string()
      .regex(/^\d{2}\.\d{2}[A-Z]$/, { error: 'must be a NAF code, like 84.11Z' })
      .optional(),
    created_on: isoDay.optional(),
    /** For invented organizations only: populations of real ones come from the Code officiel géographique. */
    declared_population: z.number().int().min(0).max(100_000_000).optional(),
    qualifications: z
      .array(
        z
          .strictObject({
            id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
              error: 'must be lower-case letters, digits and underscores',
            }),
            starts_on: isoDay,
            ends_on: isoDay.optional(),
          })
          .refine(({ starts_on: start, ends_on: end }) => end === undefined || start <= end, {
            path: ['ends_on'],
            error: 'must not be before starts_on',
          })
          .readonly(),
      )
      .readonly()
      .optional(),
    /** Absent, like `qualifications`: left to the operators. */
    suspended: z.boolean().optional(),
    head_office: z.boolean().default(true),
    source: text,
    source_date: isoDay,
  })
  .readonly();

export type DeclaredOrganization = z.output<typeof organizationSchema>;

/** What several establishments of one legal unit must say alike. */
export const unitFields = [
  'name',
  'legal_category',
  'unit_state',
  'rna',
  'created_on',
  'declared_population',
  'qualifications',
  'suspended',
  'source',
  'source_date',
] as const satisfies readonly (keyof DeclaredOrganization)[];

export const sirenOfSiret = (siret: string): string => siret.slice(0, 9);
