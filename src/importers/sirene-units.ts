import { isSiret } from '../organizations/organizations.ts';
import type { Siren, Siret } from '../organizations/organizations.ts';
import { cellsOf, refuse } from './cells.ts';
import type { Cells } from './cells.ts';
import {
  diffusion,
  isBetweenNaturalPersons,
  isSoleTrader,
  legalCategoryCode,
  nafCode,
  nafOf,
  sizeBand,
  unitState,
} from './codes.ts';
import { sireneDay } from './days.ts';
import { optionalRna, requiredSiren } from './identifiers.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { stated } from './stated.ts';
import { optionalText } from './texts.ts';

/** Base Sirene, StockUniteLegale: INSEE, dessin de fichier of 2025 and later (with NAF 2025). */
const columns = [
  'siren',
  'statutDiffusionUniteLegale',
  'unitePurgeeUniteLegale',
  'dateCreationUniteLegale',
  'sigleUniteLegale',
  'sexeUniteLegale',
  'prenom1UniteLegale',
  'prenom2UniteLegale',
  'prenom3UniteLegale',
  'prenom4UniteLegale',
  'prenomUsuelUniteLegale',
  'pseudonymeUniteLegale',
  'identifiantAssociationUniteLegale',
  'trancheEffectifsUniteLegale',
  'anneeEffectifsUniteLegale',
  'dateDernierTraitementUniteLegale',
  'nombrePeriodesUniteLegale',
  'categorieEntreprise',
  'anneeCategorieEntreprise',
  'dateDebut',
  'etatAdministratifUniteLegale',
  'nomUniteLegale',
  'nomUsageUniteLegale',
  'denominationUniteLegale',
  'denominationUsuelle1UniteLegale',
  'denominationUsuelle2UniteLegale',
  'denominationUsuelle3UniteLegale',
  'categorieJuridiqueUniteLegale',
  'activitePrincipaleUniteLegale',
  'nomenclatureActivitePrincipaleUniteLegale',
  'nicSiegeUniteLegale',
  'economieSocialeSolidaireUniteLegale',
  'societeMissionUniteLegale',
  'caractereEmployeurUniteLegale',
  'activitePrincipaleNAF25UniteLegale',
] as const;

/** Names of natural persons: looked at to leave the line out, never kept. */
const personal = ['nomUniteLegale', 'prenom1UniteLegale'] as const;

const names = [
  'denominationUniteLegale',
  'denominationUsuelle1UniteLegale',
  'denominationUsuelle2UniteLegale',
  'denominationUsuelle3UniteLegale',
] as const;

/**
 * What the unit is, whether it lives, whether it may be shown, and what it is called. A name of a person that cannot be
 * read must not pass for none.
 */
const essential = [
  'siren',
  'statutDiffusionUniteLegale',
  'unitePurgeeUniteLegale',
  'etatAdministratifUniteLegale',
  ...personal,
  'denominationUniteLegale',
  'categorieJuridiqueUniteLegale',
] as const;

export const sireneUnits: Importer = {
  name: 'sirene-units',
  source: 'sirene',
  summary: 'INSEE, base Sirene, legal units: StockUniteLegale_utf8.csv, its zip, or its Parquet',
  columns,
  required: [
    'siren',
    'statutDiffusionUniteLegale',
    'unitePurgeeUniteLegale',
    'dateCreationUniteLegale',
    'sigleUniteLegale',
    'identifiantAssociationUniteLegale',
    'trancheEffectifsUniteLegale',
    'etatAdministratifUniteLegale',
    ...personal,
    ...names,
    'categorieJuridiqueUniteLegale',
    'activitePrincipaleUniteLegale',
    'nomenclatureActivitePrincipaleUniteLegale',
    'nicSiegeUniteLegale',
  ],
  // INSEE added it in 2025: older files are read as well.
  optional: ['activitePrincipaleNAF25UniteLegale'],
  essential,
  personal,
  separator: ',',
  encodings: ['utf-8'],
  isDatedByPublisher: true,
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const siren = cells.read('siren', requiredSiren);
  if (siren === undefined) return cells.reading([]);
  if (cells.text('unitePurgeeUniteLegale') === 'true') return { leftOut: 'purged_unit' };
  const legalCategory = cells.read('categorieJuridiqueUniteLegale', legalCategoryCode);
  // A person's line names the person, masked or not, and has no name of a legal unit.
  const namesPerson =
    row.get('denominationUniteLegale').trim() === '' &&
    personal.some((column) => row.get(column).trim() !== '');
  if (namesPerson || (legalCategory !== undefined && isSoleTrader(legalCategory)))
    return { leftOut: 'sole_trader' };
  if (legalCategory === undefined) return cells.reading([]);
  if (isBetweenNaturalPersons(legalCategory)) return { leftOut: 'natural_person' };

  const shown = cells.read('statutDiffusionUniteLegale', diffusion);
  const rna = cells.read('identifiantAssociationUniteLegale', optionalRna);
  const nomenclature = cells.text('nomenclatureActivitePrincipaleUniteLegale');
  const facts = stated({
    // INSEE writes `[ND]` there when the person opposed publication: a file that forgets to is no reason to read it.
    name: shown === 'P' ? undefined : nameOf(cells),
    acronym: shown === 'P' ? undefined : cells.read('sigleUniteLegale', optionalText),
    legalCategory,
    unitState: cells.read('etatAdministratifUniteLegale', unitState),
    rna,
    createdOn: cells.read('dateCreationUniteLegale', sireneDay),
    naf: cells.read('activitePrincipaleUniteLegale', nafOf(nomenclature)),
    naf25: cells.read('activitePrincipaleNAF25UniteLegale', nafCode),
    sizeBand: cells.read('trancheEffectifsUniteLegale', sizeBand),
    diffusion: shown,
    headOffice: headOffice(cells, siren),
  });
  if (shown === 'O' && facts.name === undefined) cells.refuse('denominationUniteLegale', 'name_missing');
  return cells.reading([{ kind: 'organization', record: { siren, rna, facts } }]);
}

function nameOf(cells: Cells): string | undefined {
  for (const column of names) {
    const name = cells.read(column, optionalText);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** SIREN and NIC; a unit that never had an establishment has none. */
function headOffice(cells: Cells, siren: Siren): Siret | undefined {
  return cells.read('nicSiegeUniteLegale', (nic) => {
    if (nic === '') return undefined;
    const siret = siren + nic;
    if (isSiret(siret)) return siret;
    return refuse(/^[0-9]{5}$/.test(nic) ? 'siret_key' : 'siret_malformed');
  });
}
