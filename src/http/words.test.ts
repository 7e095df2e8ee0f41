import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../errors/errors.ts';
import { errorValueNames } from './error-text.ts';
import { frenchSpacing } from './french-spacing.ts';
import { loadTexts, readTree } from './texts.ts';

const locales = new URL('../../locales', import.meta.url).pathname;
const views = new URL('../../views', import.meta.url).pathname;

type Node = ReturnType<typeof readTree>[string];
const leaves = (node: Node, path = ''): [string, string][] => {
  if (typeof node === 'string') return [[path, node]];
  const entries = Array.isArray(node)
    ? node.map((value, at): [string, Node] => [String(at), value])
    : Object.entries(node);
  return entries.flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`));
};

const fr = leaves(readTree(locales, 'fr'));
const en = leaves(readTree(locales, 'en'));
const variables = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '').sort();

const errorLeaves = (lang: 'fr' | 'en'): [string, string][] =>
  Object.entries(catalogue).flatMap(([code, entry]) =>
    [entry[lang].title, entry[lang].why, ...entry[lang].todo].map((text): [string, string] => [code, text]),
  );
const french = [...fr, ...errorLeaves('fr')];

describe('the two languages', () => {
  test('have the same keys', () => {
    expect(fr.map(([key]) => key).sort()).toEqual(en.map(([key]) => key).sort());
  });

  test('insert the same values', () => {
    const english = new Map(en);
    for (const [key, text] of fr)
      expect([key, variables(text)]).toEqual([key, variables(english.get(key) ?? '')]);
  });

  test('hold no markup', () => {
    for (const [key, text] of [...french, ...en, ...errorLeaves('en')])
      expect([key, text]).not.toEqual([key, expect.stringMatching(/[<>&]/)]);
  });

  test('hold no text that no page uses', () => {
    const files = readdirSync(views, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.eta'))
      .map((name) => readFileSync(`${views}/${name}`, 'utf8'));
    const code = files.join('\n') + readFileSync(new URL('error-text.ts', import.meta.url), 'utf8');
    // `t('email.error.' + m.error)`: a prefix covers what follows; lists are used whole.
    const used = [...code.matchAll(/['"`]([a-zA-Z]+(?:\.[a-zA-Z_]+)*\.?)['"`$]/g)].map(
      (found) => found[1] ?? '',
    );
    const composed = [
      '.associationTitle',
      '.associationText',
      '.associationLink',
      '.associationHelp',
      'Title',
    ];
    const unused = fr
      .map(([key]) => key)
      .filter((key) => !used.some((name) => key === name || (name.includes('.') && key.startsWith(name))))
      .filter((key) => !composed.some((end) => key.endsWith(end)) && !key.startsWith('error.value.'));
    expect(unused).toEqual([]);
  });
});

describe('French', () => {
  // Domain reference §1.4, D20: no English word on a French screen.
  const english =
    /\b(?:login|log|logout|token|claims?|policy|scopes?|client|provider|e-?mails?|mails?|user|password|account|callback|broker|issuer|gate|feedback|support|bug|header|link|click|reset|timeout|standard|workflow|check|web|online|back|admin|desk|ID)\b/i;
  test.each(french.filter(([key]) => !key.startsWith('footer.otherLanguage')))(
    '%s: no English word in « %s »',
    (_key, text) => {
      const said = text.replace(/\{\{\w+\}\}/g, '').replace('security.txt', '');
      expect(english.exec(said)?.[0]).toBeUndefined();
    },
  );

  // Each acronym is explained in the text itself: « … (RGAA) » or « RGAA (…) ».
  // « TSA » is part of a postal address.
  // Formats are names of files, which every computer shows.
  const names = new Set(['TSA', 'PDF', 'PNG', 'JPEG', 'ODT', 'CSV']);
  test.each(french)('%s: no unexplained acronym in « %s »', (_key, text) => {
    for (const [acronym] of text.matchAll(/\b[A-Z]{2,}[0-9]?\b/g)) {
      if (names.has(acronym)) continue;
      const explained =
        [`(${acronym})`, `${acronym} (`].some((form) => text.includes(form)) ||
        /numéros? (?:SIRET|SIREN)/i.test(text);
      expect([acronym, explained, text]).toEqual([acronym, true, text]);
    }
  });

  test('typographic apostrophes and quotation marks', () => {
    for (const [key, text] of french)
      expect([key, text]).not.toEqual([key, expect.stringMatching(/['"]|\.\.\./)]);
  });

  test('sentences are short: thirty-five words at most', () => {
    const long = french.filter(([, text]) =>
      text.split(/[.:;?!]\s/).some((sentence) => sentence.split(/\s+/).length > 35),
    );
    expect(long).toEqual([]);
  });

  test('never breaks a line before : ; ? ! or inside « »', () => {
    expect(frenchSpacing('« Oui » : non ? Si ! 12 %')).toBe(
      '«\u00a0Oui\u00a0»\u00a0: non\u00a0? Si\u00a0! 12\u00a0%',
    );
    expect(loadTexts(locales).fr.text('email.hint')).toContain('Exemple\u00a0:');
  });
});

describe('texts', () => {
  const texts = loadTexts(locales);

  test('a key that does not exist throws', () => {
    expect(() => texts.fr.text('email.nothing')).toThrow('email.nothing');
    expect(() => texts.fr.text('email.error')).toThrow();
  });

  test('values are inserted as they are, once', () => {
    expect(texts.en.text('email.title', { service: '{{service}} $t(common.brand) <b>' })).toBe(
      'Sign in to {{service}} $t(common.brand) <b>',
    );
  });

  test('texts of the catalogue name only values that we can fill', () => {
    for (const [code, text] of [...errorLeaves('fr'), ...errorLeaves('en')]) {
      for (const name of variables(text))
        expect([code, errorValueNames]).toEqual([code, expect.arrayContaining([name])]);
    }
  });
});
