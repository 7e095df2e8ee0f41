import { BrokerError } from '../errors/errors.ts';
import {
  identify,
  loadPublicServiceExceptions,
  organizationTypeLabel,
  readQualifications,
  unitFacts,
} from '../organizations/organizations.ts';
import type {
  Author,
  PublicServiceFacet,
  PublicServiceSource,
  TerritoryIndex,
  UnitFacts,
} from '../organizations/organizations.ts';
import { changesOf, createTerritories, federationOf, organizationRecord } from '../register/register.ts';
import type { Federation, OrganizationRecordShown, RegisterChange } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { withStores } from './with-stores.ts';

const shownChanges = 50;
const shownMembers = 200;

/** Everything that the register holds of one organization, with where each fact comes from. */
export async function registryShow(surroundings: Surroundings, { positionals }: Arguments): Promise<void> {
  const [asked = ''] = positionals;
  const { record, changes, federation, territories } = await withStores(
    surroundings,
    configOf(surroundings),
    async ({ db }) => {
      const found = await organizationRecord(db, asked);
      if (found === undefined) throw new BrokerError('M-REGI-002', { detail: absent(asked) });
      const map = await createTerritories({ db });
      map.stop();
      return {
        record: found,
        changes: await changesOf(db, found.subjects, shownChanges),
        federation: await federationOf(db, found.id),
        territories: map.current(),
      };
    },
  );
  surroundings.print(
    [
      facts(record, territories),
      ...federations(federation),
      establishments(record),
      history(changes, record),
    ].join('\n\n'),
  );
}
function absent(asked: string): string {
  if (identify(asked).kind === 'invalid' && !asked.startsWith('AM-'))
    return `"${asked}" is no SIREN, SIRET or RNA number, nor an entry in a local register: check each digit.`;
  return `Nothing that was imported or declared names ${asked}.`;
}

function facts(record: OrganizationRecordShown, territories: TerritoryIndex): string {
  const { id, unit, facts: all, flags, suspendedAt, qualifications } = record;
  const rows = all.map(({ fact, value, origin }) => [
    fact,
    shown(value),
    origin.source,
    origin.asOf,
    origin.correction === undefined
      ? importNamed(origin.importId, record)
      : `corrected by ${person(origin.correction.author)}: ${origin.correction.reason}`,
  ]);
  return [
    `Organization ${id}`,
    ...kind(unitFacts(unit, territories, loadPublicServiceExceptions())),
    table([['FACT', 'VALUE', 'SOURCE', 'AS OF', ''], ...rows]),
    ...(flags.length === 0 ? [] : [`To look at: ${flags.join(', ')}`]),
    ...(suspendedAt === undefined ? [] : [`Suspended since ${suspendedAt.toISOString()}`]),
    ...readQualifications(qualifications).map(
      ({ id: name, startsOn, endsOn }) =>
        `Qualified by an operator as ${name}, from ${startsOn}${endsOn === undefined ? ' on' : ` to ${endsOn}`}`,
    ),
  ].join('\n');
}

function importNamed(
  id: number | undefined,
  { undone, establishments: all }: OrganizationRecordShown,
): string {
  if (id === undefined) return '';
  if (!undone.has(id)) return `import ${id}`;
  const because = all.length > 0 ? 'establishments are there' : 'an operator decided something of it';
  return `import ${id}, undone: kept because ${because}`;
}

/** What follows from the facts: what the organization is, and whether it is public service. */
function kind({ type, active, publicService, publicServiceSource, facets }: UnitFacts): readonly string[] {
  const of = facets.map((facet) => facetWords[facet]).join(', ');
  const because = sourceWords[publicServiceSource];
  return [
    `Type: ${organizationTypeLabel(type, 'en')} (${type})`,
    publicService
      ? `Public service: yes${of === '' ? '' : `, ${of}`}; ${because}`
      : `Public service: no${active ? '' : ', since it has ceased to exist'}`,
  ];
}

const facetWords: Readonly<Record<PublicServiceFacet, string>> = {
  state: 'of the State',
  local: 'of a local authority',
  spa: 'administrative public service',
  hospital: 'public hospital',
};

const sourceWords: Readonly<Record<PublicServiceSource, string>> = {
  legal_category: 'its legal category says so',
  whitelist: 'the list of administrations, or ours of exceptions, says so',
  lolf: 'it is an operator of the State (LOLF)',
  operator_decision: 'an operator decided so',
  none: 'nobody says so',
};

function federations({ above, members }: Federation): readonly string[] {
  const { parents, brokenBy } = above;
  const end = { cycle: ' (which is under itself: to correct)', too_deep: ' (and more)' };
  return [
    ...(parents.length === 0
      ? []
      : [`Under: ${parents.join(', under ')}${brokenBy === undefined ? '' : end[brokenBy]}`]),
    ...(members.length === 0
      ? []
      : [
          [
            `Federation of ${members.length}:`,
            ...members.slice(0, shownMembers).map(({ id, name }) => `  ${id}  ${name}`),
          ].join('\n'),
        ]),
  ];
}

function establishments({ establishments: all }: OrganizationRecordShown): string {
  if (all.length === 0) return 'No establishment.';
  return table([
    ['ESTABLISHMENT', 'STATE', 'HEAD OFFICE', 'COMMUNE', 'SOURCE', 'AS OF'],
    ...all.map((one) => [
      one.siret,
      one.state,
      one.head_office ? 'yes' : '',
      one.commune_code ?? '',
      one.source,
      one.source_date ?? '',
    ]),
  ]);
}

/** Changes, newest first; then how it came, which an import leaves no change of. */
function history(changes: readonly RegisterChange[], { arrivals }: OrganizationRecordShown): string {
  const unchanged = changes.length === 0 ? ['Nothing has changed since it came.'] : [];
  if (changes.length === 0 && arrivals.length === 0) return unchanged.join('');
  const rows = table([
    ['CHANGED', 'OF', 'BY', 'WHAT THIS SOURCE SAYS', ''],
    ...changes.map((change) => [
      change.changedAt.toISOString(),
      change.subject,
      change.importId === undefined ? change.source : `${change.source}, import ${change.importId}`,
      differences(change),
      [change.author === undefined ? '' : person(change.author), change.reason ?? '']
        .filter(Boolean)
        .join(': '),
    ]),
    ...arrivals.map(({ subject, importId, source, fileName, at }) => [
      at?.toISOString() ?? '(unknown)',
      subject,
      source === undefined ? `import ${importId}` : `${source}, import ${importId}`,
      fileName === undefined ? 'came into the register' : `came into the register, with ${fileName}`,
      '',
    ]),
  ]);
  return [rows, ...unchanged].join('\n');
}

/** `name: "A" → "B"`, member by member, of what was and is said. */
function differences({ shelf, before, after }: RegisterChange): string {
  const [was, is] = [members(before), members(after)];
  if (shelf === 'identity') return `${shown(was['id'])} is ${shown(is['id'])} from now on`;
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter(
      (member) => !bookkeeping.has(member) && JSON.stringify(was[member]) !== JSON.stringify(is[member]),
    )
    .map((member) => `${member}: ${shown(was[member])} → ${shown(is[member])}`);
  return changed.length === 0 ? 'the source or its date' : changed.join('; ');
}

const bookkeeping: ReadonlySet<string> = new Set([
  'source',
  'source_date',
  'import_id',
  'former_source_date',
  'former_import_id',
  'fetched_at',
  'siret',
]);

/** The facts of a statement, the columns of an establishment, the members of a record. */
function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  for (const inside of ['facts', 'record']) {
    const held: unknown = Reflect.get(value, inside);
    if (typeof held === 'object' && held !== null) return { ...held };
  }
  return { ...value };
}

function shown(value: unknown): string {
  if (value === undefined) return '(nothing)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const person = ({ given_name: given, usual_name: usual, capacity, organization }: Author): string =>
  `${given} ${usual}, ${capacity}, ${organization}`;
