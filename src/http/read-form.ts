import type { IncomingMessage } from 'node:http';
import coBody from 'co-body';
import { BrokerError } from '../errors/errors.ts';

/**
 * The body of one of our own forms: `application/x-www-form-urlencoded`, not compressed, 16 kB at most unless the form
 * asks people to write. Anything else is M-HTTP-003. The caller validates the fields.
 */
export const readForm = async (
  ctx: { readonly req: IncomingMessage },
  limit: '16kb' | '512kb' = '16kb',
): Promise<URLSearchParams> => {
  const headers = ctx.req.headers;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new BrokerError('M-HTTP-003', { detail: `content-type ${JSON.stringify(type ?? null)}` });
  }
  // Our forms never come compressed: refusing it leaves no room for a small body that unpacks to a large one.
  if (headers['content-encoding'] !== undefined) {
    throw new BrokerError('M-HTTP-003', { detail: `content-encoding ${headers['content-encoding']}` });
  }
  const body: unknown = await coBody.text(ctx.req, { limit }).catch((cause: unknown) => {
    throw new BrokerError('M-HTTP-003', { cause, detail: `body unreadable or over ${limit}` });
  });
  if (typeof body !== 'string') throw new BrokerError('M-HTTP-003', { detail: 'no body' });
  return new URLSearchParams(body);
};
