/** HTML that may be sent as it is. Only `html` makes it, so text that comes from elsewhere is always escaped. */
const safe = Symbol('html');

export interface Html {
  readonly [safe]: string;
}

export type Piece = Html | string | number | undefined | false | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const isList = (piece: Piece): piece is readonly Piece[] => Array.isArray(piece);

const toText = (piece: Piece): string => {
  if (piece === undefined || piece === false) return '';
  if (isList(piece)) return piece.map(toText).join('');
  return typeof piece === 'object' ? piece[safe] : escape(String(piece));
};

/** Tagged template: literals are kept, values are escaped unless they are `Html` already. Attributes take double quotes. */
export const html = (literals: TemplateStringsArray, ...values: readonly Piece[]): Html => ({
  [safe]: literals.reduce((text, literal, index) => text + toText(values[index - 1]) + literal),
});

export const renderHtml = (content: Html): string => content[safe];
