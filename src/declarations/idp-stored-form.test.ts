import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Stores } from '../storage/storage.ts';
import { applyDeclarations } from './apply.ts';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { declaredWith, openTestDatabase, seal } from './testing/database.ts';
import { anIdp, without } from './testing/samples.ts';

/** What the version before reads of organizations and domains, as it stood there; it ignores every member that came since. */
const versionBefore = z.object({
  id: z.string(),
  domains: z.array(z.string()).min(1),
  default_siret: z.string().optional(),
  sirets: z.array(z.string()).optional(),
});
/** Its rule for what may be asserted. */
const mayAssert = ({ sirets }: z.output<typeof versionBefore>, siret: string): boolean =>
  sirets === undefined || sirets.includes(siret);

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
}, 180_000);
afterAll(() => stores.close());

const silent = without(anIdp, 'any_siret');
const clock = () => new Date('2026-11-22T10:00:00Z');

async function stored(record: object) {
  const declared = declaredWith({ identity_providers: [record] });
  const apply = () => applyDeclarations(declared, { db: stores.db, seal, clock });
  await apply();
  const row = await stores.db
    .selectFrom('declared_object')
    .select('document')
    .where('kind', '=', 'identity_provider')
    .executeTakeFirstOrThrow();
  const document: unknown = JSON.parse(row.document);
  return { document, again: await apply() };
}

describe('a record is stored so that the version before does no more with it than it says', () => {
  it('one that gives no organization may assert none there either', async () => {
    const { document, again } = await stored({ ...silent, gives_organization: false });
    const before = versionBefore.parse(document);
    expect(mayAssert(before, '13002526500013')).toBe(false);
    const now = storedIdentityProviderSchema.parse(document);
    expect(now).toMatchObject({ gives_organization: false, domains: ['etat.example'] });
    expect(now).not.toHaveProperty('sirets');
    expect(again.changes).toEqual([]);
  });

  it('a hidden one is left out there: its domains send nobody to it', async () => {
    const { document, again } = await stored({ ...anIdp, test_addresses: ['essai-7f3a@etat.example'] });
    expect(versionBefore.safeParse(document).success).toBe(false);
    expect(storedIdentityProviderSchema.parse(document)).toMatchObject({
      domains: ['etat.example'],
      test_addresses: ['essai-7f3a@etat.example'],
    });
    expect(again.changes).toEqual([]);
  });

  it('both at once, without any domain', async () => {
    const { document, again } = await stored({
      ...silent,
      gives_organization: false,
      domains: [],
      test_addresses: ['essai-7f3a@etat.example'],
    });
    expect(storedIdentityProviderSchema.parse(document)).toMatchObject({ domains: [] });
    expect(again.changes).toEqual([]);
  });

  it('any other as it is written', async () => {
    const { document } = await stored({ ...silent, sirets: ['13002526500013'] });
    expect(versionBefore.parse(document)).toMatchObject({
      domains: ['etat.example'],
      sirets: ['13002526500013'],
    });
  });
});
