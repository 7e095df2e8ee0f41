import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { operatorSchema } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import type { OperatorAtWork } from './needs.ts';
import { proposalKinds, proposalStates } from './rules.ts';
import type { ProposalKind, ProposalState } from './rules.ts';

const namedSchema = z.object({
  givenName: z.string(),
  usualName: z.string(),
  capacity: z.string(),
  organization: z.string(),
});
/** As of the act. */
export type NamedOperator = z.output<typeof namedSchema> & { readonly id: string };

export interface Proposal {
  readonly id: string;
  readonly kind: ProposalKind;
  readonly state: ProposalState;
  /** As proposed. */
  readonly operator: Operator;
  /** As of then. */
  readonly before: Operator | undefined;
  readonly base: string | undefined;
  readonly reason: string;
  readonly authorId: string;
  readonly author: NamedOperator;
  readonly second: NamedOperator | undefined;
  readonly answer: string | undefined;
  readonly createdAt: Date;
  readonly answeredAt: Date | undefined;
}

export function nameOf({ givenName, usualName, capacity, organization }: OperatorAtWork['actor']): string {
  return JSON.stringify({ givenName, usualName, capacity, organization });
}

export function namedOperator(id: string, text: string): NamedOperator {
  const parsed: unknown = JSON.parse(text);
  return { id, ...namedSchema.parse(parsed) };
}

/** Undefined: a newer Maillon wrote it. It is answered there. */
function proposalOf(row: Selectable<Database['operator_proposal']>): Proposal | undefined {
  const operator = readOperator(row.document);
  if (operator === undefined) return undefined;
  return {
    id: row.id,
    kind: z.enum(proposalKinds).parse(row.kind),
    state: z.enum(proposalStates).parse(row.state),
    operator,
    before: row.before === null ? undefined : readOperator(row.before),
    base: row.base ?? undefined,
    reason: row.reason,
    authorId: row.author_id,
    author: namedOperator(row.author_id, row.author),
    second:
      row.second_id === null || row.second === null ? undefined : namedOperator(row.second_id, row.second),
    answer: row.answer ?? undefined,
    createdAt: row.created_at,
    answeredAt: row.answered_at ?? undefined,
  };
}

function readOperator(document: string): Operator | undefined {
  const parsed: unknown = JSON.parse(document);
  return operatorSchema.safeParse(parsed).data;
}

/** Open ones, or every one about an operator; the newest first. */
export async function readProposals(db: Kysely<Database>, operatorId?: string): Promise<readonly Proposal[]> {
  const query = db.selectFrom('operator_proposal').selectAll();
  const rows = await (
    operatorId === undefined
      ? query.where('state', '=', 'proposed')
      : query.where('operator_id', '=', operatorId)
  )
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(200)
    .execute();
  return rows.flatMap((row) => proposalOf(row) ?? []);
}

/** @throws BrokerError M-OPER-001 */
export async function readProposal(db: Kysely<Database>, id: string): Promise<Proposal> {
  const row = await db.selectFrom('operator_proposal').selectAll().where('id', '=', id).executeTakeFirst();
  const proposal = row && proposalOf(row);
  if (proposal === undefined) throw new BrokerError('M-OPER-001', { detail: `proposal ${id.slice(0, 60)}` });
  return proposal;
}
