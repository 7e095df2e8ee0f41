import { z } from 'zod';

import { isCommuneCode, isRna, isSiren, isSiret } from './identifiers.ts';
import type { Rna, Siren, Siret } from './identifiers.ts';
import { organizationTypes } from './organization-type.ts';
import { publicServiceFacets } from './public-service-facet.ts';

/** Who says something of an organization. How much each is believed, and of what, is in merge.ts. */
export const sources = [
  /** A person's correction, with a reason. */
  'operator',
  /** `maillon apply`. */
  'configuration',
  /** A CSV of organizations in our own form. */
  'organizations',
  /** INSEE, base Sirene, stock files. */
  'sirene',
  /** INSEE, API Sirene 3.11. */
  'api_sirene',
  /** DINUM, API Entreprise v3. */
  'api_entreprise',
  /** DINUM, API Recherche d'entreprises. */
  'recherche_entreprises',
  /** Interior ministry, RNA, file of the associations that were active since 2009. */
  'rna',
  /** Interior ministry, RNA, older associations (frozen). */
  'rna_import',
  /** ANCT, données de la présence numérique des territoires. */
  'dpnt',
  /** DINUM, liste des administrations. */
  'administrations',
] as const;
export type Source = (typeof sources)[number];

const siren = z.custom<Siren>((value) => typeof value === 'string' && isSiren(value), 'SIREN');
const siret = z.custom<Siret>((value) => typeof value === 'string' && isSiret(value), 'SIRET');
const rna = z.custom<Rna>((value) => typeof value === 'string' && isRna(value), 'RNA');
const text = z.string().min(1);

/** What one source says. A fact that it does not speak of is absent; `null` says that there is none. */
export const statedFactsSchema = z
  .strictObject({
    /** Of the legal unit; absent where the source masks it (statut de diffusion P). */
    name: text,
    acronym: text,
    /** INSEE, four digits. */
    legalCategory: z.string().regex(/^[0-9]{4}$/),
    /** État administratif of the legal unit: A active, C ceased. */
    unitState: z.enum(['A', 'C']),
    /** Only an operator says it: else it follows from the legal category. */
    type: z.enum(organizationTypes),
    /** Null: an operator says that the number belongs to somebody else. */
    rna: rna.nullable(),
    createdOn: z.iso.date(),
    /** RNA: declared dissolved, or suppressed, on that day or before. */
    dissolvedOn: z.iso.date(),
    /** NAF rev. 2, with its dot; then NAF 2025. */
    naf: text,
    naf25: text,
    /** INSEE tranche d'effectifs: NN, 00, 01… 53. */
    sizeBand: z.string().regex(/^(?:NN|[0-5][0-9])$/),
    /** Statut de diffusion: O, or P when the person asked not to be shown. */
    diffusion: z.enum(['O', 'P']),
    headOffice: siret,
    commune: z.string().refine(isCommuneCode),
    /** Reconnue d'utilité publique. */
    publicUtility: z.boolean(),
    /** RNA `groupement`. */
    grouping: z.enum(['simple', 'union', 'federation']),
    publicService: z.strictObject({ public: z.boolean(), facets: z.array(z.enum(publicServiceFacets)) }),
    /** Inhabitants, for invented organizations and for what DPNT says. */
    population: z.int().nonnegative(),
    website: text,
    /** Official mailbox of the organization, never a person's. */
    contactEmail: text,
    /** Identifier of the federation or authority it belongs to. */
    parent: text,
    /** Merged or duplicate: the unit that stands for it now. */
    successor: siren,
  })
  .partial();

export type StatedFacts = Readonly<z.infer<typeof statedFactsSchema>>;
export type FactName = keyof StatedFacts;
export const factNames: readonly FactName[] = statedFactsSchema.keyof().options;

export const authorSchema = z.strictObject({
  given_name: text,
  usual_name: text,
  capacity: text,
  organization: text,
});
export type Author = Readonly<z.infer<typeof authorSchema>>;

/** Why an operator corrected a fact. */
export const correctionSchema = z.strictObject({ reason: text, author: authorSchema, at: z.iso.datetime() });
export type Correction = Readonly<z.infer<typeof correctionSchema>>;

export const statementSchema = z.strictObject({
  facts: statedFactsSchema,
  /** ISO date of the source. */
  asOf: z.iso.date(),
  /** Import that brought it (register_import). */
  importId: z.int().positive().optional(),
  /**
   * Who said the same before `importId` said it again: the one before it, then the one that said it first (left out when
   * they are one). Undoing an import goes back to them.
   */
  confirms: z
    .array(z.strictObject({ asOf: z.iso.date(), importId: z.int().positive().optional() }))
    .max(2)
    .optional(),
  /** When a connector fetched it: the copy ages from there. */
  fetchedAt: z.iso.datetime().optional(),
  /** How the source is named to people, where it is not the usual name. */
  label: text.optional(),
  /** By fact; only of the source `operator`. */
  corrections: z.partialRecord(statedFactsSchema.keyof(), correctionSchema).optional(),
});
export type Statement = Readonly<z.infer<typeof statementSchema>>;

const statementsSchema = z.partialRecord(z.enum(sources), statementSchema);
/** One statement a source: the column `organization.statements`. */
export type Statements = Readonly<z.infer<typeof statementsSchema>>;

export const statementsText = (statements: Statements): string => JSON.stringify(statements);

/** @throws ZodError when the column holds what no version wrote */
export function readStatements(written: string): Statements {
  const parsed: unknown = JSON.parse(written);
  return statementsSchema.parse(parsed);
}
