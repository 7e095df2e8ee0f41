/** What people put before the name of a commune, and articles. */
const GENERIC: ReadonlySet<string> = new Set(
  'commune mairie ville de du des d la le les l et en sur monsieur madame maire'.split(' '),
);
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  st: 'saint',
  ste: 'sainte',
  sts: 'saints',
  stes: 'saintes',
};

function wordsOf(name: string): ReadonlySet<string> {
  const plain = name
    .toLowerCase()
    .replace(/œ/gu, 'oe')
    .replace(/æ/gu, 'ae')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
  const words = (plain.match(/[a-z0-9]+/gu) ?? []).map((word) => WRITTEN_OUT[word] ?? word);
  const telling = words.filter((word) => !GENERIC.has(word));
  return new Set(telling.length > 0 ? telling : words);
}

/** « Mairie de St-Avé » and « Saint-Avé »: every word that tells is in the other one. */
export function sameName(written: string, official: string): boolean {
  const listed = wordsOf(written);
  const known = wordsOf(official);
  return (
    [...known].every((word) => listed.has(word)) ||
    (listed.size > 0 && [...listed].every((word) => known.has(word)))
  );
}
