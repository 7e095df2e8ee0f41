import type { IncomingMessage } from 'node:http';
import coBody from 'co-body';
import { BrokerError } from '../errors/errors.ts';

const limit = '16kb';

/**
 * The body of one of our own forms: `application/x-www-form-urlencoded`, 16 kB at most, not compressed.
 * Anything else is M-HTTP-003. The caller validates the fields.
 */
export const readForm = async (ctx: { readonly req: IncomingMessage }): Promise<URLSearchParams> => {
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
    throw new BrokerError('M-HTTP-003', { cause, detail: 'body unreadable or over 16 kB' });
  });
  if (typeof body !== 'string') throw new BrokerError('M-HTTP-003', { detail: 'no body' });
  return new URLSearchParams(body);
};
