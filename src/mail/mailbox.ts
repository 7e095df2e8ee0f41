import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

export interface KeptMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly about: string;
  readonly createdAt: Date;
}

/** What was written to whom, newest first: only for the page of development. */
export interface Mailbox {
  list(limit: number): Promise<readonly KeptMail[]>;
  read(id: string): Promise<(KeptMail & { readonly text: string; readonly html: string }) | undefined>;
}

export function createMailbox(db: Kysely<Database>): Mailbox {
  const headers = ['id', 'recipient as to', 'subject', 'about', 'created_at as createdAt'] as const;
  return {
    list: (limit) =>
      db
        .selectFrom('mail')
        .select(headers)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),
    async read(id) {
      if (!z.uuid().safeParse(id).success) return undefined;
      return db
        .selectFrom('mail')
        .select([...headers, 'text', 'html'])
        .where('id', '=', id)
        .executeTakeFirst();
    },
  };
}
