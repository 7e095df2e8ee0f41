import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

export { isBetweenNaturalPersons, isNaturalPerson as isSoleTrader } from '../organizations/organizations.ts';

/** INSEE, level III. The register also has codes newer than our table: the form is all that is asked. */
export const legalCategoryCode: CellRule<string> = (text) =>
  /^[0-9]{4}$/.test(text) ? text : refuse('legal_category_malformed');

export const optionalLegalCategoryCode: CellRule<string> = (text) =>
  text === '' ? undefined : legalCategoryCode(text);

/** Rule for a cell that holds one of a few words. `required`: an empty cell is wrong as well. */
const oneOf =
  <Value extends string>(
    values: ReadonlyMap<string, Value>,
    reason: 'state_unknown' | 'diffusion_unknown' | 'grouping_unknown' | 'size_band_unknown',
    { required }: { readonly required: boolean },
  ): CellRule<Value> =>
  (text) => {
    if (text === '' && !required) return undefined;
    return values.get(text) ?? refuse(reason);
  };

const words = <Value extends string>(...values: readonly Value[]): ReadonlyMap<string, Value> =>
  new Map(values.map((value) => [value, value]));

/** A active, C ceased. */
export const unitState = oneOf(words('A', 'C'), 'state_unknown', { required: true });
export const optionalUnitState = oneOf(words('A', 'C'), 'state_unknown', { required: false });
/** A active, F closed. */
export const establishmentState = oneOf(words('A', 'F'), 'state_unknown', { required: true });
export const optionalEstablishmentState = oneOf(words('A', 'F'), 'state_unknown', { required: false });
/** RNA: active, dissolved, suppressed. */
export const associationState = oneOf(words('A', 'D', 'S'), 'state_unknown', { required: true });

/** O, or P: the person asked not to be shown. Since 21 March 2023 there is no N any more. */
export const diffusion = oneOf(words('O', 'P'), 'diffusion_unknown', { required: true });

/** RNA `groupement`. */
export const grouping = oneOf<'simple' | 'union' | 'federation'>(
  new Map([
    ['S', 'simple'],
    ['U', 'union'],
    ['F', 'federation'],
  ]),
  'grouping_unknown',
  { required: false },
);

/** INSEE, tranche d'effectifs salariés; NN: no employees, or unknown. */
export const sizeBand = oneOf(
  words('NN', '00', '01', '02', '03', '11', '12', '21', '22', '31', '32', '41', '42', '51', '52', '53'),
  'size_band_unknown',
  { required: false },
);

export const nafCode: CellRule<string> = (text) => {
  if (text === '') return undefined;
  return /^[0-9]{2}\.[0-9]{2}[A-Z]$/.test(text) ? text : refuse('naf_malformed');
};

/** Units that ceased long ago keep a code of an older nomenclature (NAP, NAF1993, NAFRev1): another one, not a wrong one. */
export const nafOf =
  (nomenclature: string): CellRule<string> =>
  (text) =>
    nomenclature === 'NAFRev2' ? nafCode(text) : undefined;

/** As INSEE (`true`) and DINUM (`True`) write them. */
export const trueOrFalse: CellRule<boolean> = (text) => {
  if (text === 'true' || text === 'True') return true;
  if (text === 'false' || text === 'False') return false;
  return refuse('boolean_unknown');
};
