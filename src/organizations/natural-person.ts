/** Groupings that only natural persons form, whose names are theirs (INSEE, level III). */
const betweenNaturalPersons: ReadonlySet<string> = new Set(['2110', '2210', '2310']);

/** INSEE, family 1: a sole trader. */
export const isNaturalPerson = (category: string): boolean => category.startsWith('1');

export const isBetweenNaturalPersons = (category: string): boolean => betweenNaturalPersons.has(category);
