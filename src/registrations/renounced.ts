import { addDays } from '../eligibility/eligibility.ts';
import type { Request, RequestState } from './file.ts';

type Renounced = NonNullable<Request['renounced']>;

/**
 * A right that its holder gives up ends the day before the one that they name, as if that had always been its last day: it
 * closes that night, or at once. Of one that would have begun later nothing is left.
 */
export function renounced(request: Request, said: Renounced): Partial<Request> {
  const { state, terms } = request;
  const isOver = said.from <= said.on || hasNothingLeft({ terms, renounced: said });
  return {
    renounced: said,
    ...(terms === undefined || hasNothingLeft({ terms, renounced: said })
      ? {}
      : { terms: { ...terms, endsOn: addDays(said.from, -1) } }),
    state: isOver ? 'renounced' : untilThen(state),
  };
}

/** Nobody is reminded to renew what they have given up. */
const untilThen = (state: RequestState): RequestState => (state === 'renewal_due' ? 'approved' : state);

/** It is given up from a day on which it had not begun. */
export const hasNothingLeft = ({ terms, renounced: said }: Pick<Request, 'terms' | 'renounced'>): boolean =>
  terms !== undefined && said !== undefined && said.from <= terms.startsOn;

/**
 * First and last day of the row that `decide()` reads. A right of which nothing is left was over before its holder spoke:
 * its row stays, so that what it had renewed does not come back in its place.
 */
export const daysHeld = (
  request: Request,
): { readonly startsOn: string; readonly endsOn: string } | undefined => {
  const { terms, renounced: said } = request;
  if (said === undefined || !hasNothingLeft(request)) return terms;
  const before = addDays(said.on, -1);
  return { startsOn: before, endsOn: before };
};
