import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { organizationFacts, statementsText } from '../organizations/organizations.ts';
import type {
  OrganizationFacts,
  PublicServiceExceptions,
  SourceAndDate,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { correction, endOfCorrection, findCorrected } from './correct.ts';
import type { Correcting } from './correct.ts';
import { isCorrectable } from './correctable.ts';
import type { CorrectableFact } from './correctable.ts';
import { flagsOf, idOf, mergedOf, statementsOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { settle } from './settle.ts';
import { columns, readRegistered } from './stored-organization.ts';

/** What the register says of a fact before a correction, and of the whole organization before and after it. */
export interface ForeseenCorrection {
  /** Of the organization, as the register has it now. */
  readonly id: string;
  readonly siren: string | undefined;
  readonly fact: CorrectableFact;
  /** Undefined: no source says. */
  readonly value: unknown;
  readonly source: SourceAndDate | undefined;
  /** Absent while no establishment is known: nobody can sign in for it. */
  readonly facts?: { readonly before: OrganizationFacts; readonly after: OrganizationFacts } | undefined;
}

interface Knowing {
  readonly territories: TerritoryIndex;
  readonly exceptions: PublicServiceExceptions;
}

/**
 * What a correction, or its end, would make of the organization, by the same steps as the correction itself; nothing is
 * written.
 *
 * @param asked without a value: the end of a correction
 * @throws BrokerError M-REGI-001 as the correction would
 */
export async function foreseeCorrection(
  db: Kysely<Database>,
  asked: Correcting & { readonly value?: unknown },
  { territories, exceptions }: Knowing,
): Promise<ForeseenCorrection> {
  const edit =
    asked.value === undefined ? endOfCorrection(asked) : correction({ ...asked, value: asked.value });
  const { rows, draft } = await findCorrected(db, asked.organization);
  const { fact, now } = asked;
  if (!isCorrectable(fact)) throw new TypeError(fact);
  const { values, origins } = mergedOf(draft);
  const stated = { value: values[fact], source: origins[fact] };
  const about = { id: idOf(draft), siren: draft.siren, fact };
  const row = await seatOf(db, draft);
  edit(draft);
  await settle(db, rows);
  if (row === undefined) return { ...about, ...stated };
  const [before, after] = (
    await readRegistered(
      db,
      [
        row,
        { ...row, statements: statementsText(statementsOf(draft)), flags: JSON.stringify(flagsOf(draft)) },
      ],
      now,
    )
  ).map((one) => organizationFacts(one, territories, exceptions));
  if (before === undefined || after === undefined) return { ...about, ...stated };
  return { ...about, ...heldAs(fact, before, stated), facts: { before, after } };
}

/** What a fact of an organization is now, and who says so. @throws BrokerError M-REGI-001 when nobody knows the organization */
export async function factNow(
  db: Kysely<Database>,
  { organization, fact, now }: Pick<Correcting, 'organization' | 'now'> & { readonly fact: CorrectableFact },
  { territories, exceptions }: Knowing,
): Promise<Stated> {
  const { draft } = await findCorrected(db, organization);
  const { values, origins } = mergedOf(draft);
  const stated = { value: values[fact], source: origins[fact] };
  const row = await seatOf(db, draft);
  const [registered] = row === undefined ? [] : await readRegistered(db, [row], now);
  return registered === undefined
    ? stated
    : heldAs(fact, organizationFacts(registered, territories, exceptions), stated);
}

type Stated = Pick<ForeseenCorrection, 'value' | 'source'>;

/** As it counts: what no source states of an organization may follow from its legal category, its place or a map. */
function heldAs(fact: CorrectableFact, facts: OrganizationFacts, stated: Stated): Stated {
  const { legalCategory } = facts.origins;
  switch (fact) {
    case 'publicService':
      return {
        value: { public: facts.publicService, facets: [...facts.facets] },
        source: facts.publicServiceOrigin,
      };
    case 'type':
      return { value: facts.type, source: stated.source ?? legalCategory };
    case 'commune':
      return { value: facts.communeCode, source: stated.source ?? facts.establishmentOrigin };
    case 'population': {
      const { population } = facts.territory;
      return {
        value: population?.municipal,
        source: population && { label: population.source, asOf: population.edition },
      };
    }
    case 'unitState':
      return { value: facts.unitState, source: stated.source };
    case 'name':
    case 'legalCategory':
    case 'rna':
      return stated;
  }
}

const rowSchema = z.record(z.string(), z.unknown());

/** The head office; any of its establishments when the register names none. */
async function seatOf(
  db: Kysely<Database>,
  { siren }: Draft,
): Promise<z.output<typeof rowSchema> | undefined> {
  if (siren === undefined) return undefined;
  const found = await db
    .selectFrom('establishment')
    .innerJoin('organization', 'organization.siren', 'establishment.siren')
    .select(columns)
    .where('establishment.siren', '=', siren)
    .orderBy(sql`establishment.head_office desc, establishment.siret`)
    .executeTakeFirst();
  return found === undefined ? undefined : rowSchema.parse(found);
}
