import type { Clock } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Perimeter } from './perimeter.ts';
import { may, mayAnywhere } from './roles.ts';

interface Today {
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
}

/** Within which bounds somebody may decide on files today: role, delegation, perimeter. Undefined: not at all. */
export const chargeToDecide =
  ({ snapshot, clock }: Today) =>
  (operatorId: string): { readonly perimeter: Perimeter } | undefined => {
    const declared = snapshot().operators.get(operatorId);
    const isCharged = declared !== undefined && mayAnywhere(declared, 'file.decide', parisDate(clock()));
    return isCharged ? { perimeter: declared.perimeter ?? {} } : undefined;
  };

/** Whether somebody may write the rules of a service today. */
export const writesRules =
  ({ snapshot, clock }: Today) =>
  (operatorId: string, service: string): boolean => {
    const declared = snapshot().operators.get(operatorId);
    return (
      declared !== undefined && may(declared, 'policy.edit', { services: [service] }, parisDate(clock()))
    );
  };
