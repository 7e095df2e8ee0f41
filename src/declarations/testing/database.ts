import { rm } from 'node:fs/promises';
import { newMigratedSettings } from '../../../test/support/migrated-data-dir.ts';
import { createSeal, systemClock } from '../../config/config.ts';
import { openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import { idpSecretPurpose } from '../idp-secret.ts';
import { readDeclarations } from '../load.ts';
import type { DeclaredSet } from '../declared-set.ts';
import {
  anApproval,
  aClient,
  aMembership,
  anIdp,
  anOperator,
  anOrganization,
  aPolicy,
  aService,
  yamlOf,
} from './samples.ts';

export const seal = createSeal(['test-encryption-key-of-32-characters-and-more'], idpSecretPurpose);

/** A database of its own, migrated and empty. */
export async function openTestDatabase(): Promise<Stores> {
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl } = await newMigratedSettings();
  const stores = await openStores({ databaseUrl, dataDir, clock: systemClock });
  return {
    ...stores,
    async close() {
      await stores.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

const samples = {
  services: [aService],
  clients: [aClient],
  identity_providers: [anIdp],
  policies: [aPolicy],
  operators: [anOperator],
  approvals: [anApproval],
  memberships: [aMembership],
  organizations: [anOrganization],
};

/** One object of each kind, or others in their place. */
export function declaredWith(sections: Readonly<Record<string, readonly object[]>> = {}): DeclaredSet {
  return readDeclarations([{ name: 'a.yaml', text: yamlOf({ ...samples, ...sections }) }], {
    production: false,
    variables: {},
  });
}
