import { beforeEach, describe, expect, test } from 'vitest';
import type { Source, StatedFacts } from '../organizations/organizations.ts';
import { readStatements, sirenOf } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import type { Applying, OrganizationRecord } from './applying.ts';
import { changesOf } from './changes.ts';
import { correctFact, endCorrection, withdrawStatement } from './correct.ts';
import { organizationRecord } from './organization-record.ts';
import { emptyRegister } from './testing/register-database.ts';
import { rna, siret } from './testing/samples.ts';

const now = new Date('2026-11-22T10:00:00Z');
const mayors = siret('00000010900009');
const number = rna('W561000001');
const author = { given_name: 'Ada', usual_name: 'Martin', capacity: 'Head', organization: 'Operator' };

/** What operators correct, and what sources withdraw. Every back end passes all of it. */
export function describeCorrections(opened: () => Stores): void {
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

  describe('a correction', () => {
    const correct = (fact: string, value: unknown, organization = '000000109') =>
      correctFact(database(), { organization, fact, value, reason: 'Seen', author, now });
    const end = (fact: string) =>
      endCorrection(database(), { organization: '000000109', fact, reason: 'Settled', author, now });
    beforeEach(() => say('sirene', [ofMayors({ name: 'AMD', legalCategory: '5710', rna: number })]));

    test('is believed before every register, says who and why, and ends', async () => {
      await correct('legalCategory', '9220');
      await say('sirene', [ofMayors({ name: 'AMD', legalCategory: '5499', rna: number })]);
      expect(await row('000000109')).toMatchObject({ legal_category: '9220' });
      const shown = await organizationRecord(database(), '000 000 109');
      expect(shown?.facts.find(({ fact }) => fact === 'legalCategory')).toMatchObject({
        value: '9220',
        origin: { source: 'operator', correction: { reason: 'Seen', author } },
      });
      expect(
        (await changesOf(database(), ['000000109'], 10)).filter(({ source }) => source === 'operator'),
      ).toMatchObject([
        { author, reason: 'Seen', before: undefined, after: { facts: { legalCategory: '9220' } } },
      ]);
      await end('legalCategory');
      expect(await row('000000109')).toMatchObject({ legal_category: '5499' });
      expect(await sourcesOf('000000109')).toEqual(['sirene']);
    });

    test('by RNA number reaches the association that bears it, never a company', async () => {
      await expect(correct('name', 'Amd', number)).rejects.toThrow(
        'M-REGI-001: W561000001 leads to 000000109',
      );
      await correct('legalCategory', '9220');
      await correct('name', 'Amd', number);
      expect(await row('000000109')).toMatchObject({ name: 'Amd' });
    });

    test('decides who an RNA number belongs to', async () => {
      await say('rna', [ofNumber({ name: 'Amd' })]);
      await correct('type', 'association.declared');
      expect(await sourcesOf('000000109')).toEqual(['operator', 'sirene', 'rna']);
      await correct('rna', null);
      expect(await row(number)).toMatchObject({ name: 'Amd' });
      expect(await row('000000109')).toMatchObject({ rna: null });
    });

    test.each([
      ['name', ' '],
      ['legalCategory', '9999'],
      ['type', 'association'],
      ['unitState', 'F'],
      ['rna', 'W1'],
      ['commune', '44000000'],
      ['population', -1],
      ['publicService', { public: true, facets: ['army'] }],
      ['siren', '130025265'],
      ['headOffice', mayors],
    ])('of %s to %j is refused, and nothing changes', async (fact, value) => {
      const before = await rows();
      await expect(Promise.resolve().then(() => correct(fact, value))).rejects.toMatchObject({
        code: 'M-REGI-001',
      });
      expect(await rows()).toEqual(before);
    });

    test('of an organization that is not there, without reason, or of what is not corrected, is refused', async () => {
      await expect(correct('name', 'A', '130025265')).rejects.toMatchObject({ code: 'M-REGI-001' });
      await expect(end('name')).rejects.toMatchObject({ code: 'M-REGI-001' });
      const unreasoned = { organization: '000000109', fact: 'name', value: 'A', reason: ' ', author, now };
      await expect(Promise.resolve().then(() => correctFact(database(), unreasoned))).rejects.toMatchObject({
        code: 'M-REGI-001',
      });
    });
  });

  test('what a source withdraws goes, and the organization with the last of it, unless an establishment is left', async () => {
    const withdraw = (source: Source) =>
      withdrawStatement(database(), '000000109', source, { now, reason: '404' });
    await say('sirene', [ofMayors({ name: 'AMD' })]);
    await say('api_sirene', [ofMayors({ name: 'AMD 56' })]);
    await applyEstablishments(
      database(),
      [{ siret: mayors, state: 'A', headOffice: true }],
      applying('sirene'),
    );
    expect(await withdraw('api_sirene')).toBe(true);
    expect(await withdraw('api_sirene')).toBe(false);
    expect(await withdraw('sirene')).toBe(false);
    await database().deleteFrom('establishment').execute();
    expect(await withdraw('sirene')).toBe(true);
    expect(await rows()).toEqual([]);
    expect(await changesOf(database(), ['000000109'], 1)).toMatchObject([
      { before: { facts: { name: 'AMD' } }, reason: '404' },
    ]);
  });
}
