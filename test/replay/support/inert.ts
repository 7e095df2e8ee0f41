import { expect } from 'vitest';
import { tokens } from '../../support/html-page.ts';

/** Breaks out of text, of attributes in both quotes, of comments, of templates, and of addresses. */
export const polyglot = `"'>--></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)>{{7*7}}<%= 7*7 %>\${7*7}javascript:alert(4)`;

/** A page on which nothing that was sent became markup: our own scripts only, no handler, no script address. */
export function expectInert(page: { readonly body: string }, name = ''): void {
  expect(page.body, name).not.toMatch(/<script>alert|<img src=x|<svg\/onload|<\/textarea><script/i);
  const scripts = [...page.body.matchAll(/<script\b([^>]*)>/gi)].map((match) => match[1] ?? '');
  for (const attributes of scripts)
    expect(attributes, name).toMatch(/^ src="\/[\w/-]*assets\/[\w.-]+\.js" defer$/);
  for (const token of tokens(page.body)) {
    if (typeof token === 'string') continue;
    for (const [attribute, value] of Object.entries(token.attributes)) {
      expect(attribute, name).not.toMatch(/^on|^style$|^srcdoc$/);
      if (['href', 'src', 'action', 'formaction'].includes(attribute)) {
        expect(value.trim(), name).not.toMatch(/^(?:javascript|data|vbscript):/i);
      }
    }
  }
}
