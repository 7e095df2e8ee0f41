import type { FoundList, Language } from '../http/http.ts';
import { foundLine } from '../register/register.ts';
import type { FoundOrganization, ResultList, SearchRequest } from '../register/register.ts';

/** What the address asks for. */
export interface Asked extends SearchRequest {
  /** From a list of results. */
  readonly id?: string | undefined;
  /** Asked by `/?siret=`: a number, or nothing. */
  readonly isNumber: boolean;
  readonly page: number;
}

/** Undefined: nothing is asked. */
export function askedOf(query: URLSearchParams): Asked | undefined {
  const id = query.get('id') ?? undefined;
  const number = query.get('siret');
  const text = number ?? query.get('q');
  if (id === undefined && text === null) return undefined;
  return {
    text: text ?? '',
    id,
    isNumber: number !== null,
    commune: filled(query.get('commune')),
    type: filled(query.get('type')),
    // Absent, or no number: the first page.
    page: Number(query.get('page') ?? 1) || 1,
  };
}

const filled = (text: string | null): string | undefined =>
  text === null || text.trim() === '' ? undefined : text;

/** The same question, for another page or with another commune. */
export function hrefOf({ text, commune, type, page }: Asked, basePath: string): string {
  const query = new URLSearchParams({ q: text });
  if (commune !== undefined) query.set('commune', commune);
  if (type !== undefined) query.set('type', type);
  if (page > 1) query.set('page', String(page));
  return `${basePath}/?${query.toString()}`;
}

export function listOf(found: ResultList, asked: Asked, lang: Language, basePath: string): FoundList {
  const { page, pages, total, more, corrections } = found;
  return {
    found: found.results.map((one) => lineOf(one, lang, basePath)),
    total,
    more,
    page,
    pages,
    previousHref: page > 1 ? hrefOf({ ...asked, page: page - 1 }, basePath) : undefined,
    nextHref: page < pages ? hrefOf({ ...asked, page: page + 1 }, basePath) : undefined,
    corrections,
  };
}

function lineOf(one: FoundOrganization, lang: Language, basePath: string): FoundList['found'][number] {
  const { siret, id } = one;
  const address = siret === undefined ? new URLSearchParams({ id }) : new URLSearchParams({ siret });
  return { href: `${basePath}/?${address.toString()}`, ...foundLine(one, lang) };
}
