/** What is to be decided: the queue as it opens, unless the address says something else, were it nothing at all. */
export const usualQuery = 'etape:examen';

/** The filter that an address or a form carries. */
export const queryOf = (given: URLSearchParams): string =>
  (given.get('q') ?? usualQuery).replaceAll('\0', '').slice(0, 500);

/** The queue with the same filter, and something else. */
export function queueHref(
  basePath: string,
  query: string,
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const address = new URLSearchParams();
  if (query !== usualQuery) address.set('q', query);
  for (const [name, value] of Object.entries(more)) if (value !== undefined) address.set(name, value);
  const text = address.toString();
  return `${basePath}/operateur${text === '' ? '' : `?${text}`}`;
}

export function fileHref(
  basePath: string,
  id: string,
  query: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const address = new URLSearchParams({ ...more, ...(query === usualQuery ? {} : { q: query }) }).toString();
  return `${basePath}/operateur/dossiers/${id}${address === '' ? '' : `?${address}`}`;
}
