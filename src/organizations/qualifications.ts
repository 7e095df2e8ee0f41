import { z } from 'zod';

import type { Qualification } from './facts.ts';

const storedSchema = z.array(
  z.object({ id: z.string().min(1), startsOn: z.iso.date(), endsOn: z.iso.date().nullish() }),
);

/** The text of column `organization.qualifications`. */
export const qualificationsText = (qualifications: readonly Qualification[]): string =>
  JSON.stringify(qualifications);

export function readQualifications(text: string): Qualification[] {
  const parsed: unknown = JSON.parse(text);
  return storedSchema
    .parse(parsed)
    .map(({ id, startsOn, endsOn }) => ({ id, startsOn, endsOn: endsOn ?? undefined }));
}

const parisCalendar = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Europe/Paris',
  calendar: 'gregory',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** ISO date of an instant in Paris: a decision that ends on 31 December ends at midnight there, not in UTC. */
function parisDay(instant: Date): string {
  const parts = new Map(parisCalendar.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
}

/** Those whose first and last day, both inclusive, enclose the day of `now` in Paris. */
export function qualificationsInForce(qualifications: readonly Qualification[], now: Date): Qualification[] {
  if (qualifications.length === 0) return [];
  const today = parisDay(now);
  return qualifications.filter(
    ({ startsOn, endsOn }) => startsOn <= today && (endsOn === undefined || today <= endsOn),
  );
}
