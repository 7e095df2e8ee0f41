/** A legal unit, as those sources describe it that know it by its SIREN. */
export interface LegalUnit {
  readonly siren: string;
  /** The RNA number that it names; undefined when it names none, or an operator said that it has none. */
  readonly rna: string | undefined;
  /** By its legal category, or because an operator says so. */
  readonly isAssociation: boolean;
}

export interface NumberHolders {
  /** The association that what is said of the number belongs to; undefined: it stands alone. */
  readonly home: string | undefined;
  /** Several associations name the number: it is nobody's, and each is flagged. */
  readonly isShared: boolean;
}

/**
 * Which legal unit the statements known by an RNA number belong to (domain reference §2.1, §4.5). The order in which the
 * registers were read plays no part: it is asked again whenever one of these facts changes.
 *
 * - Sirene's `identifiantAssociationUniteLegale` is the join key, if it is an association's. A company that bears a
 *   number never swallows the association: both stay, the company is flagged.
 * - Where several associations bear it, a guess would give one the state of another: none gets it.
 * - Where none does, the SIRET that the RNA itself gives counts (poorly filled, hence last), if it is an association's
 *   that names no number of its own, and if the RNA gives it for no other number that nobody names: else none gets the
 *   legal unit, and one that was joined to it alone is separated again.
 *
 * @param units those that name the number, in any order
 * @param hinted the legal unit of the SIRET that the RNA gives; undefined when the RNA gives it for several numbers
 */
export function holdersOf(
  rna: string,
  units: Iterable<LegalUnit>,
  hinted: LegalUnit | undefined,
): NumberHolders {
  const associations: LegalUnit[] = [];
  for (const unit of units) if (unit.rna === rna && unit.isAssociation) associations.push(unit);
  const [first, second] = associations;
  if (second !== undefined) return { home: undefined, isShared: true };
  if (first !== undefined) return { home: first.siren, isShared: false };
  return { home: takesHints(hinted) ? hinted.siren : undefined, isShared: false };
}

/** Whether a number that nobody names may belong to the unit because the RNA gives its SIRET. */
export const takesHints = (unit: LegalUnit | undefined): unit is LegalUnit =>
  unit?.isAssociation === true && unit.rna === undefined;
