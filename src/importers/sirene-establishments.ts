import type { Siret } from '../organizations/organizations.ts';
import { cellsOf } from './cells.ts';
import type { Cells } from './cells.ts';
import { diffusion, establishmentState, nafCode, nafOf, sizeBand, trueOrFalse } from './codes.ts';
import { sireneDay } from './days.ts';
import { communeCode, postcode, requiredSiret } from './identifiers.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { optionalText } from './texts.ts';

/** Base Sirene, StockEtablissement: INSEE, dessin de fichier of 2025 and later (with NAF 2025). */
const columns = [
  'siren',
  'nic',
  'siret',
  'statutDiffusionEtablissement',
  'dateCreationEtablissement',
  'trancheEffectifsEtablissement',
  'anneeEffectifsEtablissement',
  'activitePrincipaleRegistreMetiersEtablissement',
  'dateDernierTraitementEtablissement',
  'etablissementSiege',
  'nombrePeriodesEtablissement',
  'complementAdresseEtablissement',
  'numeroVoieEtablissement',
  'indiceRepetitionEtablissement',
  'dernierNumeroVoieEtablissement',
  'indiceRepetitionDernierNumeroVoieEtablissement',
  'typeVoieEtablissement',
  'libelleVoieEtablissement',
  'codePostalEtablissement',
  'libelleCommuneEtablissement',
  'libelleCommuneEtrangerEtablissement',
  'distributionSpecialeEtablissement',
  'codeCommuneEtablissement',
  'codeCedexEtablissement',
  'libelleCedexEtablissement',
  'codePaysEtrangerEtablissement',
  'libellePaysEtrangerEtablissement',
  'identifiantAdresseEtablissement',
  'coordonneeLambertAbscisseEtablissement',
  'coordonneeLambertOrdonneeEtablissement',
  'complementAdresse2Etablissement',
  'numeroVoie2Etablissement',
  'indiceRepetition2Etablissement',
  'typeVoie2Etablissement',
  'libelleVoie2Etablissement',
  'codePostal2Etablissement',
  'libelleCommune2Etablissement',
  'libelleCommuneEtranger2Etablissement',
  'distributionSpeciale2Etablissement',
  'codeCommune2Etablissement',
  'codeCedex2Etablissement',
  'libelleCedex2Etablissement',
  'codePaysEtranger2Etablissement',
  'libellePaysEtranger2Etablissement',
  'dateDebut',
  'etatAdministratifEtablissement',
  'enseigne1Etablissement',
  'enseigne2Etablissement',
  'enseigne3Etablissement',
  'denominationUsuelleEtablissement',
  'activitePrincipaleEtablissement',
  'nomenclatureActivitePrincipaleEtablissement',
  'caractereEmployeurEtablissement',
  'activitePrincipaleNAF25Etablissement',
] as const;

/** Which site it is, whose, whether it is open, and whether its place may be shown. */
const essential = [
  'siren',
  'nic',
  'siret',
  'statutDiffusionEtablissement',
  'etablissementSiege',
  'etatAdministratifEtablissement',
] as const;

/**
 * The file does not say whose the establishment is: those of sole traders are turned away by the register, which does
 * not hold their legal unit. There are millions of them, and nothing is wrong with their lines.
 */
export const sireneEstablishments: Importer = {
  name: 'sirene-establishments',
  source: 'sirene',
  summary: 'INSEE, base Sirene, establishments: StockEtablissement_utf8.csv, its zip, or its Parquet',
  columns,
  required: [
    'siren',
    'nic',
    'siret',
    'statutDiffusionEtablissement',
    'dateCreationEtablissement',
    'trancheEffectifsEtablissement',
    'etablissementSiege',
    'codePostalEtablissement',
    'codeCommuneEtablissement',
    'etatAdministratifEtablissement',
    'denominationUsuelleEtablissement',
    'activitePrincipaleEtablissement',
    'nomenclatureActivitePrincipaleEtablissement',
  ],
  // INSEE added it in 2025: older files are read as well.
  optional: ['activitePrincipaleNAF25Etablissement'],
  essential,
  leftOutWhen: { unit_unknown: 'unit_unknown' },
  onlyEstablishments: true,
  separator: ',',
  encodings: ['utf-8'],
  isDatedByPublisher: true,
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const siret = siretOf(cells);
  const state = cells.read('etatAdministratifEtablissement', establishmentState);
  const headOffice = cells.read('etablissementSiege', trueOrFalse);
  const shown = cells.read('statutDiffusionEtablissement', diffusion);
  if (siret === undefined || state === undefined || headOffice === undefined) return cells.reading([]);

  const nomenclature = cells.text('nomenclatureActivitePrincipaleEtablissement');
  const isShown = shown === 'O';
  const record = {
    siret,
    state,
    headOffice,
    // Somebody who opposed publication may live there: no place finer than INSEE's mask leaves, and no name.
    communeCode: isShown ? cells.read('codeCommuneEtablissement', communeCode) : undefined,
    postalCode: isShown ? cells.read('codePostalEtablissement', postcode) : undefined,
    naf: cells.read('activitePrincipaleEtablissement', nafOf(nomenclature)),
    naf25: cells.read('activitePrincipaleNAF25Etablissement', nafCode),
    sizeBand: cells.read('trancheEffectifsEtablissement', sizeBand),
    usualName: isShown ? cells.read('denominationUsuelleEtablissement', optionalText) : undefined,
    createdOn: cells.read('dateCreationEtablissement', sireneDay),
    diffusion: shown,
  };
  return cells.reading([{ kind: 'establishment', record }]);
}

function siretOf(cells: Cells): Siret | undefined {
  const siret = cells.read('siret', requiredSiret);
  if (siret !== undefined && siret !== cells.text('siren') + cells.text('nic'))
    cells.refuse('siret', 'siret_of_another_unit');
  return siret;
}
