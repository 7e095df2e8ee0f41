import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';

/*
 * What a browser answers (WebAuthn §5.1), before anything reads it. Sizes are those of the longest honest answers: a
 * credential id has 1023 bytes at most (§4), and attestation none says little.
 */

const largestAnswer = 64 * 1024;
const base64url = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w-]+$/u);
const id = base64url(1364);
const transports = z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']));

const common = {
  id,
  rawId: id,
  type: z.literal('public-key'),
};
/** What extensions say is not asked for, hence not read. */
const noExtensions = { clientExtensionResults: {} };

const creationSchema = z
  .object({
    ...common,
    response: z.object({
      clientDataJSON: base64url(8192),
      attestationObject: base64url(32_768),
      // A transport of tomorrow is no reason to refuse a key of today.
      transports: z
        .array(z.string().max(32))
        .max(16)
        .transform((all) => all.flatMap((one) => transports.safeParse([one]).data ?? []))
        .default([]),
    }),
  })
  .transform((answer) => ({ ...answer, ...noExtensions }));

const assertionSchema = z
  .object({
    ...common,
    response: z.object({
      clientDataJSON: base64url(8192),
      authenticatorData: base64url(8192),
      signature: base64url(8192),
      userHandle: base64url(128)
        .nullish()
        .transform((handle) => handle ?? undefined),
    }),
  })
  .transform((answer) => ({ ...answer, ...noExtensions }));

export type CreationAnswer = z.output<typeof creationSchema>;
export type AssertionAnswer = z.output<typeof assertionSchema>;

/** @throws BrokerError M-PART-007 */
export const readCreation = (answer: unknown): CreationAnswer => read(creationSchema, answer);
/** @throws BrokerError M-PART-007 */
export const readAssertion = (answer: unknown): AssertionAnswer => read(assertionSchema, answer);

function read<
  T extends {
    readonly id: string;
    readonly rawId: string;
    readonly response: { readonly clientDataJSON: string };
  },
>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(typeof answer === 'string' ? jsonOf(answer) : answer);
  if (!parsed.success) throw refused('not the answer of a passkey');
  if (parsed.data.id !== parsed.data.rawId) throw refused('id and rawId differ');
  if (isFramed(parsed.data.response.clientDataJSON)) throw refused('asked from a page within another one');
  return parsed.data;
}

function jsonOf(text: string): unknown {
  if (text.length > largestAnswer) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const clientData = z.object({ crossOrigin: z.literal(true) });

/** Our pages are in no frame, so that no answer of theirs is (WebAuthn §13.4.9). The library lets some through. */
const isFramed = (clientDataJSON: string): boolean =>
  clientData.safeParse(jsonOf(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))).success;

/** One answer for all: which check failed is for the log. */
export const refused = (detail: string, cause?: unknown): BrokerError =>
  new BrokerError('M-PART-007', { detail, ...(cause === undefined ? {} : { cause }) });
