/**
 * Luhn sum of a string of ASCII digits, every second digit doubled from the right (ISO/IEC 7812-1 annex B).
 * SIREN, SIRET and numeric FINESS numbers have a sum that is a multiple of 10.
 */
export function luhnSum(digits: string): number {
  let sum = 0;
  for (let i = digits.length - 1, doubled = false; i >= 0; i -= 1, doubled = !doubled) {
    const digit = digits.charCodeAt(i) - 48;
    const value = doubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum;
}

export const passesLuhn = (digits: string): boolean => luhnSum(digits) % 10 === 0;

export function digitSum(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += digits.charCodeAt(i) - 48;
  return sum;
}
