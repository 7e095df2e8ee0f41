import { isSiren, isSiret, sirenOf } from '../organizations/organizations.ts';
import type { Rna, Siren, Siret } from '../organizations/organizations.ts';
import type { Cells } from './cells.ts';
import { associationState, grouping } from './codes.ts';
import { rnaDay, rnaDayOfInstant } from './days.ts';
import type { Reading } from './importer.ts';
import { stated } from './stated.ts';
import type { MaybeStated } from './stated.ts';
import { optionalText } from './texts.ts';

/**
 * What both files of the RNA say alike of an association. The RNA knows no legal category of INSEE: it gives none.
 *
 * @param more what only one of the files says
 */
export function associationOf(cells: Cells, rna: Rna, more: MaybeStated): Reading {
  const position = cells.read('position', associationState);
  const name = cells.read('titre', optionalText);
  if (name === undefined) cells.refuse('titre', 'name_missing');
  const declared = declaredUnit(cells.text('siret'));
  const facts = stated({
    ...more,
    name,
    rna,
    unitState: position === 'A' ? 'A' : 'C',
    createdOn: cells.read('date_creat', rnaDay),
    dissolvedOn: position === 'A' ? undefined : dissolvedOn(cells, more.dissolvedOn),
    headOffice: declared?.siret,
    publicUtility: isPublicUtility(cells.text('rup_mi')),
    grouping: cells.read('groupement', grouping),
  });
  return cells.reading([{ kind: 'organization', record: { siren: declared?.siren, rna, facts } }]);
}

/** Dissolved or suppressed without a date: on the day of the last update, or before. */
function dissolvedOn(cells: Cells, declared: string | undefined): string | undefined {
  return declared ?? cells.read('maj_time', rnaDayOfInstant);
}

/** The ministry's number of the recognition; zeros where somebody had to fill the field. */
const isPublicUtility = (number: string): boolean => /[1-9A-Za-z]/.test(number);

/** Optional, typed by the association, never checked: a number that does not hold is as good as none. */
function declaredUnit(text: string): { readonly siren: Siren; readonly siret?: Siret } | undefined {
  if (isSiret(text)) return { siren: sirenOf(text), siret: text };
  return isSiren(text) ? { siren: text } : undefined;
}
