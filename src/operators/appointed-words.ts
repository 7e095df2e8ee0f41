import type { ListedOperator, Proposal } from '../appointments/appointments.ts';
import { addDays } from '../eligibility/eligibility.ts';
import type { Operator } from '../declarations/declarations.ts';
import type { OperatorShown } from '../http/http.ts';
import { personName } from './file-words.ts';
import { perimeterWords } from './perimeter-words.ts';
import { delegationOn } from './roles.ts';
import type { ConsoleNeeds } from './section.ts';

/** Days before the end of a delegation from which it is shown as about to end. */
const soonDays = 30;

export const operatorName = ({ given_name: given, usual_name: usual }: Operator): string =>
  `${given} ${usual}`;

export const cardPath = (id: string): string => `/operateur/operateurs/fiches/${id}`;
export const proposalPath = (id: string): string => `/operateur/operateurs/propositions/${id}`;

/** Where a delegation stands, when that is worth a word. */
export function delegationState(operator: Operator, today: string): OperatorShown['state'] {
  const state = delegationOn(operator, today);
  if (state !== 'in_force') return state;
  const { delegation } = operator;
  return delegation !== undefined && delegation.to <= addDays(today, soonDays) ? 'ends_soon' : undefined;
}

export async function operatorShown(
  { operator, origin, lastSignInAt }: Pick<ListedOperator, 'operator' | 'origin' | 'lastSignInAt'>,
  needs: ConsoleNeeds,
  { today, lang }: { readonly today: string; readonly lang: 'fr' | 'en' },
): Promise<OperatorShown> {
  const { perimeter, delegation } = operator;
  return {
    href: `${needs.basePath}${cardPath(operator.id)}`,
    name: operatorName(operator),
    capacity: operator.capacity,
    organization: operator.organization,
    roles: operator.roles,
    perimeter: perimeter && (await perimeterWords(perimeter, needs, lang)),
    delegation,
    state: delegationState(operator, today),
    inFiles: origin === 'configuration',
    lastAt: lastSignInAt,
  };
}

export const proposalLine = (
  { id, kind, state, operator, author, createdAt }: Proposal,
  basePath: string,
) => ({
  href: `${basePath}${proposalPath(id)}`,
  kind,
  status: state,
  name: operatorName(operator),
  by: personName(author),
  createdAt,
});
