import type { FactName, SourceAndDate } from '../organizations/organizations.ts';
import type { Context } from './predicate.ts';

/** Which source is answerable for a fact of the register, as of when. */
export type Answerable = (context: Context) => SourceAndDate;

/** The identifiers themselves: whoever named the organization. */
export const ofRow: Answerable = ({ organization: { source, sourceDate } }) => ({
  label: source,
  asOf: sourceDate,
});

/** Of the first of the facts that a source spoke of: an operator's type comes before the legal category. */
export const of =
  (...facts: readonly FactName[]): Answerable =>
  (context) => {
    const { origins } = context.organization;
    const said = facts.find((fact) => origins[fact] !== undefined);
    return (said === undefined ? undefined : origins[said]) ?? ofRow(context);
  };

export const ofPublicService: Answerable = ({ organization }) => organization.publicServiceOrigin;

export const ofEstablishment: Answerable = (context) =>
  context.organization.establishmentOrigin ?? ofRow(context);

/** An operator who said where the organization is comes before what the register says of the establishment. */
export const ofPlace: Answerable = (context) => {
  const { commune } = context.organization.origins;
  return commune?.source === 'operator' ? commune : ofEstablishment(context);
};

/** Who closed it; of an organization that is active twice, the older word. */
export const ofActive: Answerable = (context) => {
  const { unitState, establishmentState } = context.organization;
  const [unit, establishment] = [of('unitState')(context), ofEstablishment(context)];
  if (unitState === 'C') return unit;
  if (establishmentState === 'F') return establishment;
  return establishment.asOf < unit.asOf ? establishment : unit;
};

/** No register: what our own operators decided, and may change at any moment. */
export const ofOperators: Answerable = ({ today }) => ({ label: 'operators', asOf: today });
