/**
 * How long a search takes, by kind of question, on whatever register the database holds: thirty questions of each kind,
 * made of its own names, in an order drawn once, after a first round that is not counted.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { loadTerritories } from '../src/organizations/organizations.ts';
import { searchOrganizations } from '../src/register/register.ts';
import type { SearchRequest } from '../src/register/register.ts';
import type { Database } from '../src/storage/storage.ts';
import { seeded } from './registry-names.ts';

const perKind = 30;

interface Question {
  readonly kind: string;
  readonly request: SearchRequest;
}

const sampleSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    search_name: z.string(),
    acronym: z.string().nullable(),
    commune_code: z.string().nullable(),
  }),
);
type Sample = z.infer<typeof sampleSchema>[number];

/** @returns lines for people: a line of each kind, then all of them */
export async function measureSearch(db: Kysely<Database>): Promise<readonly string[]> {
  const questions = await questionsOf(db);
  const territories = loadTerritories();
  const measured = new Map<string, { ms: number; found: number }[]>();
  for (const round of ['warm-up', 'counted']) {
    for (const { kind, request } of questions) {
      const start = performance.now();
      const answer = await searchOrganizations(db, territories, request);
      const ms = performance.now() - start;
      if (round === 'warm-up') continue;
      const found = answer.kind === 'list' ? answer.total : 0;
      measured.set(kind, [...(measured.get(kind) ?? []), { ms, found }]);
    }
  }
  const lines = [...measured].map(([kind, times]) => line(kind, times));
  return [...lines, line(`all ${questions.length}`, [...measured.values()].flat())];
}

function line(kind: string, times: readonly { ms: number; found: number }[]): string {
  const sorted = times.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const found = times.filter((one) => one.found > 0).length;
  return `search, ${kind}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms; ${found} of ${times.length} found something`;
}

async function questionsOf(db: Kysely<Database>): Promise<readonly Question[]> {
  const random = seeded(7);
  const samples = await samplesOf(db);
  const communes: readonly string[] = [...loadTerritories().communes()]
    .toSorted((a, b) => (b.population?.municipal ?? 0) - (a.population?.municipal ?? 0))
    .map(({ code }) => code);
  const common = await commonWords(db);
  const pick = <T>(list: readonly T[], otherwise: T): T =>
    list[Math.floor(random() * list.length)] ?? otherwise;
  const word = (): string => pick(common, 'association');
  const kinds: Readonly<Record<string, (sample: Sample) => SearchRequest>> = {
    'whole name': ({ name }) => ({ text: name }),
    'beginning of a name': ({ search_name: name }) => ({
      text: name.slice(0, Math.max(4, Math.ceil(name.length * 0.6))),
    }),
    'two words of everywhere': () => ({ text: `${word()} ${word()}` }),
    'one word of everywhere': () => ({ text: word() }),
    'a word mistyped': ({ search_name: name }) => ({ text: mistyped(name, random) }),
    acronym: ({ search_name: name, acronym }) => ({
      text: acronym ?? name.replaceAll(/(?<=[a-z])[a-z]+ ?/g, ''),
    }),
    'in its commune': ({ search_name: name, commune_code: commune }) => ({
      text: name.split(' ').slice(0, 2).join(' '),
      commune: commune ?? '75056',
    }),
    'word of everywhere in a big commune': () => ({
      text: word(),
      commune: pick(communes.slice(0, 20), '75056'),
    }),
    'in a département, by type': () => ({
      text: word(),
      department: pick(['56', '75', '2A', '13', '974'], '56'),
      type: 'association',
    }),
    number: ({ id }) => ({ text: id }),
    'nothing of the kind': () => ({ text: `zygomorphe ${word()} quetzalcoatl` }),
    'page ten': () => ({ text: word(), page: 10 }),
  };
  const questions = Object.entries(kinds).flatMap(([kind, make]) =>
    Array.from({ length: perKind }, () => pick(samples, undefined))
      .filter((sample) => sample !== undefined)
      .map((sample) => ({ kind, request: make(sample), order: random() })),
  );
  return questions.toSorted((a, b) => a.order - b.order);
}

async function samplesOf(db: Kysely<Database>): Promise<readonly Sample[]> {
  const { rows } = await sql`
    select id, name, search_name, acronym, commune_code
    from organization tablesample system (2) repeatable (5) where search_name <> ''
    limit 20000`.execute(db);
  return sampleSchema.parse(rows).filter((_, at) => at % 7 === 0);
}

/** The most frequent words, as the statistics of the database know them. */
async function commonWords(db: Kysely<Database>): Promise<readonly string[]> {
  const { rows } = await sql`
    select word from (
      select unnest(most_common_elems::text::text[]) as word, unnest(most_common_elem_freqs) as share
      from pg_stats where tablename = 'organization' and attname = 'words'
    ) as known where word is not null order by share desc limit 40`.execute(db);
  return z
    .array(z.object({ word: z.string() }))
    .parse(rows)
    .map(({ word }) => word)
    .filter((word) => /^[a-z]{4,}$/.test(word));
}

/** Two letters of the longest word swapped, or one less. */
function mistyped(name: string, random: () => number): string {
  const longest = name.split(' ').toSorted((a, b) => b.length - a.length)[0] ?? name;
  const at = 1 + Math.floor(random() * Math.max(1, longest.length - 3));
  const wrong =
    random() < 0.5
      ? longest.slice(0, at) + longest.slice(at + 1)
      : longest.slice(0, at) + longest.charAt(at + 1) + longest.charAt(at) + longest.slice(at + 2);
  return name.replace(longest, wrong);
}
