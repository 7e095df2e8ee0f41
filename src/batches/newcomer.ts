import { isRna, isSiren, isSiret, legalCategory } from '../organizations/organizations.ts';
import type { Rna, Siren, Siret } from '../organizations/organizations.ts';
import type { OwnCells } from '../importers/importers.ts';
import type { FoundOrganization } from '../register/register.ts';
import { describes, enteredCellsOf, ownCellsOf, readOwn } from './own-cells.ts';
import type { OwnProblem } from './own-cells.ts';
import type { Cells } from './read-list.ts';

/** An organization that no register holds, as its line describes it. */
export interface Newcomer {
  readonly organization: FoundOrganization & { readonly siren: Siren; readonly siret: Siret };
  readonly cells: OwnCells;
  /** Every number by which the register would know it. */
  readonly numbers: readonly string[];
  /** Cells that it goes without. */
  readonly unread: readonly string[];
}

/** The commune of an INSEE code, in the territories of this moment. */
export type CommuneOf = (
  code: string,
) => { readonly name: string; readonly department: string | undefined } | undefined;

/**
 * What a line brings to the register, or why it brings nothing. Enough is what lets somebody sign in for it (the SIRET of a
 * head office that is open) and what it is (its legal category). Public bodies are all in the base Sirene, and what a line
 * says of them would open tools that its lot does not name: none comes in this way.
 */
export function newcomerOf(cells: Cells, communeOf: CommuneOf): { readonly newcomer: Newcomer } | OwnProblem {
  if (!describes(cells)) return { reason: 'unknown' };
  const read = readOwn(ownCellsOf(cells));
  if ('reason' in read) return read;
  const { facts, establishment, numbers } = read;
  const { siren, rna, localRegister } = numbers;
  if (siren === undefined || !isSiren(siren)) return { reason: 'no_siren' };
  const siret = establishment?.siret;
  const { name, legalCategory: code } = facts;
  if (siret === undefined || !isSiret(siret)) return { reason: 'lacking', about: 'siret' };
  if (name === undefined) return { reason: 'lacking', about: 'name' };
  if (code === undefined) return { reason: 'lacking', about: 'legal_category' };
  if (establishment?.state === 'F' || facts.unitState === 'C' || facts.dissolvedOn !== undefined)
    return { reason: 'closed_in_list' };
  const { type, sector, publicService } = legalCategory(code);
  if (sector === 'unknown') return { reason: 'category_unknown', about: code };
  if (sector !== 'private_law' || publicService || facts.publicService?.public === true)
    return { reason: 'public_body' };
  const commune = facts.commune === undefined ? undefined : communeOf(facts.commune);
  const held: Rna | undefined = rna !== undefined && isRna(rna) ? rna : undefined;
  return {
    newcomer: {
      organization: {
        id: siren,
        siren,
        rna: held,
        name,
        acronym: facts.acronym,
        type,
        active: true,
        communeCode: facts.commune,
        communeName: commune?.name,
        department: commune?.department,
        createdOn: facts.createdOn,
        siret,
      },
      cells: enteredCellsOf(cells),
      numbers: [siren, rna, localRegister].filter((one) => one !== undefined),
      unread: read.unread,
    },
  };
}
