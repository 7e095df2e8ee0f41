import type { Insertable } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadTerritories, readStatements, sirenOf } from '../organizations/organizations.ts';
import type { Source, StatedFacts } from '../organizations/organizations.ts';
import type { Database, Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { correctFact } from './correct.ts';
import { createOrganizationRegistry } from './registry.ts';
import { emptyRegister } from './testing/register-database.ts';
import { rna, siret } from './testing/samples.ts';

const now = new Date('2026-11-22T10:00:00Z');
const mayors = siret('00000010900009');
const siren = sirenOf(mayors);
const author = { given_name: 'Ada', usual_name: 'Martin', capacity: 'Head', organization: 'Operator' };

/** During a deployment, version N−1 writes the columns of which it knows, beside us. Every back end passes all of it. */
export function describeFormerVersion(opened: () => Stores): void {
  const database = () => opened().db;
  beforeEach(() => emptyRegister(database()));

  const say = (source: Source, facts: StatedFacts, asOf = '2026-11-01') =>
    applyOrganizations(database(), [{ siren, facts }], { source, asOf, now });
  const establish = () =>
    applyEstablishments(database(), [{ siret: mayors, state: 'A', headOffice: true }], {
      source: 'sirene',
      asOf: '2026-11-01',
      now,
    });
  const read = () =>
    createOrganizationRegistry({
      db: database(),
      territories: loadTerritories,
      clock: () => now,
    }).bySiret(mayors);
  const row = () => database().selectFrom('organization').selectAll().executeTakeFirstOrThrow();

  /** The statement of version N−1, word for word. */
  const formerUpsert = (changes: Partial<Insertable<Database['organization']>> = {}) =>
    database()
      .insertInto('organization')
      .values({
        siren,
        name: 'AMD',
        legal_category: '9220',
        unit_state: 'A',
        rna: null,
        created_on: null,
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'demo',
        source_date: '2026-11-15',
        updated_at: now,
        ...changes,
      })
      .onConflict((conflict) =>
        conflict.column('siren').doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          legal_category: eb.ref('excluded.legal_category'),
          unit_state: eb.ref('excluded.unit_state'),
          rna: eb.ref('excluded.rna'),
          created_on: eb.ref('excluded.created_on'),
          declared_population: eb.ref('excluded.declared_population'),
          qualifications: eb.ref('excluded.qualifications'),
          suspended_at: eb.ref('excluded.suspended_at'),
          source: eb.ref('excluded.source'),
          source_date: eb.ref('excluded.source_date'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute();

  describe('what version N−1 writes over a row of ours', () => {
    const written = { name: 'AMD 56', legal_category: '9230', unit_state: 'C' } as const;
    const readBack = { name: 'AMD 56', legalCategory: '9230', unitState: 'C' };

    test.each<[string, Partial<Insertable<Database['organization']>>, object]>([
      ['name', { name: 'AMD 56' }, { name: 'AMD 56' }],
      ['legal category', { legal_category: '9230' }, { legalCategory: '9230' }],
      ['state', { unit_state: 'C' }, { unitState: 'C', active: false }],
      ['RNA number', { rna: 'W561000001' }, { rna: 'W561000001' }],
      ['day of creation', { created_on: '1907-01-01' }, { createdOn: '1907-01-01' }],
    ])('is read, and stays when an import comes after: %s', async (_, changes, expected) => {
      await say('configuration', { name: 'AMD', legalCategory: '9220', unitState: 'A' });
      await establish();
      await formerUpsert(changes);
      expect(await read()).toMatchObject(expected);
      await say(
        'sirene',
        { name: 'OTHER', legalCategory: '9260', unitState: 'A', sizeBand: '11' },
        '2026-11-20',
      );
      expect(await read()).toMatchObject({ ...expected, sizeBand: '11' });
    });

    test('is one statement among others: no register and no correction is lost', async () => {
      await say('sirene', { name: 'OTHER', legalCategory: '9220', unitState: 'A', sizeBand: '11' });
      await establish();
      const correcting = { organization: siren, fact: 'legalCategory', value: '9260' };
      await correctFact(database(), { ...correcting, reason: 'Seen', author, now });
      const before = readStatements((await row()).statements);
      await formerUpsert(written);
      expect(readStatements((await row()).statements)).toEqual({
        ...before,
        configuration: {
          facts: { name: 'AMD 56', legalCategory: '9230', unitState: 'C' },
          asOf: '2026-11-15',
          label: 'demo',
        },
      });
      expect(await read()).toMatchObject({ ...readBack, legalCategory: '9260', sizeBand: '11' });
    });

    test('that says the same as the columns changes no statement', async () => {
      await say('configuration', { name: 'AMD', legalCategory: '9220', unitState: 'A' });
      await establish();
      const { statements } = await row();
      await formerUpsert({ qualifications: '[]' });
      expect((await row()).statements).toBe(statements);
    });

    test('our own words are no words of N−1, whatever they change', async () => {
      await say('sirene', { name: 'AMD', legalCategory: '9220', unitState: 'A', rna: rna('W561000001') });
      await establish();
      await say('sirene', { name: 'AMD 56', legalCategory: '9230', unitState: 'C' }, '2026-11-20');
      expect(Object.keys(readStatements((await row()).statements))).toEqual(['sirene']);
      // The words of a transaction end with it.
      await formerUpsert({ name: 'AMD 29' });
      expect(Object.keys(readStatements((await row()).statements)).sort()).toEqual([
        'configuration',
        'sirene',
      ]);
    });
  });

  test.each(['A', 'C'] as const)('active in a row of N−1 is no word, ceased is one: %s', async (state) => {
    await formerUpsert({ unit_state: state });
    await establish();
    expect(await read()).toMatchObject({ unitState: state });
    await say('sirene', { name: 'OTHER', unitState: state === 'A' ? 'C' : 'A' }, '2026-11-20');
    expect(await read()).toMatchObject({ name: 'AMD', unitState: 'C', active: false });
  });

  test('a suspension that N−1 wrote stays when we read and change the row', async () => {
    await formerUpsert({ suspended_at: now });
    await establish();
    expect(await read()).toMatchObject({ name: 'AMD', suspended: true });
    await say('sirene', { name: 'OTHER', unitState: 'C' });
    expect(await read()).toMatchObject({ name: 'AMD', suspended: true });
    expect((await row()).suspended_at).toEqual(now);
  });
}
