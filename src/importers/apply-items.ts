import type { Kysely } from 'kysely';
import { sources } from '../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations, applyRecords } from '../register/register.ts';
import type { Applying, Outcome } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { ImportSource, Item } from './importer.ts';
import type { Reject } from './reading/rejects.ts';

/** Records, one outcome each. */
export interface Counts {
  readonly new: number;
  readonly changed: number;
  readonly same: number;
}

export interface LineItem {
  readonly line: number;
  readonly item: Item;
}

export interface Applied extends Counts {
  readonly refused: readonly Reject[];
}

/** The same for all lines of one import. */
export type ApplyingItems = Pick<
  Applying,
  'asOf' | 'now' | 'importId' | 'knownWords' | 'whileWriting' | 'seats' | 'label' | 'author' | 'reason'
> & {
  readonly source: ImportSource;
};

/**
 * One batch: legal units first, since establishments need theirs; then all else, shelf by shelf. What a batch says twice
 * in the same words (a grouping on the line of each member) is written once, and counted as the same after that.
 */
export async function applyItems(
  db: Kysely<Database>,
  items: readonly LineItem[],
  applying: ApplyingItems,
): Promise<Applied> {
  const groups = new Map<string, { readonly members: LineItem[]; readonly latest: Map<string, Item> }>();
  let repeated = 0;
  for (const one of items) {
    const { group, key } = placeOf(one.item);
    const { members, latest } = groups.get(group) ?? { members: [], latest: new Map<string, Item>() };
    const before = latest.get(key);
    if (before !== undefined && JSON.stringify(before.record) === JSON.stringify(one.item.record))
      repeated += 1;
    else members.push(one);
    latest.set(key, one.item);
    groups.set(group, { members, latest });
  }
  const total = { new: 0, changed: 0, same: repeated, refused: new Array<Reject>() };
  const ordered = [...groups].sort(([a], [b]) => rank(a) - rank(b));
  for (const [group, { members }] of ordered) {
    const outcome = await applyGroup(db, group, members, applying);
    total.new += outcome.new;
    total.changed += outcome.changed;
    total.same += outcome.same;
    total.refused.push(...outcome.refused.map((refused) => rejectOf(refused, members)));
  }
  return total;
}

const organizations = 'organizations';
const establishments = 'establishments';

const rank = (group: string): number => (group === organizations ? 0 : group === establishments ? 1 : 2);

function placeOf(item: Item): { readonly group: string; readonly key: string } {
  switch (item.kind) {
    case 'organization':
      return { group: organizations, key: subjectOf(item) };
    case 'establishment':
      return { group: establishments, key: item.record.siret };
    case 'record':
      return { group: `shelf ${item.shelf}`, key: item.key };
  }
}

function subjectOf(item: Item): string {
  if (item.kind === 'establishment') return item.record.siret;
  if (item.kind === 'record') return item.key;
  const { siren, rna, localRegister } = item.record;
  return [siren, rna, localRegister].filter((identifier) => identifier !== undefined).join(' ');
}

function applyGroup(
  db: Kysely<Database>,
  group: string,
  members: readonly LineItem[],
  applying: ApplyingItems,
): Promise<Outcome> {
  switch (group) {
    case organizations:
      return applyOrganizations(
        db,
        members.flatMap(({ item }) => (item.kind === 'organization' ? [item.record] : [])),
        { ...applying, source: statingSource(applying.source) },
      );
    case establishments:
      return applyEstablishments(
        db,
        members.flatMap(({ item }) => (item.kind === 'establishment' ? [item.record] : [])),
        { ...applying, source: statingSource(applying.source) },
      );
    default: {
      const records = members.flatMap(({ item }) => (item.kind === 'record' ? [item] : []));
      return applyRecords(db, records[0]?.shelf ?? '', records, applying);
    }
  }
}

/** Only these may say something of an organization. */
export function statingSource(source: ImportSource): Applying['source'] {
  const found = sources.find((one) => one === source);
  if (found === undefined) throw new Error(`the source ${source} says nothing of organizations`);
  return found;
}

function rejectOf({ index, reason }: Outcome['refused'][number], members: readonly LineItem[]): Reject {
  const member = members[index];
  if (member === undefined) throw new Error(`the register refused record ${index} of ${members.length}`);
  return { line: member.line, kind: 'line', column: '', value: subjectOf(member.item), reason };
}
