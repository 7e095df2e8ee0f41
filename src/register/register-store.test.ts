import { afterAll, beforeAll, describe } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import type { Stores } from '../storage/storage.ts';
import { describeCorrections } from './conformance-corrections.ts';
import { describeFormerVersion } from './conformance-former-version.ts';
import { describeRegister } from './conformance-register.ts';
import { openRegisterIn } from './testing/register-database.ts';

describe('the register on PGlite', () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openRegisterIn(undefined);
  });
  afterAll(() => stores.close());
  describeRegister(() => stores);
  describeCorrections(() => stores);
  describeFormerVersion(() => stores);
});

const postgres = await startPostgres('The register on PostgreSQL');
afterAll(() => postgres?.stop());
if (postgres !== undefined) {
  describe('the register on PostgreSQL', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openRegisterIn(await postgres.createDatabase());
    });
    afterAll(() => stores.close());
    describeRegister(() => stores);
    describeCorrections(() => stores);
    describeFormerVersion(() => stores);
  });
}
