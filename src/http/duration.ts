import type { Language } from './language.ts';

/** « 45 secondes », « 12 minutes », « 2 heures », never too short. @param seconds a whole number */
export function formatDuration(seconds: number, lang: Language): string {
  const [count, unit] =
    seconds <= 90
      ? [seconds, 'second']
      : seconds <= 90 * 60
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
