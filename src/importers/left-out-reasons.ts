/** Why a line that is right is not kept, in the words of the report. Whoever writes an importer adds its own. */
export const leftOutReasons = {
  sole_trader: 'sole traders: natural persons are not kept',
  natural_person: 'groupings that only natural persons form: their names are those of persons',
  purged_unit: 'purged units: closed before 1973, or so long ago that the register emptied them',
  code_of_current_commune: 'delegated communes that share the code of the commune that they are part of',
  municipal_arrondissement: 'municipal arrondissements: no legal persons; the code of communes has them',
  unit_unknown:
    'establishments of units that the register does not hold: sole traders, and units left out on purpose (or not imported yet)',
  not_wanted: 'of a kind that Maillon has no use for',
} as const;
export type LeftOutReason = keyof typeof leftOutReasons;
