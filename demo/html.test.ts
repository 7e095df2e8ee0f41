import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, renderHtml } from './html.ts';

test('text from elsewhere never becomes markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const page = renderHtml(html`<p title="${text}">${text}</p>`);
      expect(page).toMatch(/^<p title="[^<>"']*">[^<>"']*<\/p>$/);
    }),
  );
});

test('pieces: nested markup is kept, lists are joined, absent pieces leave nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  const page = renderHtml(
    html`<ul>
      ${items}${undefined}${false}${0}
    </ul>`,
  );
  expect(page.replace(/\s+/g, '')).toBe('<ul><li>a</li><li>&lt;b&gt;</li>0</ul>');
});
