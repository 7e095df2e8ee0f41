import { UsageError } from './usage-error.ts';

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const pattern = /^(\d{1,6})([smhd])$/;
const isUnit = (text: string | undefined): text is keyof typeof seconds =>
  text !== undefined && Object.hasOwn(seconds, text);

/**
 * @param text a whole number and its unit: `90s`, `30m`, `24h`, `7d`
 * @returns seconds
 * @throws UsageError for anything else, with the name of the option
 */
export function durationOf(option: string, text: string): number {
  const [, count, unit] = pattern.exec(text) ?? [];
  if (!isUnit(unit))
    throw new UsageError(`${option} must be a duration such as 90s, 30m, 24h or 7d, not "${text}"`);
  return Number(count) * seconds[unit];
}
