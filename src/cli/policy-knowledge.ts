import { createDeclarations } from '../declarations/declarations.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { loadPublicServiceExceptions } from '../organizations/organizations.ts';
import type { PublicServiceExceptions, TerritoryIndex } from '../organizations/organizations.ts';
import { createOrganizationRegistry, createTerritories } from '../register/register.ts';
import type { OrganizationRegistry } from '../register/register.ts';
import type { Stores } from '../storage/storage.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { withStores } from './with-stores.ts';

/** What a policy is tried on: everything that the broker itself would know, without asking anybody over the network. */
export interface PolicyKnowledge {
  readonly db: Stores['db'];
  readonly snapshot: Snapshot;
  readonly territories: TerritoryIndex;
  readonly exceptions: PublicServiceExceptions;
  readonly registry: OrganizationRegistry;
}

export function withPolicyKnowledge<T>(
  surroundings: Surroundings,
  work: (knowledge: PolicyKnowledge) => Promise<T>,
): Promise<T> {
  const { clock } = surroundings;
  return withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const [declarations, territories] = [
      await createDeclarations({ db, clock }),
      await createTerritories({ db }),
    ];
    declarations.stop();
    territories.stop();
    const exceptions = loadPublicServiceExceptions();
    const registry = createOrganizationRegistry({ db, territories: territories.current, exceptions, clock });
    return work({
      db,
      snapshot: declarations.current(),
      territories: territories.current(),
      exceptions,
      registry,
    });
  });
}

/** @throws BrokerError M-POLI-001 */
export function assertService({ services }: Snapshot, service: string): void {
  if (services.has(service)) return;
  const known = [...services.keys()].join(', ');
  throw new BrokerError('M-POLI-001', {
    detail: `There is no service "${service}". Those declared: ${known === '' ? 'none' : known}.`,
  });
}
