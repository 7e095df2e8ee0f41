/** In bytes. « Mo » is a million to the law and to the register of weights; so it is here. */
export const evidenceLimits = {
  /** Of one piece: what the form takes (http/receive-upload.ts). */
  pieceBytes: 10_000_000,
  /** Of one file. */
  pieces: 20,
  bytes: 60_000_000,
  /** Of one account, in all its files. */
  accountBytes: 200_000_000,
} as const;
