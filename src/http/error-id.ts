import { randomBytes } from 'node:crypto';

/** Bytes that nobody can guess. Passed in, so that tests are exact. */
export type Random = (size: number) => Uint8Array;

/** `7F3A-91C2`: short enough to be read out on the telephone, and written in the log beside the cause. */
export const createErrorId =
  (random: Random = randomBytes) =>
  (): string => {
    const hex = Buffer.from(random(4)).toString('hex').toUpperCase();
    return `${hex.slice(0, 4)}-${hex.slice(4)}`;
  };
