import { createDeclarations } from '../declarations/declarations.ts';
import { approvedCsv, approvedJson, approvedOrganizations, createTerritories } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

const isFormat = (text: string): text is 'csv' | 'json' => text === 'csv' || text === 'json';

/** On the standard output, so that a person chooses where it goes. */
export async function exportApproved(surroundings: Surroundings, { values }: Arguments): Promise<void> {
  const format = values.get('format') ?? 'csv';
  if (!isFormat(format)) throw new UsageError(`--format must be csv or json, not "${format}"`);
  const config = configOf(surroundings);
  const now = surroundings.clock();
  const organizations = await withStores(surroundings, config, async ({ db }) => {
    const declarations = await createDeclarations({
      db,
      clock: surroundings.clock,
      onProblem: () => undefined,
    });
    declarations.stop();
    const territories = await createTerritories({ db });
    territories.stop();
    return approvedOrganizations(db, {
      now,
      territories: territories.current(),
      serviceName: (id) => declarations.current().services.get(id)?.name.fr,
    });
  });
  const producer = config.issuer.origin + config.issuerPath;
  surroundings.print(
    (format === 'csv'
      ? approvedCsv(organizations, { now })
      : approvedJson(organizations, { producer, now })
    ).trimEnd(),
  );
}
