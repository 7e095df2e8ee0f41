import { z } from 'zod';
import {
  isCommuneCode,
  isRna,
  legalCategories,
  organizationTypes,
  publicServiceFacets,
} from '../organizations/organizations.ts';
import type { Rna, StatedFacts } from '../organizations/organizations.ts';

const codes = new Set(legalCategories.map(({ code }) => code));

/**
 * The facts that an operator may correct, and the values that each takes. Nothing else: an identifier or a date of a
 * register is corrected at the register.
 */
const schemas = {
  name: z
    .string()
    .trim()
    .refine((text) => text.length >= 1 && text.length <= 250, 'is not between 1 and 250 characters long'),
  type: z.enum(organizationTypes, {
    error: `is not a type of organization; the types are ${organizationTypes.join(', ')}`,
  }),
  legalCategory: z.string().refine((code) => codes.has(code), 'is not a legal category of INSEE'),
  unitState: z.enum(['A', 'C'], { error: 'is neither A (active) nor C (ceased)' }),
  /** Null: the number that a register gives is somebody else's. */
  rna: z.custom<Rna>((value) => typeof value === 'string' && isRna(value), 'is not an RNA number').nullable(),
  commune: z.string().refine(isCommuneCode, 'is not an INSEE code of a commune'),
  publicService: z.strictObject({
    public: z.boolean(),
    facets: z.array(
      z.enum(publicServiceFacets, {
        error: `is not public, none, or some of ${publicServiceFacets.join(',')}`,
      }),
    ),
  }),
  population: z
    .int({ error: 'is not a number of inhabitants' })
    .nonnegative({ error: 'is not a number of inhabitants' }),
};

export type CorrectableFact = keyof typeof schemas;
export const isCorrectable = (fact: string): fact is CorrectableFact => Object.hasOwn(schemas, fact);
export const correctableFacts: readonly CorrectableFact[] = Object.keys(schemas).filter(isCorrectable);

/**
 * Whether rights follow from the fact: a policy asks for it, for what is computed of it, or (the RNA number) it moves what a
 * register says from one organization to another. A correction of such a fact is an exception, which two people make.
 * deciding-facts.test.ts asks every predicate.
 */
const decides = {
  name: false,
  type: true,
  legalCategory: true,
  unitState: true,
  rna: true,
  commune: true,
  publicService: true,
  population: true,
} as const satisfies Record<CorrectableFact, boolean>;
export const decidesRights = (fact: CorrectableFact): boolean => decides[fact];
/** Those that rights follow from, in the order of the forms. */
export const decidingFacts: readonly CorrectableFact[] = correctableFacts.filter(decidesRights);

/** The fact alone, checked; or what is wrong with its value. */
export function correctedFact(
  fact: CorrectableFact,
  value: unknown,
): { readonly facts: StatedFacts } | { readonly problem: string } {
  const read = z.strictObject({ [fact]: schemas[fact] }).safeParse({ [fact]: value });
  if (!read.success)
    return { problem: [...new Set(read.error.issues.map(({ message }) => message))].join('; ') };
  return { facts: read.data };
}
