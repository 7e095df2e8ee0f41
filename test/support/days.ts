import { parisDate } from '../../src/eligibility/eligibility.ts';

/** The day of the law, in Paris: near midnight it is not the day of the tests' machine. */
export const parisDay = (inDays = 0): string =>
  new Date(Date.parse(`${parisDate(new Date())}T12:00:00Z`) + inDays * 86_400_000).toISOString().slice(0, 10);
