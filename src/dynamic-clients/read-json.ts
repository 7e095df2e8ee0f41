import type { IncomingMessage } from 'node:http';
import coBody from 'co-body';
import { z } from 'zod';
import { RegistrationError } from './registration-error.ts';

const limit = '64kb';
const objectSchema = z.record(z.string(), z.unknown());
const tooLarge = z.object({ status: z.literal(413) });

/**
 * The body of a registration (RFC 7591 §3.1): one JSON object of 64 kB at most, not compressed.
 * @throws RegistrationError 415, 413 or 400 invalid_request
 */
export async function readJson({ req }: { readonly req: IncomingMessage }): Promise<Record<string, unknown>> {
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new RegistrationError('invalid_request', 'content-type must be application/json', 415);
  // Refusing compression leaves no room for a small body that unpacks to a large one.
  if (req.headers['content-encoding'] !== undefined)
    throw new RegistrationError('invalid_request', 'the body must not be compressed', 415);
  const body: unknown = await coBody.text(req, { limit }).catch((error: unknown) => {
    if (tooLarge.safeParse(error).success)
      throw new RegistrationError('invalid_request', 'the body is over 64 kB', 413);
    throw new RegistrationError('invalid_request', 'the body cannot be read');
  });
  const read = objectSchema.safeParse(parse(body));
  if (!read.success) throw new RegistrationError('invalid_request', 'the body must be a JSON object');
  return read.data;
}

function parse(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}
