const schemes = new Set(['https:', 'http:', 'mailto:', 'tel:']);

/**
 * What may stand in an `href` of ours: https, http, mailto, tel, or a place on this site. Escaping does not stop
 * `javascript:`; this does. Anything else becomes `#`.
 */
export const safeHref = (value: string): string => {
  // Browsers drop or rewrite these characters before they read the scheme (URL Standard §4.4, "remove all ASCII tab or newline").
  if (/[\p{Cc}\s\\]/u.test(value)) return '#';
  if (/^(?:[?#]|\/(?!\/))/u.test(value)) return value;
  return schemes.has(URL.parse(value)?.protocol ?? '') ? value : '#';
};
