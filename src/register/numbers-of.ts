import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

const rowSchema = z.object({
  id: z.string(),
  rna: z.string().nullable(),
  local_register: z.string().nullable(),
  is_joined: z.boolean(),
});

/** Every number that means one organization; `id` is the one by which the register has it now. */
export interface Numbers {
  readonly id: string;
  readonly all: readonly string[];
}

/**
 * The organization that a number means: its row, or the one that an association was joined into when it got a SIREN. A
 * number that a company bears beside the association of that number means the association alone (belongs.ts).
 *
 * @param number SIREN, RNA number or entry in a court's register
 * @returns undefined when the register does not hold it, or several share it
 */
export async function numbersOf(db: Kysely<Database>, number: string): Promise<Numbers | undefined> {
  // It comes from addresses, and PostgreSQL takes no U+0000.
  if (number.includes('\0')) return undefined;
  const { rows } = await sql`
    select id, rna, local_register,
      not exists (select from organization own where own.id = held.rna and own.id <> held.id) as is_joined
    from organization held where id = ${number}
    union all
    select id, rna, local_register, true from organization held
    where (rna = ${number} or local_register = ${number}) and id <> ${number}
      and not exists (select from organization own where own.id = ${number})
    limit 2`.execute(db);
  const [found, another] = z.array(rowSchema).parse(rows);
  if (found === undefined || another !== undefined) return undefined;
  const { id, rna, local_register: entry, is_joined: isJoined } = found;
  const numbers = [number, id, isJoined ? rna : null, entry].filter((one) => one !== null);
  return { id, all: [...new Set(numbers)] };
}
