import type { EvidencePiece } from './evidence/store.ts';
import type { RegistrationFile } from './file.ts';

/** Pieces of a file that were sent after the request itself, and that no answer names yet. Of a draft: all of them. */
export function notJoined(
  { events }: Pick<RegistrationFile, 'events'>,
  evidence: readonly EvidencePiece[],
): readonly EvidencePiece[] {
  const sentAt = events.find(({ act }) => act.act === 'submit')?.at ?? new Date(0);
  const joined = new Set(events.flatMap(({ act }) => (act.act === 'supply' ? act.evidence : [])));
  return evidence.filter((piece) => piece.uploadedAt > sentAt && !joined.has(piece.id));
}

/** The one that was read: nobody uploads this media type, it is written by us. */
export const isMemberList = ({ kind, mediaType }: Pick<EvidencePiece, 'kind' | 'mediaType'>): boolean =>
  kind === 'member_list' && mediaType === 'text/csv';
