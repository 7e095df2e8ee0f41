import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/**
 * The last entry and its digest. Kept outside of the database, it is the anchor of everything before: whoever rewrites
 * the record, however carefully, cannot make an entry that has this digest in this place.
 */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Undefined while the record is empty. */
export function auditHead(db: Kysely<Database>): Promise<Head | undefined> {
  return db
    .selectFrom('audit_entry')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export const headText = ({ seq, hash }: Head): string => `${seq}:${hash}`;

/** @returns undefined when the text is not `SEQ:HASH` */
export function parseHead(text: string): Head | undefined {
  const [, seq, hash] = /^([1-9][0-9]{0,14}):([0-9A-Za-z_-]{43})$/.exec(text.trim()) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}
