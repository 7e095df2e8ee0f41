import { isRna } from '../organizations/organizations.ts';
import type { Rna } from '../organizations/organizations.ts';
import { cellsOf } from './cells.ts';
import type { Cells } from './cells.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { associationOf } from './rna-association.ts';

/** RNA, rna_import_YYYYMMDD: interior ministry, « descriptif des champs ». */
const columns = [
  'id',
  'id_ex',
  'siret',
  'gestion',
  'date_creat',
  'date_publi',
  'nature',
  'groupement',
  'titre',
  'objet',
  'objet_social1',
  'objet_social2',
  'adr1',
  'adr2',
  'adr3',
  'adrs_codepostal',
  'libcom',
  'dir_civilite',
  'siteweb',
  'observation',
  'position',
  'rup_mi',
  'maj_time',
] as const;

/** Which association it is, what it is called, and whether it lives: `position` says so, and no date does. */
const essential = ['id', 'id_ex', 'titre', 'position'] as const;

/** Neither commune nor date of dissolution nor consent to publish a website: the file has none of them. */
export const rnaImport: Importer = {
  name: 'rna-import',
  source: 'rna_import',
  summary:
    'Interior ministry, RNA, associations without activity since 2009: rna_import_YYYYMMDD.csv (frozen)',
  columns,
  required: ['id', 'id_ex', 'siret', 'date_creat', 'groupement', 'titre', 'position', 'rup_mi', 'maj_time'],
  essential,
  separator: ';',
  encodings: ['utf-8', 'windows-1252'],
  isDatedByPublisher: true,
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const rna = numberOf(cells);
  if (rna !== undefined) return associationOf(cells, rna, {});
  cells.refuse('id', 'rna_malformed');
  return cells.reading([]);
}

/** `id` is the prefecture's code and the old number (`491P0491008593`), or the number of today; `id_ex` the old one. */
function numberOf(cells: Cells): Rna | undefined {
  return [cells.text('id'), cells.text('id_ex')].find((text) => isRna(text));
}
