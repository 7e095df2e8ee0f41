import { tellingWords, wordsOf } from './search-words.ts';

/**
 * Whether a name that somebody typed beside a number may be that of the organization that the register holds under it: one
 * says no word that the other does not, small words, accents and order aside; or it is the acronym. A shorter name is no
 * other name (« Association des maires du Morbihan » for « … des maires et présidents d’EPCI du Morbihan »); another
 * département is.
 */
export function namesAgree(
  typed: string,
  { name, acronym }: { readonly name: string; readonly acronym: string | undefined },
): boolean {
  const said = tellingWords(typed);
  if (said.length === 0) return false;
  const held = tellingWords(name);
  const known = new Set([...held, ...(acronym === undefined ? [] : wordsOf(acronym))]);
  if (said.every((word) => known.has(word))) return true;
  const also = new Set(said);
  return held.length > 0 && held.every((word) => also.has(word));
}
