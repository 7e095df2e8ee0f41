import { formatSiren, organizationTypeLabel } from '../organizations/organizations.ts';
import { createTerritories, searchOrganizations } from '../register/register.ts';
import type { FoundOrganization, NoList, ResultList } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** Why there is no list, in English. */
const reasons: Readonly<Record<NoList, string>> = {
  empty: 'TEXT holds no letter and no digit.',
  too_short: 'One letter finds too much: give two at least.',
  malformed_number: 'This number is no SIREN, SIRET, VAT or RNA number: its length or its key is wrong.',
  unknown_commune: 'No commune has this name or this INSEE code. A postcode is none.',
  unknown_department: 'No département has this code: 56, 2A, 974…',
  unknown_type: 'No organization type has this name: association, association.declared, local_authority…',
  too_slow: 'The database took too long: add a word, or a commune.',
};

/**
 * Twenty organizations at most, the nearest first.
 *
 * @throws UsageError when the question has no list for answer
 */
export async function registrySearch(
  surroundings: Surroundings,
  { positionals, values }: Arguments,
): Promise<void> {
  const [text = ''] = positionals;
  const page = values.get('page') ?? '1';
  if (!/^[1-9][0-9]{0,3}$/.test(page)) throw new UsageError('--page is a number from 1 on.');
  const answer = await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const territories = await createTerritories({
      db,
      onProblem: (error) => {
        surroundings.printError(String(error));
      },
    });
    territories.stop();
    const request = {
      text,
      commune: values.get('commune'),
      department: values.get('department'),
      type: values.get('type'),
      page: Number(page),
    };
    // An operator waits longer than the public: nobody else is kept waiting.
    return searchOrganizations(db, territories.current(), request, performance.now() + 10_000);
  });
  if (answer.kind === 'none') throw new UsageError(reasons[answer.reason]);
  if (answer.kind === 'communes') {
    surroundings.print(
      `Several communes have this name; ask again with --commune and one of these codes:\n${table([
        ['CODE', 'COMMUNE', 'DEPARTEMENT'],
        ...answer.communes.map(({ code, name, department }) => [code, name, department]),
      ])}`,
    );
    return;
  }
  surroundings.print(textOf(answer));
}

function textOf({ results, total, more, page, pages, corrections }: ResultList): string {
  if (results.length === 0) return 'Nothing found.';
  const read = corrections.map(
    ({ typed, instead }) => `No name holds "${typed}"; looked for: ${instead.join(', ')}.`,
  );
  const rows = results.map(row);
  const count = more
    ? `More than these (${total} were looked at): add a word or a commune.`
    : `${total} found.`;
  return [
    ...read,
    table([['IDENTIFIER', 'NAME', 'ACRONYM', 'TYPE', 'COMMUNE', 'STATE', 'CREATED'], ...rows]),
    pages > 1 ? `${count} Page ${page} of ${pages}.` : count,
  ].join('\n');
}

function row(found: FoundOrganization): readonly string[] {
  const { siren, id, rna, name, acronym, type, communeName, communeCode, active, createdOn } = found;
  const number = siren === undefined ? id : formatSiren(siren).replaceAll('\u00a0', ' ');
  return [
    rna === undefined || siren === undefined ? number : `${number} (${rna})`,
    name,
    acronym ?? '',
    organizationTypeLabel(type, 'en'),
    communeName === undefined ? (communeCode ?? '') : `${communeName} (${communeCode ?? ''})`,
    active ? 'active' : 'closed',
    createdOn ?? '',
  ];
}
