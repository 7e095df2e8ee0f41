const paris = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', ...options });

const day = paris({ dateStyle: 'long' });
const clock = paris({ hour: '2-digit', minute: '2-digit' });
const seconds = paris({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** « 31 décembre 2028 » */
export const frenchDay = (epoch: number): string => day.format(epoch * 1000);

/** « 31 décembre 2028 à 14:05 » */
export const frenchMoment = (epoch: number): string => `${frenchDay(epoch)} à ${clock.format(epoch * 1000)}`;

/**
 * The end of a right, as people say it. Rights end at midnight in Paris, the day after their last day: the last day is
 * what is said.
 */
export const untilWords = (epoch: number): string =>
  seconds.format(epoch * 1000) === '00:00:00'
    ? `jusqu’au ${frenchDay(epoch - 1)} inclus`
    : `jusqu’au ${frenchMoment(epoch)}`;
