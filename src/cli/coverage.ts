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

/** In French like the sentences above them: the report is for whoever decides, and for the association. */
const reasons: Readonly<Record<MemberException['reason'], string>> = {
  not_public_law: 'n’est pas une personne morale de droit public',
  type_unknown: 'catégorie juridique inconnue de notre registre',
  not_found: 'absent de notre registre',
  closed: 'fermé',
  merged: 'fusionnée\u00a0: fait maintenant partie de cette commune',
  name_differs: 'le code est celui d’une autre commune (un code postal\u00a0?)',
  contradiction: 'le SIREN et le code sont ceux de deux communes',
  no_identifier: 'ni SIREN, ni SIRET, ni numéro d’association, ni code de commune',
  several_members: 'plusieurs membres sur la ligne',
  commune_unlike_code: 'n’a pas la forme d’un code de commune',
  length: 'n’a la longueur d’aucun numéro',
  charset: 'caractères qu’aucun numéro ne contient',
  luhn: 'faute de frappe\u00a0: la clé du numéro est fausse',
  reserved: 'numéro qui n’est jamais attribué',
  vat_key: 'faute de frappe\u00a0: la clé du numéro de TVA est fausse',
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
      'PAR TYPE',
      byType.map(({ type, count }) => [String(count), organizationTypeLabel(type, 'fr')]),
    ),
    section(
      'À VÉRIFIER',
      exceptions.map(({ line, reason, name, text }) => [
        `ligne ${line}`,
        reasons[reason],
        name === undefined ? text : `${text} (${name})`,
      ]),
    ),
    section(
      'NOMMÉS DEUX FOIS',
      duplicates.map(({ line, firstLine, text }) => [`ligne ${line}`, `comme ligne ${firstLine}`, text]),
    ),
    section('NON MEMBRES', missing),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const section = (title: string, rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : `${title}\n${table(rows)}`;
