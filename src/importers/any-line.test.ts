// Whatever stands in a file, a line is read, refused or left out; and what is read satisfies the schemas of the register.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCommuneCode, isRna, isSiren, isSiret, statedFactsSchema } from '../organizations/organizations.ts';
import type { FactName } from '../organizations/organizations.ts';
import { administrations } from './administrations.ts';
import { isDay } from './days.ts';
import { emailDomains } from './email-domains.ts';
import { everyImporter } from './every-importer.ts';
import type { Importer, Item, Reading } from './importer.ts';
import { leftOutReasons } from './left-out-reasons.ts';
import { ownOrganizations } from './own-organizations.ts';
import { rnaImport } from './rna-import.ts';
import { rnaWaldec } from './rna-waldec.ts';
import { sireneEstablishments } from './sirene-establishments.ts';
import { sireneUnits } from './sirene-units.ts';
import { readLine } from './testing/line.ts';
import { wrongReasons } from './wrong-reasons.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/importing.md'), 'utf8');

const importers = [
  sireneUnits,
  sireneEstablishments,
  rnaWaldec,
  rnaImport,
  administrations,
  emailDomains,
  ownOrganizations,
] as const;

/** Values that each mean something in some column, so that lines get past the first check often enough. */
const telling = [
  '',
  'O',
  'P',
  'A',
  'D',
  'S',
  'C',
  'F',
  'true',
  'True',
  'False',
  'oui',
  'NN',
  '9220',
  '7120',
  '1000',
  '00009',
  '000000109',
  '00000010900009',
  'W000000101',
  '0561001234',
  'AM-METZ-1-2',
  '2A004',
  '56000',
  '2020-02-29',
  '0001-01-01',
  '94.99Z',
  'NAFRev2',
  'ville-rennes.fr',
  '[ND]',
  'ASSOCIATION "LES AMIS, DU FICTIF"',
  '1',
  'spa',
  'federation',
];
const cell = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...telling) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\0', '\ufeff', ' ', '\ud800', 'x'.repeat(1_000), '99999999999999'),
  },
);

/** Right cells by column: garbage is laid over some of them. */
const right: Readonly<Record<string, string>> = {
  siren: '000000109',
  nic: '00009',
  siret: '00000010900009',
  head_office: 'oui',
  establishment_state: 'A',
  SIRET: '00000010900009',
  id: 'W000000101',
  id_ex: '0561001234',
  titre: 'ASSOCIATION',
  name: 'Association',
  nom_complet: 'ASSOCIATION',
  denominationUniteLegale: 'ASSOCIATION',
  position: 'A',
  statutDiffusionUniteLegale: 'O',
  statutDiffusionEtablissement: 'O',
  etatAdministratifUniteLegale: 'A',
  etatAdministratifEtablissement: 'A',
  etablissementSiege: 'true',
  codeCommuneEtablissement: '56260',
  codePostalEtablissement: '56000',
  denominationUsuelleEtablissement: 'ANTENNE',
  categorieJuridiqueUniteLegale: '9220',
  nature_juridique: '9220',
  a_mission_service_public_administratif: 'True',
  est_administration_d_etat: 'False',
  est_collectivite: 'False',
  a_acces_espace_agent: 'True',
  domain_email: 'exemple.fr',
};

function lines(importer: Importer): fc.Arbitrary<Record<string, string>> {
  const start = Object.fromEntries(
    Object.entries(right).filter(([column]) => importer.columns.includes(column)),
  );
  return fc
    .dictionary(fc.constantFrom(...importer.columns), cell, { maxKeys: 8, noNullPrototype: true })
    .map((garbage) => ({ ...start, ...garbage }));
}

const optional = <Value>(value: Value | undefined, holds: (value: Value) => boolean): boolean =>
  value === undefined || holds(value);

function isSound(item: Item): boolean {
  switch (item.kind) {
    case 'organization': {
      const { siren, rna, localRegister, facts } = item.record;
      const identified = siren !== undefined || rna !== undefined || localRegister !== undefined;
      return (
        identified &&
        optional(siren, isSiren) &&
        optional(rna, isRna) &&
        (facts.rna ?? undefined) === rna &&
        statedFactsSchema.safeParse(facts).success
      );
    }
    case 'establishment': {
      const { siret, communeCode, postalCode, createdOn, diffusion } = item.record;
      return (
        isSiret(siret) &&
        optional(communeCode, isCommuneCode) &&
        optional(postalCode, (text) => /^[0-9]{5}$/.test(text)) &&
        optional(createdOn, isDay) &&
        (diffusion !== 'P' || (communeCode ?? postalCode ?? item.record.usualName) === undefined)
      );
    }
    case 'record':
      return item.key !== '' && !item.key.includes('\0');
  }
}

const slugs = (reasons: object): readonly string[] => Object.keys(reasons);

function isReading(importer: Importer, reading: Reading): boolean {
  if ('wrong' in reading) {
    const { column, reason } = reading.wrong;
    return importer.columns.includes(column) && slugs(wrongReasons).includes(reason);
  }
  if ('leftOut' in reading) return slugs(leftOutReasons).includes(reading.leftOut);
  for (const { column, reason } of reading.wrongValues ?? [])
    if (importer.essential.includes(column) || !slugs(wrongReasons).includes(reason)) return false;
  const declared = [...importer.required, ...(importer.optional ?? [])];
  if ((reading.wrongValues ?? []).some(({ column }) => !declared.includes(column))) return false;
  return (
    reading.items.length > 0 &&
    reading.items.every(isSound) &&
    !JSON.stringify(reading.items).includes('\\u0000')
  );
}

/** What must never be missing of a line that is kept: what the organization is, whether it lives, whether it is shown. */
const never: Readonly<Partial<Record<Importer['name'], readonly FactName[]>>> = {
  'sirene-units': ['legalCategory', 'unitState', 'diffusion'],
  'rna-waldec': ['name', 'rna', 'unitState'],
  'rna-import': ['name', 'rna', 'unitState'],
  administrations: ['name', 'legalCategory', 'publicService'],
  organizations: ['name'],
};

const isWhole = (importer: Importer, reading: Reading): boolean =>
  !('items' in reading) ||
  reading.items.every(
    (item) =>
      item.kind !== 'organization' ||
      (never[importer.name] ?? []).every((fact) => item.record.facts[fact] !== undefined),
  );

describe.each(everyImporter)('$name', (importer) => {
  it('declares members of its header, each once, and says which of them are essential', () => {
    const declared = [...importer.required, ...(importer.optional ?? [])];
    expect(new Set(importer.columns).size).toBe(importer.columns.length);
    expect(new Set(declared).size).toBe(declared.length);
    expect(declared.filter((column) => !importer.columns.includes(column))).toEqual([]);
    expect(importer.essential.length).toBeGreaterThan(0);
    expect(importer.essential.filter((column) => !declared.includes(column))).toEqual([]);
    expect((importer.personal ?? []).filter((column) => !declared.includes(column))).toEqual([]);
  });

  it('has its essential columns in the guide', () => {
    const [row = ''] = guide.split('\n').filter((line) => line.startsWith(`| \`${importer.name}\``));
    const [, , essential = ''] = row.split('|');
    expect([...essential.matchAll(/`([^`]+)`/g)].map(([, column]) => column).sort()).toEqual(
      [...importer.essential].sort(),
    );
  });
});

describe.each(importers)('any line of $name', (importer) => {
  it('is read, refused or left out, and what is read is sound', () => {
    fc.assert(
      fc.property(lines(importer), (cells) => {
        const reading = readLine(importer, cells);
        return isReading(importer, reading) && isWhole(importer, reading);
      }),
      { numRuns: 400 },
    );
  });

  it('is read often enough for the property to mean something', () => {
    const readings = fc
      .sample(lines(importer), { numRuns: 200, seed: 7 })
      .map((cells) => readLine(importer, cells));
    expect(readings.filter((reading) => 'items' in reading).length).toBeGreaterThan(10);
    expect(readings.filter((reading) => 'wrong' in reading).length).toBeGreaterThan(10);
    // One column of three is not essential in the list of domains, and nearly every text will do there.
    if (importer !== administrations && importer !== emailDomains)
      expect(readings.some((reading) => 'wrongValues' in reading)).toBe(true);
  });
});
