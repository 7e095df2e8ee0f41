import { sql } from 'kysely';
import { z } from 'zod';
import type { DomainShown } from '../http/http.ts';
import { emailDomainsOf } from '../register/register.ts';
import { fileHref } from './addresses.ts';
import type { ConsoleNeeds } from './section.ts';

const rowsSchema = z.array(z.object({ id: z.string(), domains: z.string().nullable() }));
const domainsSchema = z.array(z.string()).catch([]);

/**
 * The e-mail domains of an organization, each with who says so: what it declared in its files, the identity providers that
 * assert its establishments, the public list. None proves that somebody acts for it.
 *
 * @param files those that whoever reads may see
 */
export async function domainsOf(
  { db, snapshot, basePath }: Pick<ConsoleNeeds, 'db' | 'snapshot' | 'basePath'>,
  siren: string | undefined,
  files: readonly string[],
): Promise<readonly DomainShown[]> {
  const found = new Map<string, DomainShown['sources'][number][]>();
  const add = (written: string, source: DomainShown['sources'][number]): void => {
    const domain = written.trim().toLowerCase();
    if (domain === '') return;
    const held = found.get(domain);
    if (held === undefined) found.set(domain, [source]);
    else held.push(source);
  };
  for (const { domain, id } of await declaredDomains(db, files))
    add(domain, { words: 'file', name: id, href: fileHref(basePath, id, '') });
  if (siren === undefined) return [...found].map(([domain, sources]) => ({ domain, sources }));
  for (const { name, domains, default_siret: usual, sirets } of snapshot().identityProviders.values()) {
    // One that may assert any establishment says nothing of this one.
    if (![usual, ...(sirets ?? [])].some((siret) => siret?.startsWith(siren) === true)) continue;
    for (const domain of domains) add(domain, { words: 'provider', name });
  }
  const listed = await emailDomainsOf(db, siren);
  // The same domain for several establishments is said once.
  for (const [domain, [first]] of Map.groupBy(listed, (one) => one.domain))
    if (first !== undefined) add(domain, { words: 'list', name: '', asOf: first.asOf });
  return [...found]
    .map(([domain, sources]) => ({ domain, sources }))
    .sort((one, other) => one.domain.localeCompare(other.domain, 'fr'));
}

async function declaredDomains(
  db: ConsoleNeeds['db'],
  ids: readonly string[],
): Promise<readonly { readonly domain: string; readonly id: string }[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql`
    select id, (draft::json #> '{domains}')::text as domains from registration
    where id = any(${[...ids]}::text[]) order by id desc`.execute(db);
  return rowsSchema
    .parse(rows)
    .flatMap(({ id, domains }) =>
      domainsSchema.parse(JSON.parse(domains ?? '[]')).map((domain) => ({ domain, id })),
    );
}
