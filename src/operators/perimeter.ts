import type { Operator } from '../declarations/declarations.ts';

export type Perimeter = NonNullable<Operator['perimeter']>;

/** Where something lies. What is not known is in nobody's bounded perimeter. */
export interface Target {
  /** Code of the department of the organization. */
  readonly department?: string | undefined;
  /** The organization, and the federations above it, by identifier. */
  readonly organizations?: readonly string[] | undefined;
  /** Services that the file asks for; the one that an act is about. */
  readonly services?: readonly string[] | undefined;
}

/**
 * A file within bounds is one of the departments AND of the federations AND for one of the services that the perimeter
 * names; what it does not name bounds nothing. A file outside does not exist for this operator: it is answered like one
 * that nobody filed.
 */
export function isInPerimeter(perimeter: Perimeter | undefined, target: Target): boolean {
  if (perimeter === undefined) return true;
  const { department, organizations = [], services = [] } = target;
  return (
    within(perimeter.departments, department === undefined ? [] : [department]) &&
    within(perimeter.federations, organizations) &&
    within(perimeter.services, services)
  );
}

function within(bounds: readonly string[] | undefined, held: readonly string[]): boolean {
  return bounds === undefined || held.some((each) => bounds.includes(each));
}
