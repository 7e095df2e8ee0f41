import { beforeEach, describe, expect, test } from 'vitest';
import type { Source, StatedFacts } from '../organizations/organizations.ts';
import { readStatements, sirenOf } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { applyRecords } from './apply-records.ts';
import type { Applying, OrganizationRecord } from './applying.ts';
import { changesOf } from './changes.ts';
import { emptyRegister } from './testing/register-database.ts';
import { rna, siret } from './testing/samples.ts';

const now = new Date('2026-11-22T10:00:00Z');
const mayors = siret('00000010900009');
const nantes = siret('21440109300015');
const school = siret('21440109300023');
const dinum = siret('13002526500013');
const number = rna('W561000001');

/** What is said of organizations, on whatever keeps it. Every back end passes all of it. */
export function describeRegister(opened: () => Stores): void {
  const database = () => opened().db;
  beforeEach(() => emptyRegister(database()));

  const applying = (source: Source, others: Partial<Applying> = {}): Applying => ({
    source,
    asOf: '2026-11-01',
    now,
    ...others,
  });
  const say = (source: Source, records: readonly OrganizationRecord[], others: Partial<Applying> = {}) =>
    applyOrganizations(database(), records, applying(source, others));
  const ofMayors = (facts: StatedFacts): OrganizationRecord => ({ siren: sirenOf(mayors), facts });
  const ofNumber = (facts: StatedFacts): OrganizationRecord => ({ rna: number, facts });
  const rows = () => database().selectFrom('organization').selectAll().orderBy('id').execute();
  const row = async (id: string) => (await rows()).find((one) => one.id === id);
  const sourcesOf = async (id: string) => Object.keys(readStatements((await row(id))?.statements ?? '{}'));

  describe('an organization', () => {
    test('is new once, the same after, changed when its source says something else', async () => {
      const first = await say('sirene', [ofMayors({ name: 'AMD', legalCategory: '9220' })], { importId: 1 });
      expect(first).toEqual({ new: 1, changed: 0, same: 0, refused: [] });
      const again = { asOf: '2026-12-01', importId: 2 };
      expect(await say('sirene', [ofMayors({ legalCategory: '9220', name: 'AMD' })], again)).toMatchObject({
        same: 1,
      });
      expect(readStatements((await row('000000109'))?.statements ?? '')).toEqual({
        sirene: {
          facts: { name: 'AMD', legalCategory: '9220' },
          asOf: '2026-12-01',
          importId: 2,
          confirms: [{ asOf: '2026-11-01', importId: 1 }],
        },
      });
      expect(await changesOf(database(), ['000000109'], 10)).toEqual([]);
      const changed = { asOf: '2026-12-02', importId: 3 };
      expect(await say('sirene', [ofMayors({ name: 'AMD 56' })], changed)).toMatchObject({ changed: 1 });
      expect(await changesOf(database(), ['000000109'], 10)).toMatchObject([
        {
          source: 'sirene',
          importId: 3,
          before: { facts: { name: 'AMD' } },
          after: { facts: { name: 'AMD 56' } },
        },
      ]);
      expect(await row('000000109')).toMatchObject({
        name: 'AMD 56',
        created_import: 1,
        search_name: 'amd 56',
      });
    });

    test('an older word of the same source is refused, one of another source is not', async () => {
      await say('sirene', [ofMayors({ name: 'AMD' })]);
      const older = { asOf: '2026-10-01' };
      expect((await say('sirene', [ofMayors({ name: 'OLD' })], older)).refused).toMatchObject([
        { index: 0, reason: 'older_than_held' },
      ]);
      expect(await say('rna', [{ ...ofNumber({ name: 'Other' }) }], older)).toMatchObject({ new: 1 });
      expect(await row('000000109')).toMatchObject({ name: 'AMD' });
    });

    test('of two records of one in a batch the last counts', async () => {
      const outcome = await say('sirene', [ofMayors({ name: 'A' }), ofMayors({ name: 'B' })]);
      expect(outcome).toMatchObject({ new: 1, refused: [{ index: 0, reason: 'twice_in_batch' }] });
      expect(await row('000000109')).toMatchObject({ name: 'B' });
    });

    test('leaves to operators what is theirs', async () => {
      await say('configuration', [ofMayors({ name: 'AMD' })], { label: 'demo' });
      await database()
        .updateTable('organization')
        .set({ suspended_at: now, qualifications: '[1]', declared_population: 3 })
        .execute();
      await say('sirene', [ofMayors({ name: 'AMD', unitState: 'C' })]);
      expect(await row('000000109')).toMatchObject({
        suspended_at: now,
        qualifications: '[1]',
        declared_population: 3,
      });
    });

    test('of version N−1 keeps what was declared', async () => {
      await database()
        .insertInto('organization')
        .values({
          ...{ siren: '000000109', name: 'AMD', legal_category: '9220', unit_state: 'A', rna: null },
          ...{ created_on: null, declared_population: null, qualifications: '[]', suspended_at: null },
          ...{ source: 'demo', source_date: '2026-01-01', updated_at: now },
        })
        .execute();
      await say('sirene', [ofMayors({ name: 'OTHER', sizeBand: '11' })]);
      expect(readStatements((await row('000000109'))?.statements ?? '')).toMatchObject({
        configuration: { facts: { name: 'AMD', legalCategory: '9220' }, label: 'demo', asOf: '2026-01-01' },
        sirene: { facts: { name: 'OTHER' } },
      });
      expect(await row('000000109')).toMatchObject({ name: 'AMD', size_band: '11' });
    });

    test('twenty who speak at once are all heard', async () => {
      const speakers = ['sirene', 'api_sirene', 'configuration', 'recherche_entreprises', 'dpnt'] as const;
      await Promise.all([
        ...speakers.flatMap((source) => [
          say(source, [ofMayors({ name: source, legalCategory: '9220', rna: number })]),
          say(source, [{ siren: sirenOf(nantes), facts: { name: source } }]),
          say(source, [
            ofMayors({ name: source, legalCategory: '9220', rna: number }),
            { siren: sirenOf(dinum), facts: {} },
          ]),
        ]),
        ...(['rna', 'rna_import'] as const).flatMap((source) => [
          say(source, [ofNumber({ name: source })]),
          say(source, [ofNumber({ name: source })]),
        ]),
        applyEstablishments(database(), [{ siret: dinum, state: 'A', headOffice: true }], applying('sirene')),
      ]);
      expect(await sourcesOf('000000109')).toHaveLength(speakers.length + 2);
      expect(await sourcesOf('214401093')).toHaveLength(speakers.length);
      expect(await row(number)).toBeUndefined();
    });
  });

  describe('an association by its RNA number', () => {
    const sirene = (facts: StatedFacts = {}) =>
      say('sirene', [ofMayors({ name: 'AMD', legalCategory: '9220', rna: number, ...facts })]);

    test('becomes one with the legal unit that names it, whoever came first', async () => {
      await say('rna', [ofNumber({ name: 'Amd', grouping: 'union' })], { importId: 1 });
      expect(await row(number)).toMatchObject({ siren: null, rna: number, created_import: 1 });
      expect(await sirene()).toMatchObject({ new: 0, changed: 1 });
      const joined = await rows();
      expect(joined.map(({ id }) => id)).toEqual(['000000109']);
      expect(await sourcesOf('000000109')).toEqual(['sirene', 'rna']);
      expect(await changesOf(database(), [number, '000000109'], 10)).toContainEqual(
        expect.objectContaining({ shelf: 'identity', subject: number, after: { id: '000000109' } }),
      );
      await emptyRegister(database());
      await sirene();
      expect(await say('rna', [ofNumber({ name: 'Amd', grouping: 'union' })])).toMatchObject({ changed: 1 });
      const [other] = await rows();
      expect({ ...other, created_import: 1, statements: '' }).toEqual({ ...joined[0], statements: '' });
    });

    test('two rows become one when the unit begins to name it, and two again when it stops', async () => {
      await sirene({ rna: undefined });
      await say('rna', [ofNumber({ name: 'Amd' })]);
      expect(await rows()).toHaveLength(2);
      await sirene();
      expect((await rows()).map(({ id }) => id)).toEqual(['000000109']);
      await sirene({ rna: undefined });
      expect((await rows()).map(({ id }) => id)).toEqual(['000000109', number]);
      expect(await sourcesOf('000000109')).toEqual(['sirene']);
    });

    test('is not swallowed by a company that bears its number', async () => {
      await say('rna', [ofNumber({ name: 'Amd' })]);
      await sirene({ legalCategory: '5710' });
      expect((await rows()).map(({ id, flags }) => [id, flags.includes('rna_on_non_association')])).toEqual([
        ['000000109', true],
        [number, false],
      ]);
    });

    test('belongs to none of two that name it: both are flagged, until one stops', async () => {
      await sirene();
      await say('rna', [ofNumber({ name: 'Amd' })]);
      const other = (facts: StatedFacts) =>
        say('sirene', [{ siren: sirenOf(nantes), facts: { legalCategory: '9220', ...facts } }]);
      await other({ rna: number });
      const shared = async () =>
        (await rows()).filter(({ flags }) => flags.includes('rna_shared')).map(({ id }) => id);
      expect((await rows()).map(({ id }) => id)).toEqual(['000000109', '214401093', number]);
      expect(await shared()).toEqual(['000000109', '214401093', number]);
      await other({});
      expect((await rows()).map(({ id }) => id)).toEqual(['000000109', '214401093']);
      expect(await shared()).toEqual([]);
    });

    test('belongs to the SIRET that the RNA gives, when that is an association without a number', async () => {
      await sirene({ rna: undefined });
      await say('rna', [ofNumber({ name: 'Amd', headOffice: mayors })]);
      expect(await sourcesOf('000000109')).toEqual(['sirene', 'rna']);
      await sirene({ rna: rna('W561000002') });
      expect((await rows()).map(({ id }) => id)).toEqual(['000000109', number]);
    });

    test('takes along what operators decided of it', async () => {
      await say('rna', [ofNumber({ name: 'Amd' })]);
      await database().updateTable('organization').set({ suspended_at: now }).execute();
      await sirene();
      expect(await row('000000109')).toMatchObject({ suspended_at: now });
    });

    test('of Alsace-Moselle lives by its entry in the register of a court, until it has a SIREN', async () => {
      const localRegister = 'AM-SELESTAT-12-34';
      await say('organizations', [{ localRegister, facts: { name: 'Chorale', legalCategory: '9260' } }]);
      expect(await row(localRegister)).toMatchObject({ siren: null, rna: null });
      await say('sirene', [
        { siren: sirenOf(mayors), localRegister, facts: { name: 'CHORALE', legalCategory: '9260' } },
      ]);
      expect((await rows()).map((one) => [one.id, one.local_register])).toEqual([
        ['000000109', localRegister],
      ]);
      expect(await sourcesOf('000000109')).toEqual(['organizations', 'sirene']);
    });
  });

  describe('an establishment', () => {
    const open = (one: typeof mayors, others: object = {}) => ({
      siret: one,
      state: 'A' as const,
      headOffice: false,
      ...others,
    });
    const establish = (
      records: Parameters<typeof applyEstablishments>[1],
      source: Source = 'sirene',
      others: Partial<Applying> = {},
    ) => applyEstablishments(database(), records, applying(source, others));
    const held = () => database().selectFrom('establishment').selectAll().orderBy('siret').execute();

    test('needs its legal unit, is written once, and goes by the newest date', async () => {
      expect((await establish([open(nantes)])).refused).toMatchObject([
        { reason: 'unit_unknown', detail: '214401093' },
      ]);
      await say('sirene', [{ siren: sirenOf(nantes), facts: { name: 'NANTES' } }]);
      expect(await establish([open(nantes, { naf: '84.11Z' })])).toMatchObject({ new: 1 });
      expect(await establish([open(nantes, { naf: '84.11Z' })])).toMatchObject({ same: 1 });
      expect((await establish([open(nantes)], 'api_sirene', { asOf: '2026-10-01' })).refused).toMatchObject([
        { reason: 'older_than_held' },
      ]);
      expect(await establish([open(nantes)], 'configuration', { asOf: '2026-10-01' })).toMatchObject({
        changed: 1,
      });
      expect(await establish([open(nantes, { state: 'F' })], 'sirene', { asOf: '2026-11-02' })).toMatchObject(
        { changed: 1 },
      );
      expect(await held()).toMatchObject([{ state: 'F', source: 'sirene', source_date: '2026-11-02' }]);
    });

    test('the head office moves, in the history too, and the commune of the unit follows', async () => {
      await say('sirene', [{ siren: sirenOf(nantes), facts: { name: 'NANTES' } }]);
      await establish([open(nantes, { headOffice: true, communeCode: '44109' }), open(school)]);
      expect(await row('214401093')).toMatchObject({ commune_code: '44109' });
      await establish([open(school, { headOffice: true, communeCode: '44162' })], 'sirene', {
        asOf: '2026-11-02',
      });
      expect((await held()).map((one) => one.head_office)).toEqual([false, true]);
      expect(await row('214401093')).toMatchObject({ commune_code: '44162' });
      expect(await changesOf(database(), [nantes], 1)).toMatchObject([
        { shelf: 'establishment', before: { head_office: true }, after: { head_office: false } },
      ]);
      await say('sirene', [{ siren: sirenOf(nantes), facts: { name: 'VILLE DE NANTES' } }]);
      expect(await row('214401093')).toMatchObject({ commune_code: '44162' });
    });
  });

  test('a record of a shelf is new, the same, changed, or older than what is held', async () => {
    const write = (name: string, asOf: string) =>
      applyRecords(database(), 'commune', [{ key: '44109', record: { name } }], { source: 'cog', asOf, now });
    expect(await write('Nantes', '2026-01-01')).toMatchObject({ new: 1 });
    expect(await write('Nantes', '2026-01-01')).toMatchObject({ same: 1 });
    expect(await write('NANTES', '2026-01-02')).toMatchObject({ changed: 1 });
    expect((await write('Nantes', '2026-01-01')).refused).toMatchObject([{ reason: 'older_than_held' }]);
  });
}
