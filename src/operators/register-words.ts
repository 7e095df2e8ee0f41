import type { OperatorOrganizationPage, Said } from '../http/http.ts';
import {
  departmentByCode,
  factNames,
  isOrganizationType,
  organizationTypeLabel,
} from '../organizations/organizations.ts';

type Lang = 'fr' | 'en';

/** Facts of an establishment, by the columns that the history keeps of it. */
const ofEstablishment: Readonly<Record<string, string>> = {
  siret: 'siret',
  state: 'establishmentState',
  head_office: 'isHeadOffice',
  commune_code: 'commune',
  postal_code: 'postalCode',
  naf: 'naf',
  naf25: 'naf25',
  size_band: 'sizeBand',
  usual_name: 'usualName',
  created_on: 'createdOn',
  diffusion: 'diffusion',
};
/** Who said it and when: the line says that already, or it is of the machinery. */
const ofTheRow: readonly string[] = [
  'source',
  'source_date',
  'fetched_at',
  'import_id',
  'former_source_date',
  'former_import_id',
];
const isNamed = (name: string): boolean =>
  factNames.some((fact) => fact === name) || Object.values(ofEstablishment).includes(name);

/** What a register said before and says now, in words; what it did not say is not shown as a value. */
export function registerDifferences(
  before: unknown,
  after: unknown,
  lang: Lang,
): OperatorOrganizationPage['changes'][number]['details'] {
  const [former, present] = [factsIn(before), factsIn(after)];
  return [...new Set([...former.keys(), ...present.keys()])]
    .map((name) => ({
      fact: isNamed(name) ? name : 'other',
      before: worded(name, former.get(name), lang),
      after: worded(name, present.get(name), lang),
    }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after))
    .slice(0, 12);
}

/** A statement holds its facts under `facts`; a record is its own. */
function factsIn(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map();
  const held: unknown =
    'facts' in value && typeof value.facts === 'object' && value.facts !== null ? value.facts : value;
  return new Map(
    Object.entries(held ?? {})
      .filter(([name]) => !ofTheRow.includes(name))
      .map(([name, one]): [string, unknown] => [ofEstablishment[name] ?? name, one]),
  );
}

function worded(name: string, value: unknown, lang: Lang): Said | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'boolean') return { t: value ? 'op.fact.yes' : 'op.fact.no' };
  if (name === 'unitState' || name === 'establishmentState')
    return { t: value === 'A' ? 'op.fact.active' : 'op.fact.ceased' };
  if (name === 'publicService')
    return { t: isPublicIn(value) ? 'op.fact.publicService' : 'op.fact.notPublicService' };
  if (name === 'diffusion') return { t: value === 'P' ? 'op.fact.partly' : 'op.fact.openly' };
  const text = textOf(value).slice(0, 200);
  if (name === 'type' && isOrganizationType(text)) return organizationTypeLabel(text, lang);
  if (name === 'department') return departmentByCode(text)?.name ?? text;
  return text === '' ? undefined : text;
}

const isPublicIn = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'public' in value && value.public === true;

/** « Vannes, 56260 » of an object, « un, deux » of a list: never the writing of programs. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value)
    .map(textOf)
    .filter((text) => text !== '')
    .join(', ');
}
