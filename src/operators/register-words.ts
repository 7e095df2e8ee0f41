import type { OperatorOrganizationPage, Said } from '../http/http.ts';
import {
  departmentByCode,
  factNames,
  isOrganizationType,
  organizationTypeLabel,
} from '../organizations/organizations.ts';

type Lang = 'fr' | 'en';

/** What a register said before and says now, in words; what it did not say is not shown as a value. */
export function registerDifferences(
  before: unknown,
  after: unknown,
  lang: Lang,
): OperatorOrganizationPage['changes'][number]['details'] {
  const [former, present] = [factsIn(before), factsIn(after)];
  return [...new Set([...former.keys(), ...present.keys()])]
    .map((name) => ({
      fact: factNames.some((fact) => fact === name) ? name : 'other',
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
  return new Map(Object.entries(held ?? {}));
}

function worded(name: string, value: unknown, lang: Lang): Said | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'boolean') return { t: value ? 'op.fact.yes' : 'op.fact.no' };
  if (name === 'unitState' && (value === 'A' || value === 'C'))
    return { t: value === 'A' ? 'op.fact.active' : 'op.fact.ceased' };
  const text = textOf(value).slice(0, 200);
  if (name === 'type' && isOrganizationType(text)) return organizationTypeLabel(text, lang);
  if (name === 'department') return departmentByCode(text)?.name ?? text;
  return text === '' ? undefined : text;
}

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
