import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  coverage,
  coverageSentences,
  departmentByCode,
  organizationTypeLabel,
  readMemberList,
} from '../organizations/organizations.ts';
import type { CoverageReport, MemberException } from '../organizations/organizations.ts';
import { createTerritories, memberFacts } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** A list longer than this is no list of members. */
const LARGEST_FILE = 10_000_000;

const reasons: Readonly<Record<MemberException['reason'], string>> = {
  not_public_law: 'not a public-law body',
  type_unknown: 'its legal category is unknown',
  not_found: 'in no register that was imported',
  closed: 'closed',
  merged: 'merged: now a part of this commune',
  name_differs: 'the code is that of another commune (a postcode?)',
  contradiction: 'the SIREN and the code are those of two communes',
  no_identifier: 'no SIREN, SIRET, RNA number or INSEE code',
  several_members: 'more than one member on the line',
  commune_unlike_code: 'not the form of an INSEE code',
  length: 'not the length of any identifier',
  charset: 'characters that no identifier has',
  luhn: 'mistyped: the key does not hold',
  reserved: 'a number that is never allotted',
  vat_key: 'mistyped: the key of the VAT number does not hold',
};

/** What a list of members shows: members, public law or not, share of the communes and groupings of a département. */
export async function registryCoverage(
  surroundings: Surroundings,
  { positionals: [file = ''], values, flags }: Arguments,
): Promise<void> {
  const department = values.get('department');
  if (department !== undefined && departmentByCode(department) === undefined)
    throw new UsageError(`"${department}" is no département: expected a code like 56, 2A or 974.`);
  const list = readMemberList(await readList(resolve(surroundings.cwd, file), file));
  const report = await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const territories = await createTerritories({ db });
    territories.stop();
    const index = territories.current();
    return coverage(list, await memberFacts(db, list, index), index, department);
  });
  if (flags.has('json')) surroundings.print(JSON.stringify(report, null, 2));
  else surroundings.print(written(report));
}

/** UTF-8, or what older spreadsheets write. */
async function readList(path: string, named: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    throw new UsageError(`The list ${named} cannot be read.`);
  }
  if (bytes.length > LARGEST_FILE)
    throw new UsageError(`The list ${named} is over 10 MB: that is no list of members.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function written(report: CoverageReport): string {
  const { department, byType, duplicates, exceptions } = report;
  const missing = [
    ...(department?.communes.missing ?? []).map(({ code, name }) => [code, name]),
    ...(department?.epcis.missing ?? []).map(({ siren, name }) => [siren, name]),
  ];
  return [
    coverageSentences(report).join('\n'),
    section(
      'BY TYPE',
      byType.map(({ type, count }) => [String(count), organizationTypeLabel(type, 'fr')]),
    ),
    section(
      'TO CHECK',
      exceptions.map(({ line, reason, name, text }) => [
        `line ${line}`,
        reasons[reason],
        name === undefined ? text : `${text} (${name})`,
      ]),
    ),
    section(
      'NAMED TWICE',
      duplicates.map(({ line, firstLine, text }) => [`line ${line}`, `as on line ${firstLine}`, text]),
    ),
    section('NOT MEMBERS', missing),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const section = (title: string, rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : `${title}\n${table(rows)}`;
