import { isCommuneCode, isCount, isFields, isSiren } from '../organizations/organizations.ts';
import type {
  CommuneRecord,
  GroupingMemberRecord,
  GroupingRecord,
  PopulationRecord,
} from '../organizations/organizations.ts';
import { shelfSchemas } from './shelves.ts';
import type { ShelfRule } from './territory-shelves.ts';

/*
 * A hundred thousand records that were checked when they were written, read at every start and after every import: the
 * guards cost a tenth of the schemas, and let through nothing that the schemas refuse.
 */

type Fields = Readonly<Record<string, unknown>>;

function isOf(value: unknown, fields: ReadonlySet<string>): value is Fields {
  return isFields(value) && Object.keys(value).every((field) => fields.has(field));
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isAbsentOrText = (value: unknown): boolean => value === undefined || isText(value);
const isAbsentOrSiren = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && isSiren(value));
const isAbsentOrCommune = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && isCommuneCode(value));
const isAbsentOrCount = (value: unknown): boolean => value === undefined || isCount(value);

const fieldsOf = ({ shape }: { readonly shape: object }): ReadonlySet<string> => new Set(Object.keys(shape));

const communeFields = fieldsOf(shelfSchemas.commune);
const kinds: ReadonlySet<unknown> = new Set(shelfSchemas.commune.shape.kind.options);
const isCommune = (record: unknown): record is CommuneRecord =>
  isOf(record, communeFields) &&
  isText(record['name']) &&
  kinds.has(record['kind']) &&
  isAbsentOrText(record['department']) &&
  isAbsentOrText(record['region']) &&
  isAbsentOrSiren(record['siren']) &&
  isAbsentOrCommune(record['current']);

const populationFields = fieldsOf(shelfSchemas.population);
const isPopulation = (record: unknown): record is PopulationRecord =>
  isOf(record, populationFields) && isAbsentOrCount(record['municipal']) && isAbsentOrCount(record['total']);

const groupingFields = fieldsOf(shelfSchemas.grouping);
const isGrouping = (record: unknown): record is GroupingRecord =>
  isOf(record, groupingFields) &&
  isText(record['name']) &&
  isText(record['nature']) &&
  isAbsentOrText(record['department']);

const memberFields = fieldsOf(shelfSchemas.grouping_member);
const isMember = (record: unknown): record is GroupingMemberRecord =>
  isOf(record, memberFields) &&
  isText(record['name']) &&
  isAbsentOrSiren(record['siren']) &&
  isAbsentOrCommune(record['commune']);

/** The shelves of the map. */
export const territoryRules = {
  commune: { schema: shelfSchemas.commune, plain: isCommune },
  grouping: { schema: shelfSchemas.grouping, plain: isGrouping },
  grouping_member: { schema: shelfSchemas.grouping_member, plain: isMember },
  population: { schema: shelfSchemas.population, plain: isPopulation },
} satisfies {
  readonly commune: ShelfRule<CommuneRecord>;
  readonly grouping: ShelfRule<GroupingRecord>;
  readonly grouping_member: ShelfRule<GroupingMemberRecord>;
  readonly population: ShelfRule<PopulationRecord>;
};
