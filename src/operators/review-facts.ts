import { z } from 'zod';
import type { OperatorFilePage } from '../http/http.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { approvalId } from '../registrations/registrations.ts';
import type { RegistrationFile } from '../registrations/registrations.ts';
import { reviewReasons } from '../register/register.ts';
import type { ConsoleNeeds } from './section.ts';

const rowsSchema = z.array(z.object({ reason: z.enum(reviewReasons), found_at: z.date() }));

/**
 * Why a file is to be looked at again: what has moved in the register since its rights were decided (`maillon review`).
 * Facts of the register, none a judgement; the same one for several services is said once.
 */
export async function reviewFacts(
  db: ConsoleNeeds['db'],
  { id, requests }: Pick<RegistrationFile, 'id' | 'requests'>,
): Promise<OperatorFilePage['reviews']> {
  if (requests.length === 0) return [];
  const rows: unknown[] = await db
    .selectFrom('register_review')
    .select(['reason', 'found_at'])
    .where(
      'approval_id',
      'in',
      requests.map(({ service }) => approvalId(id, service)),
    )
    .where('settled_at', 'is', null)
    .orderBy('found_at')
    .execute();
  const first = Map.groupBy(rowsSchema.parse(rows), ({ reason }) => reason);
  return [...first].flatMap(([reason, [found]]) =>
    found === undefined ? [] : [{ words: reason, since: parisDate(found.found_at) }],
  );
}
