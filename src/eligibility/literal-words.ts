import type { Language } from './explanation-texts.ts';

export type Both = Readonly<Record<Language, string>>;

const scalars = (values: readonly unknown[]): readonly string[] =>
  values.filter((value) => ['string', 'number'].includes(typeof value)).map(String);

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

/** The values of a literal, or of `{ in: [...] }`; none of bounds. */
export function given(expected: unknown): readonly string[] {
  const list: unknown = member(expected, 'in');
  return Array.isArray(list) ? scalars(list) : scalars([expected]);
}

export const isFlag = (expected: unknown): boolean => expected === true;

/** « a, b ou c ». */
export function listWords(
  values: readonly string[],
  language: Language,
  named: (value: string, language: Language) => string,
): string {
  const words = values.map((value) => named(value, language));
  const last = words.at(-1) ?? '';
  if (words.length < 2) return last;
  return `${words.slice(0, -1).join(', ')} ${language === 'fr' ? 'ou' : 'or'} ${last}`;
}

const limits = ['lt', 'lte', 'gt', 'gte'] as const;
type Limit = (typeof limits)[number];

const numberWords: Readonly<Record<Limit, Both>> = {
  lt: { fr: 'moins de', en: 'fewer than' },
  lte: { fr: 'au plus', en: 'at most' },
  gt: { fr: 'plus de', en: 'more than' },
  gte: { fr: 'au moins', en: 'at least' },
};
const rankWords: Readonly<Record<Limit, Both>> = {
  lt: { fr: 'en dessous de :', en: 'below:' },
  lte: { fr: 'au plus :', en: 'at most:' },
  gt: { fr: 'au-dessus de :', en: 'above:' },
  gte: { fr: 'au moins :', en: 'at least:' },
};
const dayWords: Readonly<Record<Limit, Both>> = {
  lt: { fr: 'avant le', en: 'before' },
  lte: { fr: 'au plus tard le', en: 'on or before' },
  gt: { fr: 'après le', en: 'after' },
  gte: { fr: 'à partir du', en: 'on or after' },
};

const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };
const and: Both = { fr: ' et ', en: ' and ' };

/** « moins de 3 500 habitants et au moins 100 habitants »; days and ranks in their own words. */
export function boundsWords(
  expected: unknown,
  language: Language,
  {
    unit,
    named,
  }: {
    readonly unit?: string;
    readonly named?: (value: string, language: Language) => string;
  },
): string {
  const said = limits.flatMap((limit) => {
    const value = member(expected, limit);
    if (typeof value === 'number') {
      const count = new Intl.NumberFormat(locales[language]).format(value);
      return [`${numberWords[limit][language]} ${count} ${unit ?? ''}`.trimEnd()];
    }
    if (typeof value !== 'string') return [];
    if (named !== undefined) return [`${rankWords[limit][language]} ${named(value, language)}`];
    return [`${dayWords[limit][language]} ${day(value, language)}`];
  });
  return said.join(and[language]);
}

/** « 1er janvier 2027 » */
export function day(iso: string, language: Language): string {
  const written = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${iso}T00:00:00Z`),
  );
  return language === 'fr' ? written.replace(/^1 /, '1er ') : written;
}
