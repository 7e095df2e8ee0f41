import { isRna } from '../organizations/organizations.ts';
import { cellsOf, refuse } from './cells.ts';
import type { Cells } from './cells.ts';
import { rnaDay } from './days.ts';
import { communeCode } from './identifiers.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { websiteOf } from './network-names.ts';
import { associationOf } from './rna-association.ts';
import { optionalText, tidy } from './texts.ts';

/** RNA, rna_waldec_YYYYMMDD: interior ministry, « descriptif des champs ». */
const columns = [
  'id',
  'id_ex',
  'siret',
  'rup_mi',
  'gestion',
  'date_creat',
  'date_decla',
  'date_publi',
  'date_disso',
  'nature',
  'groupement',
  'titre',
  'titre_court',
  'objet',
  'objet_social1',
  'objet_social2',
  'adrs_complement',
  'adrs_numvoie',
  'adrs_repetition',
  'adrs_typevoie',
  'adrs_libvoie',
  'adrs_distrib',
  'adrs_codeinsee',
  'adrs_codepostal',
  'adrs_libcommune',
  'adrg_declarant',
  'adrg_complemid',
  'adrg_complemgeo',
  'adrg_libvoie',
  'adrg_distrib',
  'adrg_codepostal',
  'adrg_achemine',
  'adrg_pays',
  'dir_civilite',
  'siteweb',
  'publiweb',
  'observation',
  'position',
  'maj_time',
] as const;

/** Which association it is, what it is called, and whether it lives: `position` says so, and no date does. */
const essential = ['id', 'titre', 'position'] as const;

export const rnaWaldec: Importer = {
  name: 'rna-waldec',
  source: 'rna',
  summary:
    'Interior ministry, RNA, associations active since 2009: rna_waldec_YYYYMMDD.csv, one département or all',
  columns,
  required: [
    'id',
    'siret',
    'rup_mi',
    'date_creat',
    'date_disso',
    'groupement',
    'titre',
    'titre_court',
    'adrs_codeinsee',
    'siteweb',
    'publiweb',
    'position',
    'maj_time',
  ],
  essential,
  separator: ';',
  encodings: ['utf-8', 'windows-1252'],
  isDatedByPublisher: true,
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const rna = cells.read('id', (text) => (isRna(text) ? text : refuse('rna_malformed')));
  if (rna === undefined) return cells.reading([]);
  return associationOf(cells, rna, {
    acronym: shortTitle(cells),
    dissolvedOn: cells.read('date_disso', rnaDay),
    commune: cells.read('adrs_codeinsee', communeCode),
    // Only with the association's consent to publication; typed by hand, so what is no website is no fault of the line.
    website: cells.text('publiweb') === '1' ? websiteOf(cells.text('siteweb')) : undefined,
  });
}

/** Where `titre_court` ends (interior ministry, « descriptif des champs »). */
const SHORT_TITLE_LENGTH = 38;

/** Many repeat the title there, whole or cut: neither is an acronym. */
function shortTitle(cells: Cells): string | undefined {
  const short = cells.read('titre_court', optionalText);
  if (short === undefined || short.endsWith('...')) return undefined;
  const title = tidy(cells.text('titre')).toUpperCase();
  // One letter less where the cut fell on a space.
  const isCut = short.length >= SHORT_TITLE_LENGTH - 1 && title.startsWith(short.toUpperCase());
  return isCut || title === short.toUpperCase() ? undefined : short;
}
