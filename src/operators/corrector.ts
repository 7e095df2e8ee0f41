import type { Clock } from '../config/config.ts';
import type { Operator, Snapshot } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { OrganizationPage } from '../register/register.ts';
import { may } from './roles.ts';
import { whereItLies } from './route.ts';

interface Known {
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  readonly federationsAbove: (id: string) => Promise<readonly string[]>;
}

/** What a fact opens, it opens in every service: exceptions are not for who decides on some of them. */
export const isForAllServices = ({ perimeter }: Pick<Operator, 'perimeter'>): boolean =>
  perimeter?.services === undefined;

/** Who may decide on the facts of an organization today: role, delegation, perimeter. Nobody on one that nobody knows. */
export const correctorsOf =
  (needs: Known) =>
  async (id: string): Promise<readonly Operator[]> => {
    const found = await needs.organization(id);
    if (found === undefined) return [];
    const [lies, today] = [await whereItLies(found, needs), parisDate(needs.clock())];
    return [...needs.snapshot().operators.values()].filter(
      (one) => isForAllServices(one) && may(one, 'fact.correct', lies, today),
    );
  };
