import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { authorSchema } from '../organizations/organizations.ts';
import type { Author } from '../organizations/organizations.ts';
import { isCorrectable } from '../register/register.ts';
import type { CorrectableFact } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { correctionKinds, correctionStates } from './rules.ts';
import type { CorrectionKind, CorrectionState } from './rules.ts';

const seenSchema = z.object({
  /** Absent: no source said. */
  value: z.unknown().optional(),
  source: z.object({ label: z.string(), asOf: z.string() }).optional(),
});
/** What a fact was when somebody proposed to change it. */
export type SeenFact = z.output<typeof seenSchema>;

export interface CorrectionProposal {
  readonly id: string;
  /** As the register called it then. */
  readonly organization: string;
  readonly kind: CorrectionKind;
  readonly fact: CorrectableFact;
  /** Undefined: the correction ends. */
  readonly value: unknown;
  readonly before: SeenFact;
  readonly reason: string;
  readonly state: CorrectionState;
  /** Undefined: only named, on the command line. */
  readonly authorId: string | undefined;
  readonly author: Author;
  readonly secondId: string | undefined;
  readonly second: Author | undefined;
  readonly answer: string | undefined;
  readonly createdAt: Date;
  readonly answeredAt: Date | undefined;
}

function jsonOf(text: string): unknown {
  return JSON.parse(text);
}

/** Undefined: a newer Maillon wrote it. It is answered there. */
function proposalOf(row: Selectable<Database['correction_proposal']>): CorrectionProposal | undefined {
  if (!isCorrectable(row.fact)) return undefined;
  return {
    id: row.id,
    organization: row.organization,
    kind: z.enum(correctionKinds).parse(row.kind),
    fact: row.fact,
    value: row.value === null ? undefined : jsonOf(row.value),
    before: seenSchema.parse(jsonOf(row.before)),
    reason: row.reason,
    state: z.enum(correctionStates).parse(row.state),
    authorId: row.author_id ?? undefined,
    author: authorSchema.parse(jsonOf(row.author)),
    secondId: row.second_id ?? undefined,
    second: row.second === null ? undefined : authorSchema.parse(jsonOf(row.second)),
    answer: row.answer ?? undefined,
    createdAt: row.created_at,
    answeredAt: row.answered_at ?? undefined,
  };
}

/** The open ones, or every one about an organization; the newest first. */
export async function readCorrections(
  db: Kysely<Database>,
  { organization }: { readonly organization?: string | undefined } = {},
): Promise<readonly CorrectionProposal[]> {
  const query = db.selectFrom('correction_proposal').selectAll();
  const rows = await (
    organization === undefined
      ? query.where('state', '=', 'proposed')
      : query.where('organization', '=', organization)
  )
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => proposalOf(row) ?? []);
}

/** @throws BrokerError M-FILE-001 */
export async function readCorrection(
  db: Kysely<Database>,
  id: string,
  wait: 'lock' | 'read' = 'read',
): Promise<CorrectionProposal> {
  const query = db.selectFrom('correction_proposal').selectAll().where('id', '=', id);
  const row = await (wait === 'lock' ? query.forUpdate() : query).executeTakeFirst();
  const found = row && proposalOf(row);
  if (found === undefined)
    throw new BrokerError('M-FILE-001', { detail: `no proposal of a correction ${id.slice(0, 80)}` });
  return found;
}
