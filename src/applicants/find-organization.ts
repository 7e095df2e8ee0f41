import { identify } from '../organizations/organizations.ts';
import type { Language, DraftOrganizationPage } from '../http/http.ts';
import { foundLine } from '../register/register.ts';
import type { FoundOrganization, ResultList } from '../register/register.ts';
import type { ApplicantNeeds } from './needs.ts';

type Line = DraftOrganizationPage['own'][number];
export type Search = Pick<DraftOrganizationPage, 'query' | 'commune' | 'searchError' | 'communes' | 'list'>;

const errors = {
  empty: 'missing',
  too_short: 'tooShort',
  malformed_number: 'malformed',
  unknown_commune: 'unknownCommune',
  unknown_department: 'unknownCommune',
  unknown_type: 'unavailable',
  too_slow: 'unavailable',
} as const;

export const lineOf = (one: FoundOrganization, lang: Language): Line => ({
  id: one.id,
  ...foundLine(one, lang),
});

/** By name, or by SIRET, SIREN or RNA number; the address of the page holds the question. */
export async function findOrganization(
  query: URLSearchParams,
  lang: Language,
  { search, organization }: Pick<ApplicantNeeds, 'search' | 'organization'>,
  path: string,
): Promise<Search> {
  const text = query.get('q');
  if (text === null) return {};
  const commune = filled(query.get('commune'));
  const page = Number(query.get('page') ?? 1) || 1;
  const asked = { query: text.slice(0, 250), commune: commune?.slice(0, 100) };
  const number = identify(text);
  if (number.kind === 'siret' || number.kind === 'siren' || number.kind === 'vat') {
    const found = await organization(number.siren);
    if (found !== undefined) return { ...asked, list: { found: [lineOf(found, lang)], more: false } };
  }
  const found = await search({ text, commune, page });
  if (found.kind === 'none') return { ...asked, searchError: errors[found.reason] };
  const hrefOf = (change: Readonly<Record<string, string>>): string => {
    const address = new URLSearchParams({
      q: text,
      ...(commune === undefined ? {} : { commune }),
      ...change,
    });
    return `${path}?${address.toString()}`;
  };
  if (found.kind === 'communes') {
    return {
      ...asked,
      communes: found.communes.map(({ code, name, department }) => ({
        name: `${name} (${department})`,
        href: hrefOf({ commune: code }),
      })),
    };
  }
  return { ...asked, list: listOf(found, lang, (to) => hrefOf({ page: String(to) })) };
}

const listOf = (
  { results, more, page, pages }: ResultList,
  lang: Language,
  hrefOf: (page: number) => string,
): NonNullable<Search['list']> => ({
  found: results.map((one) => lineOf(one, lang)),
  more,
  previousHref: page > 1 ? hrefOf(page - 1) : undefined,
  nextHref: page < pages ? hrefOf(page + 1) : undefined,
});

const filled = (text: string | null): string | undefined =>
  text === null || text.trim() === '' ? undefined : text;
