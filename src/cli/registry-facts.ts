import {
  changesOf,
  correctFact,
  correctableFacts,
  endCorrection,
  federationOf,
  isCorrectable,
  organizationRecord,
} from '../register/register.ts';
import type { Federation, OrganizationRecordShown, RegisterChange } from '../register/register.ts';
import { BrokerError } from '../errors/errors.ts';
import { identify } from '../organizations/organizations.ts';
import type { Author } from '../organizations/organizations.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

const shownChanges = 50;
const shownMembers = 200;

/** Everything that the register holds of one organization, with where each fact comes from. */
export async function registryShow(surroundings: Surroundings, { positionals }: Arguments): Promise<void> {
  const [asked = ''] = positionals;
  const { record, changes, federation } = await withStores(
    surroundings,
    configOf(surroundings),
    async ({ db }) => {
      const found = await organizationRecord(db, asked);
      if (found === undefined) throw new BrokerError('M-REGI-002', { detail: absent(asked) });
      return {
        record: found,
        changes: await changesOf(db, found.subjects, shownChanges),
        federation: await federationOf(db, found.id),
      };
    },
  );
  surroundings.print(
    [facts(record), ...federations(federation), establishments(record), history(changes)].join('\n\n'),
  );
}

function absent(asked: string): string {
  if (identify(asked).kind === 'invalid' && !asked.startsWith('AM-'))
    return `"${asked}" is no SIREN, SIRET or RNA number, nor an entry in a local register: check each digit.`;
  return `Nothing that was imported or declared names ${asked}.`;
}

function facts({ id, facts: all, flags, suspendedAt, qualifications }: OrganizationRecordShown): string {
  const rows = all.map(({ fact, value, origin }) => [
    fact,
    shown(value),
    origin.source,
    origin.asOf,
    origin.correction === undefined
      ? origin.importId === undefined
        ? ''
        : `import ${origin.importId}`
      : `corrected by ${person(origin.correction.author)}: ${origin.correction.reason}`,
  ]);
  return [
    `Organization ${id}`,
    table([['FACT', 'VALUE', 'SOURCE', 'AS OF', ''], ...rows]),
    ...(flags.length === 0 ? [] : [`To look at: ${flags.join(', ')}`]),
    ...(suspendedAt === undefined ? [] : [`Suspended since ${suspendedAt.toISOString()}`]),
    ...(qualifications === '[]' ? [] : [`Qualifications: ${qualifications}`]),
  ].join('\n');
}

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

function history(changes: readonly RegisterChange[]): string {
  if (changes.length === 0) return 'Nothing has changed since it came.';
  return table([
    ['CHANGED', 'OF', 'BY', 'WHAT', ''],
    ...changes.map((change) => [
      change.changedAt.toISOString(),
      change.subject,
      change.importId === undefined ? change.source : `${change.source}, import ${change.importId}`,
      differences(change),
      [change.author === undefined ? '' : person(change.author), change.reason ?? '']
        .filter(Boolean)
        .join(': '),
    ]),
  ]);
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

export async function registryCorrect(surroundings: Surroundings, given: Arguments): Promise<void> {
  const [organization = '', name = '', text = ''] = given.positionals;
  const fact = factOf(name);
  const decision = decisionOf(given);
  await withStores(surroundings, configOf(surroundings), ({ db }) =>
    correctFact(db, {
      organization,
      fact,
      value: valueOf(fact, text),
      ...decision,
      actor: commandLineActor(surroundings, decision.author),
      now: surroundings.clock(),
    }),
  );
  surroundings.print(`Corrected: ${name} of ${organization} is ${text}, whatever the registers say.`);
}

export async function registryEndCorrection(surroundings: Surroundings, given: Arguments): Promise<void> {
  const [organization = '', name = ''] = given.positionals;
  const fact = factOf(name);
  const decision = decisionOf(given);
  await withStores(surroundings, configOf(surroundings), ({ db }) =>
    endCorrection(db, {
      organization,
      fact,
      ...decision,
      actor: commandLineActor(surroundings, decision.author),
      now: surroundings.clock(),
    }),
  );
  surroundings.print(`The correction has ended: ${name} of ${organization} is what the registers say.`);
}

/** `legal-category` or `legalCategory`. */
function factOf(name: string): string {
  const fact = name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
  if (isCorrectable(fact)) return fact;
  const names = correctableFacts.map((one) => one.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  throw new UsageError(`"${name}" cannot be corrected: ${names.join(', ')}`);
}

/** As typed; which values are right is the register's to say. */
function valueOf(fact: string, text: string): unknown {
  if (fact === 'rna') return text === 'none' ? null : text;
  if (fact === 'population') return /^[0-9]{1,9}$/.test(text) ? Number(text) : text;
  if (fact !== 'publicService') return text;
  return text === 'none'
    ? { public: false, facets: [] }
    : { public: true, facets: text === 'public' ? [] : text.split(',') };
}

function decisionOf({ values }: Arguments): { readonly reason: string; readonly author: Author } {
  const reason = values.get('reason') ?? '';
  if (reason.trim() === '') throw new UsageError('--reason says why, in one sentence');
  const parts = (values.get('author') ?? '').split(',').map((part) => part.trim());
  const [names = '', capacity = '', ...organization] = parts;
  const [given = '', ...usual] = names.split(' ');
  const author = {
    given_name: given,
    usual_name: usual.join(' '),
    capacity,
    organization: organization.join(', '),
  };
  if (Object.values(author).includes(''))
    throw new UsageError('--author names who decides: "Given Usual, capacity, organization"');
  return { reason, author };
}
