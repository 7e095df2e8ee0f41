/**
 * Reads the HTML of our own pages for the tests: forms, links, text. A small tokenizer, enough for well-formed pages
 * that Eta and our demo write; it is not a parser of the web's HTML.
 */
export interface HtmlTag {
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

export type HtmlToken = HtmlTag | string;

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

const decode = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(parseInt(decimal, 10));
      return named[name?.toLowerCase() ?? ''] ?? whole;
    },
  );

const attributesOf = (source: string): Record<string, string> => {
  const attributes: Record<string, string> = {};
  for (const match of source.matchAll(/([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    const [, name = '', double, single, bare] = match;
    attributes[name.toLowerCase()] ??= decode(double ?? single ?? bare ?? '');
  }
  return attributes;
};

const withoutRawText = (html: string): string =>
  html.replace(/<!--[\s\S]*?-->/g, '').replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '');

/** Tags and decoded text, in order. Comments, scripts and styles are left out. */
export const tokens = (html: string): readonly HtmlToken[] => {
  const found: HtmlToken[] = [];
  const pattern = /<(\/?)([a-z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>|<![^>]*>|([^<]+)|</gi;
  for (const match of withoutRawText(html).matchAll(pattern)) {
    const [whole, slash, name, attributes = '', text] = match;
    if (name !== undefined) {
      found.push({ name: name.toLowerCase(), closing: slash === '/', attributes: attributesOf(attributes) });
    } else if (text !== undefined) found.push(decode(text));
    else if (whole === '<') found.push('<');
  }
  return found;
};

const blocks = new Set(
  'address article aside blockquote body br caption dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html label legend li main nav ol option p section summary table tbody td th thead title tr ul button'.split(
    ' ',
  ),
);

/** Text as a person reads it: no head, spaces joined, one line per block. Text for browsers without script is read. */
export const visibleText = (html: string): string => {
  let hidden = 0;
  let text = '';
  for (const token of tokens(html)) {
    if (typeof token === 'string') {
      if (hidden === 0) text += token.replace(/\s+/g, ' ');
    } else {
      if (token.name === 'head') hidden += token.closing ? -1 : 1;
      if (blocks.has(token.name)) text += '\n';
    }
  }
  return text
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
};

export interface HtmlLink {
  readonly href: string;
  readonly text: string;
}

/** Links with an address made absolute. */
export const linksOf = (html: string, baseUrl: string): readonly HtmlLink[] => {
  const found: HtmlLink[] = [];
  let open: { href: string; text: string } | undefined;
  for (const token of tokens(html)) {
    if (typeof token === 'string') {
      if (open !== undefined) open.text += token;
    } else if (token.name === 'a') {
      if (token.closing && open !== undefined) {
        found.push({ href: open.href, text: open.text.replace(/\s+/g, ' ').trim() });
      }
      const href = token.closing ? undefined : token.attributes['href'];
      open = href === undefined ? undefined : { href: new URL(href, baseUrl).href, text: '' };
    }
  }
  return found;
};

/** Target of `<meta http-equiv="refresh">` when it is immediate, as browsers follow it. */
export const immediateRefresh = (html: string, baseUrl: string): string | undefined => {
  for (const token of tokens(html)) {
    if (typeof token === 'string' || token.attributes['http-equiv']?.toLowerCase() !== 'refresh') continue;
    const [, target] =
      /^\s*0\s*;\s*url=["']?([^"']+)["']?\s*$/i.exec(token.attributes['content'] ?? '') ?? [];
    if (target !== undefined) return new URL(target, baseUrl).href;
  }
  return undefined;
};
