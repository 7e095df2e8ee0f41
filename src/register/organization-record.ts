import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { factNames, identify, isSiren, sirenOf } from '../organizations/organizations.ts';
import type { FactName, FactOrigin, RegisteredUnit } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { documentOf, heldEstablishments } from './held-establishment.ts';
import type { EstablishmentDocument } from './held-establishment.ts';
import { draftOf, flagsOf, idOf, mergedOf } from './draft.ts';
import { heldOrganizations } from './held-organization.ts';

/** Everything that the register holds of one organization, for operators. */
export interface OrganizationRecordShown {
  readonly id: string;
  readonly unit: RegisteredUnit;
  /** What its history is kept under: its numbers, and the SIRETs of its establishments. */
  readonly subjects: readonly string[];
  readonly facts: readonly {
    readonly fact: FactName;
    readonly value: unknown;
    readonly origin: FactOrigin;
  }[];
  readonly flags: readonly string[];
  readonly suspendedAt: Date | undefined;
  /** JSON text, as stored. */
  readonly qualifications: string;
  readonly establishments: readonly EstablishmentDocument[];
  /** The imports that brought the organization and its establishments: the history of these begins later. */
  readonly arrivals: readonly Arrival[];
  /** Imports that were undone, of those that the facts name: their word stays where an establishment, or a decision, needs it. */
  readonly undone: ReadonlySet<number>;
}

export interface Arrival {
  /** Identifier of the organization, or SIRET. */
  readonly subject: string;
  readonly importId: number;
  /** The three of the import; undefined when it left no record. */
  readonly source: string | undefined;
  readonly fileName: string | undefined;
  readonly at: Date | undefined;
}

/**
 * @param asked SIREN, SIRET, RNA number (with or without separators), or an entry in a local register
 * @returns undefined when the register does not hold it, or the number leads to several
 */
export async function organizationRecord(
  db: Kysely<Database>,
  asked: string,
): Promise<OrganizationRecordShown | undefined> {
  const found = identify(asked);
  const siren = found.kind === 'siret' ? sirenOf(found.siret) : 'siren' in found ? found.siren : undefined;
  const rows = await heldOrganizations(db, {
    sirens: siren === undefined ? [] : [siren],
    rnas: found.kind === 'rna' ? [found.rna] : [],
    localRegisters: asked.startsWith('AM-') ? [asked] : [],
  });
  const row = rows.find(({ id }) => id === asked) ?? (rows.length === 1 ? rows[0] : undefined);
  if (row === undefined) return undefined;
  const draft = draftOf(row);
  const { values, origins } = mergedOf(draft);
  const kept = await db
    .selectFrom('organization')
    .select(['qualifications', 'suspended_at', 'rna', 'local_register'])
    .where('id', '=', row.id)
    .executeTakeFirstOrThrow();
  const establishments = isSiren(row.id)
    ? await heldEstablishments(db, sql`siren = ${row.id} order by head_office desc, siret limit 1000`)
    : [];
  const brought = [{ subject: row.id, created_import: row.created_import }].concat(
    establishments.map((one) => ({ subject: one.siret, created_import: one.created_import })),
  );
  const imports = await importsOf(db, [
    ...brought.map((one) => one.created_import),
    ...Object.values(origins).map(({ importId }) => importId ?? null),
  ]);
  const numbers = [idOf(draft), kept.rna, kept.local_register, ...establishments.map(({ siret }) => siret)];
  return {
    id: row.id,
    unit: {
      id: row.id,
      siren: isSiren(row.id) ? row.id : undefined,
      localRegister: kept.local_register ?? undefined,
      name: row.name,
      merged: mergedOf(draft),
    },
    subjects: [...new Set(numbers)].filter((one) => one !== null),
    facts: factNames.flatMap((fact) => {
      const origin = origins[fact];
      return origin === undefined ? [] : [{ fact, value: values[fact], origin }];
    }),
    flags: flagsOf(draft),
    suspendedAt: kept.suspended_at ?? undefined,
    qualifications: kept.qualifications,
    establishments: establishments.map(documentOf),
    arrivals: brought.flatMap(({ subject, created_import: importId }) => {
      if (importId === null) return [];
      const { source, file_name: fileName, started_at: at } = imports.get(importId) ?? {};
      return [{ subject, importId, source, fileName, at }];
    }),
    undone: new Set([...imports.values()].filter(({ state }) => state === 'undone').map((one) => one.id)),
  };
}

async function importsOf(db: Kysely<Database>, ids: readonly (number | null)[]) {
  const known = [...new Set(ids)].filter((id) => id !== null);
  const found =
    known.length === 0
      ? []
      : await db
          .selectFrom('register_import')
          .select(['id', 'source', 'file_name', 'started_at', 'state'])
          .where('id', 'in', known)
          .execute();
  return new Map(found.map((one) => [one.id, one]));
}
