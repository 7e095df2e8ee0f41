import { letterDigest } from './document.ts';
import type { LetterDocument } from './document.ts';

/** Letters kept as drawn: a few megabytes. */
const mostKept = 50;

/**
 * Draws a letter once for all who open it soon after: the same letter makes the same bytes, so its digest is its name. The
 * one opened longest ago goes first.
 */
export function keepingPdfs(
  draw: (document: LetterDocument) => Promise<Buffer>,
  most = mostKept,
): (document: LetterDocument) => Promise<Buffer> {
  const kept = new Map<string, Promise<Buffer>>();
  return (document) => {
    const digest = letterDigest(document);
    const drawn = kept.get(digest) ?? draw(document);
    kept.delete(digest);
    kept.set(digest, drawn);
    // Not one that failed.
    drawn.catch(() => kept.delete(digest));
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return drawn;
  };
}
