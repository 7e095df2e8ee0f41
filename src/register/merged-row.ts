import { z } from 'zod';
import { isRna, mergeStatements, readStatements } from '../organizations/organizations.ts';
import type { MergedFacts, Rna, StatedFacts, Statement, Statements } from '../organizations/organizations.ts';

/** What a row of `organization` says by its columns. */
export const spokenColumns = {
  statements: z.string(),
  name: z.string(),
  legal_category: z.string().nullable(),
  unit_state: z.enum(['A', 'C']),
  rna: z.custom<Rna>((value) => typeof value === 'string' && isRna(value), 'RNA').nullable(),
  created_on: z.iso.date().nullable(),
  diffusion: z.enum(['O', 'P']),
};
export type SpokenRow = { readonly [C in keyof typeof spokenColumns]: z.infer<(typeof spokenColumns)[C]> };

/** Written by version N−1, and by nobody since: the columns speak. */
const noStatements = '{}';

export interface MergedRow extends MergedFacts {
  readonly statements: Statements;
}

/**
 * @param decided what an operator decided elsewhere and that counts here too; what they decided here comes before it
 * @throws ZodError when the row holds statements that no version wrote
 */
export function mergedRow(row: SpokenRow, decided?: Statement): MergedRow {
  if (row.statements !== noStatements) {
    const read = readStatements(row.statements);
    const statements = decided === undefined ? read : { ...read, operator: joined(read.operator, decided) };
    return { ...mergeStatements(statements), statements };
  }
  const values: StatedFacts = {
    name: row.name,
    unitState: row.unit_state,
    diffusion: row.diffusion,
    ...(row.legal_category !== null && { legalCategory: row.legal_category }),
    ...(row.rna !== null && { rna: row.rna }),
    ...(row.created_on !== null && { createdOn: row.created_on }),
  };
  return { values, origins: {}, flags: [], statements: {} };
}

/** Two statements of operators: of each fact what `first` says, or else `then`. */
export const joined = (first: Statement | undefined, then: Statement): Statement => ({
  ...then,
  ...first,
  facts: { ...then.facts, ...first?.facts },
  corrections: { ...then.corrections, ...first?.corrections },
});
