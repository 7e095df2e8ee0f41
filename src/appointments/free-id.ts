import type { Kysely } from 'kysely';
import { isNamed } from '../audit/audit.ts';
import type { Operator } from '../declarations/declarations.ts';
import type { Database } from '../storage/storage.ts';

/** What an operator's id may hold, of a name: accents go, anything else is a hyphen. */
export const idOf = ({ given_name: given, usual_name: usual }: Pick<Operator, 'given_name' | 'usual_name'>) =>
  `${given} ${usual}`
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 55)
    .replace(/^-+|-+$/gu, '') || 'operateur';

/** An id that nobody bears, was proposed under or ever acted under: the record tells two people of one name apart. */
export async function freeId(trx: Kysely<Database>, operator: Parameters<typeof idOf>[0]): Promise<string> {
  const base = idOf(operator);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!(await isTaken(trx, id))) return id;
  }
}

async function isTaken(trx: Kysely<Database>, id: string): Promise<boolean> {
  const declared = await trx
    .selectFrom('declared_object')
    .select('id')
    .where('kind', '=', 'operator')
    .where('id', '=', id)
    .executeTakeFirst();
  if (declared !== undefined) return true;
  const open = await trx
    .selectFrom('operator_proposal')
    .select('id')
    .where('operator_id', '=', id)
    .executeTakeFirst();
  return open !== undefined || (await isNamed(trx, `operator:${id}`));
}
