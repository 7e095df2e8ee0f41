import { z } from 'zod';
import { tidy } from '../organizations/organizations.ts';

/**
 * What people type, made harmless at the door: nothing invisible, no mark that turns the direction of writing, NFC. Its
 * length is bounded here only so that a draft cannot fill the disk; the limits that people are told are those of
 * `problemsOf()`, so that whoever typed too much finds the whole text again beside the message.
 */
const ROOM = 20_000;

/** One line. */
export const line = z.string().max(ROOM).transform(tidy);

/** Several lines: at most one empty line between two. */
export const lines = z.string().max(ROOM).transform(tidyLines);

export function tidyLines(text: string): string {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/u)
    .map(tidy)
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}
