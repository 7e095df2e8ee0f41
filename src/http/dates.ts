import type { Language } from './language.ts';

const zone = 'Europe/Paris';
const formats: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  fr: new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: zone }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: zone }),
};

const instants: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  fr: new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: zone }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: zone }),
};

/** « 22 novembre 2026 à 10:30 », in Paris. */
export const formatInstant = (value: Date, lang: Language): string => {
  const text = instants[lang].format(value);
  return lang === 'fr' ? text.replace(/^1 /u, '1er ') : text;
};

const calendarDate = /^\d{4}-\d{2}-\d{2}$/;

/**
 * « 31 décembre 2028 », “31 December 2028”: the date in Paris.
 *
 * @param value an instant, or a calendar date `2028-12-31`, which is the same day wherever the server stands.
 */
export const formatDate = (value: Date | string, lang: Language): string => {
  // Noon UTC of a calendar day is the same day in Paris, summer and winter.
  const instant =
    typeof value === 'string' && calendarDate.test(value) ? new Date(`${value}T12:00:00Z`) : new Date(value);
  const text = formats[lang].format(instant);
  return lang === 'fr' ? text.replace(/^1 /u, '1er ') : text;
};
