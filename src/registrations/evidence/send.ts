import type { Context } from 'koa';
import { BrokerError } from '../../errors/errors.ts';
import type { EvidenceRead } from './store.ts';

/**
 * Sends a piece to whoever may read it, as a download: what somebody uploaded is never a page of ours, whatever a browser
 * would make of it.
 *
 * @throws BrokerError M-FILE-029 when it was destroyed
 */
export function sendEvidence(ctx: Pick<Context, 'set' | 'body'>, piece: EvidenceRead): void {
  const { content, mediaType, name } = piece;
  if (content === undefined) throw new BrokerError('M-FILE-029', { detail: `evidence ${piece.id}` });
  ctx.body = content;
  // After the body, which would choose a type of its own.
  ctx.set({
    'Content-Type': mediaType === 'text/csv' ? 'text/csv; charset=utf-8' : mediaType,
    'Content-Disposition': contentDisposition(name),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
}

/** Octets that RFC 8187 §3.2.1 lets stand in an extended value, and encodeURIComponent leaves: `!` and `~` and `*'()`. */
const extended = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** RFC 6266 §4: a name in ASCII for whoever knows no other, then the name itself (RFC 8187). */
export function contentDisposition(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[^ !#$&+.0-9=@A-Z^_a-z{}~-]/gu, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${extended(name)}`;
}
