import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { z } from 'zod';
import { frenchSpacing } from './french-spacing.ts';
import { languages } from './language.ts';
import type { Language } from './language.ts';

export type Values = Readonly<Record<string, string | number>>;

/** The texts of one language. A key that does not exist throws: a page never shows one. */
export interface Texts {
  readonly text: (key: string, values?: Values) => string;
  readonly list: (key: string, values?: Values) => readonly string[];
}

interface Tree {
  [key: string]: string | string[] | Tree;
}
const treeSchema: z.ZodType<Tree> = z.lazy(() =>
  z.record(z.string(), z.union([z.string(), z.array(z.string()), treeSchema])),
);

/** `fr.json`, and beside it `fr.<part>.json`: each top-level name stands in one file only. */
export const readTree = (folder: string, lang: Language): Tree => {
  const tree: Tree = {};
  const named = readdirSync(folder).filter((name) =>
    new RegExp(`^${lang}(?:\\.[a-z-]+)?\\.json$`, 'u').test(name),
  );
  for (const name of named.toSorted()) {
    const part = treeSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    for (const [key, value] of Object.entries(part)) {
      if (key in tree) throw new Error(`${name}: ${key} stands in another file too`);
      tree[key] = value;
    }
  }
  return tree;
};

const spaced = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]): [string, Tree[string]] => {
      if (typeof value === 'string') return [key, frenchSpacing(value)];
      return [key, Array.isArray(value) ? value.map(frenchSpacing) : spaced(value)];
    }),
  );

/**
 * The French and English texts of `folder`, read once. Values are inserted as they are: Eta escapes, and i18next neither
 * expands `{{…}}` nor `$t(…)` found inside a value.
 */
export const loadTexts = (folder: string): Readonly<Record<Language, Texts>> => {
  const instance = i18next.createInstance();
  void instance.init({
    lng: 'fr',
    fallbackLng: false,
    supportedLngs: [...languages],
    initAsync: false,
    resources: {
      fr: { translation: spaced(readTree(folder, 'fr')) },
      en: { translation: readTree(folder, 'en') },
    },
    interpolation: { escapeValue: false, skipOnVariables: true },
    parseMissingKeyHandler: (key: string) => {
      throw new Error(`Missing text: ${key}`);
    },
    returnedObjectHandler: (key: string) => {
      throw new Error(`Not one text: ${key}`);
    },
  });

  const inLanguage = (lang: Language): Texts => {
    const fixed = instance.getFixedT(lang);
    // Most texts hold no value: their translation is the same each time.
    const constant = new Map<string, string>();
    const text = (key: string, values?: Values): string => {
      const known = values === undefined ? constant.get(key) : undefined;
      if (known !== undefined) return known;
      const found: unknown = fixed(key, { ...values });
      if (typeof found !== 'string') throw new Error(`Not one text: ${key}`);
      if (values === undefined) constant.set(key, found);
      return found;
    };
    const list = (key: string, values?: Values): readonly string[] =>
      z.array(z.string()).parse(fixed(key, { ...values, returnObjects: true }));
    return { text, list };
  };
  return { fr: inLanguage('fr'), en: inLanguage('en') };
};
