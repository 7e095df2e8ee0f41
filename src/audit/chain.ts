import { createHash } from 'node:crypto';
import { canonicalJson } from '../config/config.ts';

/** What the digest of an entry covers: everything but the detail, whose own digest stands for it, and the salt. */
export interface Digested {
  readonly seq: number;
  readonly at: Date;
  readonly act: string;
  readonly subject: string;
  readonly actor: string;
  readonly author: string | null;
  readonly detail_sha256: string;
  readonly previous: string;
}

/** What the first entry has in the place of the digest of the one before. */
export const beginning = 'A'.repeat(43);

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64url');

export function entryHash(entry: Digested): string {
  const { seq, at, act, subject, actor, author, detail_sha256: detail, previous } = entry;
  return sha256(
    canonicalJson({
      seq,
      at: at.toISOString(),
      act,
      subject,
      actor,
      author,
      detail_sha256: detail,
      previous,
    }),
  );
}

/** Without the salt, which goes with the detail, nobody can try which detail gives this digest. */
export const detailHash = (salt: string, detail: string): string => sha256(salt + detail);
