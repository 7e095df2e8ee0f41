import { appendAudit } from '../audit/audit.ts';
import { createEvidencePurge } from './evidence/purge.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { readFile, readRow } from './open.ts';

/** Drafts and files whose time is over: each job does a few at a time, and leaves its trace in the record. */
export function createPurges({
  db,
  clock,
}: Pick<RegistrationsNeeds, 'db' | 'clock'>): readonly ((limit: number) => Promise<number>)[] {
  const { drafts, files } = createEvidencePurge({
    db,
    clock,
    fileOf: async (trx, id) => {
      const row = await readRow(trx, id);
      return row === undefined ? undefined : readFile(trx, row);
    },
    record: async (trx, at, { id, what, pieces, rows }) => {
      await appendAudit(trx, at, [
        {
          act: what === 'draft' ? 'draft.purge' : 'file.destroy',
          subject: `registration:${id}`,
          actor: { kind: 'clock' },
          after: { pieces: pieces.map((piece) => ({ id: piece.id, sha256: piece.sha256 })) },
          rows,
        },
      ]);
    },
  });
  return [drafts, files];
}
