import type { Kysely } from 'kysely';
import { z } from 'zod';
import { rowsNow } from '../audit/audit.ts';
import type { RowDigest, RowKey } from '../audit/audit.ts';
import type { Database } from '../storage/storage.ts';
import { eventKey } from './act-entry.ts';
import { eventSchema } from './act.ts';
import type { RegistrationEvent } from './act.ts';
import { emptyContent, contentText } from './content.ts';
import { destroyEvidence } from './evidence/store.ts';
import type { EvidencePiece } from './evidence/store.ts';
import { letterSchema } from './letters/document.ts';
import type { LetterDocument } from './letters/document.ts';

/** Stands where words were: what is destroyed says so. */
const destroyed = 'Détruit à la fin de la durée de conservation.';

/** The content of a file that was destroyed: no file that was sent ever had this one. */
export const destroyedContent = contentText(emptyContent);

/** What people write in their own words, whichever act holds it. */
const written = new Set(['text', 'rule', 'to']);

/**
 * An event without what persons wrote in it, who asked and where letters went: act, service, terms and day stay, and the operators who
 * answered for it (CRPA art. L212-1). The file folds into the same states. Pure.
 */
export function eventWithoutWords({ actor, act }: Pick<RegistrationEvent, 'actor' | 'act'>): {
  readonly actor: RegistrationEvent['actor'];
  readonly act: RegistrationEvent['act'];
} {
  const bare = act.act === 'submit' ? { ...act, content: null } : withoutWords(act);
  return eventSchema.parse({
    actor: actor.kind === 'applicant' ? { ...actor, givenName: '', usualName: '', email: '' } : actor,
    act: bare,
  });
}

function withoutWords(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'contact')
      .map(([key, one]: [string, unknown]): [string, unknown] => {
        if (written.has(key) && typeof one === 'string') return [key, destroyed];
        if (key === 'conditions') return [key, []];
        if (Array.isArray(one)) {
          const all: readonly unknown[] = one;
          return [key, all.map((part) => (isRecord(part) ? withoutWords(part) : part))];
        }
        return [key, isRecord(one) ? withoutWords(one) : one];
      }),
  );
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** That a letter was sent, on which day, by which authority; not to whom, nor what it said. Pure. */
export const letterWithoutWords = (letter: LetterDocument): LetterDocument => ({
  ...letter,
  recipient: { name: letter.recipient.name, lines: [] },
  blocks: [{ kind: 'paragraph', text: destroyed }],
});

const letterRow = z.object({ id: z.string(), document: z.string() });
const eventRow = z.object({ seq: z.int(), event: z.string() });

/**
 * The end of a file (domain reference §5.6; GDPR art. 5(1)(e)): its evidence, what the applicant wrote, notes, reasons and
 * letters are destroyed. What stays says that there was a file: number, organization, days, acts and states, the digests of
 * letters and pieces; and the record (audit).
 *
 * @param trx holds the lock of the file
 * @returns the pieces that still had a content, and the digests of what was rewritten, as it was and as it is: for the record,
 * where what somebody else rewrites shows
 */
export async function destroyFile(
  trx: Kysely<Database>,
  id: string,
  at: Date,
): Promise<{ readonly pieces: readonly EvidencePiece[]; readonly rows: readonly RowDigest[] }> {
  const pieces = await destroyEvidence(trx, id, at);
  const events: unknown[] = await trx
    .selectFrom('registration_event')
    .select(['seq', 'event'])
    .where('registration_id', '=', id)
    .execute();
  const letters: unknown[] = await trx
    .selectFrom('letter')
    .select(['id', 'document'])
    .where('registration_id', '=', id)
    .execute();
  const [eventRows, letterRows] = [z.array(eventRow).parse(events), z.array(letterRow).parse(letters)];
  const keys: readonly RowKey[] = [
    ...eventRows.map(({ seq }) => ({ table: 'registration_event', key: eventKey(id, seq) }) as const),
    ...letterRows.map((letter) => ({ table: 'letter', key: letter.id }) as const),
  ];
  const before = await rowsNow(trx, keys);
  for (const { seq, event } of eventRows) {
    const bare = eventWithoutWords(eventSchema.parse(JSON.parse(event)));
    await trx
      .updateTable('registration_event')
      .set({ event: JSON.stringify(bare) })
      .where('registration_id', '=', id)
      .where('seq', '=', seq)
      .execute();
  }
  for (const { id: letter, document } of letterRows) {
    // Its SHA-256 stays that of the letter as it was sent: whoever holds it can still show that it is ours.
    const bare = letterWithoutWords(letterSchema.parse(JSON.parse(document)));
    await trx
      .updateTable('letter')
      .set({ document: JSON.stringify(bare) })
      .where('id', '=', letter)
      .execute();
  }
  await trx
    .updateTable('registration')
    .set({ draft: destroyedContent, updated_at: at })
    .where('id', '=', id)
    .execute();
  const rows = (await rowsNow(trx, keys)).map((row, index) => ({
    ...row,
    was: before[index]?.sha256 ?? undefined,
  }));
  return { pieces, rows };
}
