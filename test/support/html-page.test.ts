import { expect, test } from 'vitest';
import { immediateRefresh, linksOf, visibleText } from './html-page.ts';

test('text: what a person without script reads, a line per block', () => {
  const html = `<!doctype html><html><head><title>Titre</title><style>p{}</style></head><body>
    <h1>L’accès&nbsp;à <em>Docs</em></h1><script>alert(1)</script><p>a &lt; b &#233; &#x1F600;
    et suite</p><noscript><p>Sans script</p></noscript><ul><li>1</li><li>2</li></ul></body></html>`;
  expect(visibleText(html)).toBe('L’accès à Docs\na < b é 😀 et suite\nSans script\n1\n2');
});

test('a lone < is text, and a > in an attribute does not end the tag', () => {
  expect(visibleText('<p title="a > b">1 < 2</p>')).toBe('1 < 2');
});

test('links are absolute, with their text; an anchor without address is no link', () => {
  const html = `<a href="/a?x=1&amp;y=2">Un <strong>deux</strong></a><a name="n">non</a><a href='b'>Trois</a>`;
  expect(linksOf(html, 'http://localhost:3000/dir/page')).toEqual([
    { href: 'http://localhost:3000/a?x=1&y=2', text: 'Un deux' },
    { href: 'http://localhost:3000/dir/b', text: 'Trois' },
  ]);
});

test.each([
  ['<meta http-equiv="refresh" content="0; url=/next?a=1&amp;b=2">', 'http://localhost:3000/next?a=1&b=2'],
  ['<meta http-equiv="Refresh" content="0;URL=https://rp.example/cb">', 'https://rp.example/cb'],
  ['<meta http-equiv="refresh" content="5; url=/next">', undefined],
  ['<meta name="viewport" content="0; url=/next">', undefined],
])('%s leads to %s', (html, expected) => {
  expect(immediateRefresh(html, 'http://localhost:3000/page')).toBe(expected);
});
