import type { ErrorEntry } from '../errors/errors.ts';
import { frenchSpacing } from './french-spacing.ts';
import type { Language } from './language.ts';
import type { Texts } from './texts.ts';

/** What the texts of the catalogue may name. */
export const errorValueNames = ['service', 'idp', 'email', 'domain', 'organization', 'wait'] as const;

export type ErrorValues = Readonly<Record<string, string | undefined>>;

export interface FilledText {
  readonly title: string;
  readonly why: string;
  readonly todo: readonly string[];
}

const capitalized = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/**
 * The text of a catalogue entry with its values. A value nobody knows becomes a general word (« ce service »,
 * `error.value.*` of the locales), with a capital where it opens the sentence. Values are inserted once, never
 * expanded again.
 */
export const errorText = (
  entry: ErrorEntry,
  lang: Language,
  texts: Texts,
  values: ErrorValues,
): FilledText => {
  const fill = (template: string): string => {
    const spaced = lang === 'fr' ? frenchSpacing(template) : template;
    return spaced.replace(/\{\{(\w+)\}\}/gu, (_whole, name: string, at: number) => {
      const given = values[name];
      if (given !== undefined && given !== '')
        return at === 0 && name === 'organization' ? capitalized(given) : given;
      const general = texts.text(`error.value.${name}`);
      return at === 0 ? capitalized(general) : general;
    });
  };
  const { title, why, todo } = entry[lang];
  return { title: fill(title), why: fill(why), todo: todo.map(fill) };
};
