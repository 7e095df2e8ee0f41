/** 10^8 codes: with 10 tries in 5 minutes, an hour of guessing finds one of them once in 830 000 times. */
export const codeDigits = 8;

const codes = 10 ** codeDigits;
/** The largest multiple of 10^8 in 32 bits. What lies above would make some codes likelier than others: drawn again. */
const fair = Math.floor(2 ** 32 / codes) * codes;

/** A code of 8 digits, each as likely as any other, leading zeros included. */
export function drawCode(random: (bytes: number) => Buffer): string {
  for (;;) {
    const drawn = random(4).readUInt32BE(0);
    if (drawn < fair) return String(drawn % codes).padStart(codeDigits, '0');
  }
}

/** What people add when they copy a code: blanks of any kind and dashes of any kind. Other signs stay, and are wrong. */
export const typedDigits = (typed: string): string => typed.replace(/[\s\p{Pd}\p{Cf}]+/gu, '');
