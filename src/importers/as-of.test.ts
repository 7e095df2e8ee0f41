import { describe, expect, it, test } from 'vitest';
import { asOfOf } from './as-of.ts';
import { everyImporter } from './every-importer.ts';

const now = new Date('2026-11-22T08:00:00Z');
const file = (...names: string[]) => ({ names, modifiedAt: new Date('2026-10-05T23:30:00Z') });

describe('the day that a file speaks of', () => {
  test.each([
    ['StockUniteLegale_2026-11-01.csv', '2026-11-01'],
    ['rna_waldec_20261101.csv', '2026-11-01'],
    ['rna_waldec_20261101_dpt_75.csv', '2026-11-01'],
    ['dpnt-2026_11_01.json', '2026-11-01'],
  ])('is in the name %s', (name, date) => {
    expect(asOfOf(undefined, file(name), now)).toEqual({ date, from: 'from the name of the file' });
  });

  test.each([
    'rna.csv',
    'rna_99999999.csv',
    'rna_20261301.csv',
    'x_2026-11_01.csv',
    'siret_13002526500013.csv',
    'a_2026-02-30.csv',
  ])('is not in the name %s: it is that of the file', (name) => {
    expect(asOfOf(undefined, file(name), now)).toEqual({
      date: '2026-10-05',
      from: 'from the date of the file: its name has none',
    });
  });

  it('is that of the data in the zip, where no name has one', () => {
    const packed = { ...file('StockUniteLegale_utf8.csv'), packedAt: new Date('2026-10-01T00:00:00Z') };
    const found = { date: '2026-10-01', from: 'from the date of the data in the zip: no name has one' };
    expect(asOfOf(undefined, packed, now)).toEqual(found);
    expect(asOfOf(undefined, { ...packed, isDatedByPublisher: true }, now)).toEqual(found);
  });

  it('is never the time of a download, where the publisher dates its files', () => {
    const download = { ...file('StockUniteLegale_utf8.csv'), isDatedByPublisher: true };
    expect(() => asOfOf(undefined, download, now)).toThrow(/^M-IMPT-001: .*--as-of/);
    expect(asOfOf('2026-11-01', download, now).from).toBe('you said so');
    expect(everyImporter.filter((one) => one.isDatedByPublisher === true).map(({ name }) => name)).toEqual([
      'sirene-units',
      'sirene-establishments',
      'rna-waldec',
      'rna-import',
    ]);
  });

  it('is what the operator says, first; then the rule of the register', () => {
    expect(asOfOf('2026-09-01', file('rna_20261101.csv'), now)).toEqual({
      date: '2026-09-01',
      from: 'you said so',
    });
    const dateOf = (name: string) => (name === 'v_commune_2026.csv' ? '2026-01-01' : undefined);
    expect(asOfOf(undefined, { ...file('v_commune_2026.csv'), dateOf }, now).date).toBe('2026-01-01');
  });

  it('may stand in the name of the zip', () => {
    expect(asOfOf(undefined, file('StockUniteLegale_utf8.csv', 'stock-2026-11-01.zip'), now).date).toBe(
      '2026-11-01',
    );
  });

  test.each(['2026-11-24', '2026-02-30', 'yesterday', '2026-1-1'])('is never %s', (asked) => {
    expect(() => asOfOf(asked, file('rna.csv'), now)).toThrow(
      expect.objectContaining({ code: 'M-IMPT-001' }),
    );
  });
});
