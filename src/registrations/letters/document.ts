import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../config/config.ts';

const words = z.string().min(1);

/** The parts of a letter, each with one meaning in HTML, PDF and mail. */
const blockSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('heading'), text: words }),
  z.strictObject({ kind: z.literal('paragraph'), text: words }),
  z.strictObject({ kind: z.literal('list'), items: z.array(words).min(1) }),
  /** Names and what they are: « Service », « Docs ». */
  z.strictObject({
    kind: z.literal('facts'),
    facts: z.array(z.strictObject({ name: words, value: words })).min(1),
  }),
]);
export type Block = z.output<typeof blockSchema>;

/** First name, surname, capacity (CRPA art. L212-1), and for whom. */
const signatureSchema = z.strictObject({
  givenName: words,
  usualName: words,
  capacity: words,
  organization: words,
});

/**
 * A letter as it was previewed, stored and sent: nothing in it is computed again later. The words of a template may
 * change with its version; letters already sent keep theirs.
 */
export const letterSchema = z.strictObject({
  /** « refusal@1 ». */
  template: z.string().regex(/^[a-z_]+@[1-9]\d*$/),
  language: z.literal('fr'),
  title: words,
  /** Number of the file. */
  reference: words,
  /** Civil day in Paris. */
  date: z.iso.date(),
  sender: z.strictObject({ name: words, lines: z.array(words) }),
  recipient: z.strictObject({ name: words, lines: z.array(words) }),
  blocks: z.array(blockSchema).min(1),
  /** Absent: sent by the service, decides nothing. */
  signature: signatureSchema.optional(),
});
export type LetterDocument = z.output<typeof letterSchema>;

/** SHA-256 in hexadecimal of the meaning of the letter: what was previewed is what is sent. */
export const letterDigest = (document: LetterDocument): string =>
  createHash('sha256').update(canonicalJson(document)).digest('hex');
