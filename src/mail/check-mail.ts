import { z } from 'zod';
import type { Mail } from './queue.ts';

/**
 * One address, as plain as they come: what a server could read as two recipients, a comment, a route or a header
 * (RFC 5321 §4.1.2, RFC 5322 §3.4) is refused rather than quoted. No line break of any alphabet, no control, no space.
 */
export const plainAddress = z
  .string()
  .max(254)
  .regex(/^[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()[\]\\,;:"@/]+$/u)
  .refine((address) => !/^\.|\.\.|\.@|@\.|\.$/u.test(address));

/** One line: a header ends where its line ends (RFC 5322 §2.2). */
const oneLine = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);

const mailSchema = z.strictObject({
  to: plainAddress,
  subject: oneLine,
  text: z.string().min(1),
  html: z.string().min(1),
  about: oneLine,
  secret: z.boolean().optional(),
});

/** @throws ZodError that names the wrong field */
export const checkMail = (mail: Mail): Mail => mailSchema.parse(mail);
