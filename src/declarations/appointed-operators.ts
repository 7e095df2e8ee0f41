import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import type { DeclaredSet } from './declared-set.ts';
import { partnerProviderId } from './built-in-provider.ts';
import { operatorSchema } from './operator.ts';
import type { Operator } from './operator.ts';

/*
 * Operators in the database: those of the files, and those whom the console appointed (src/appointments/), which no apply
 * changes. Who was removed at once stays out, whoever declares them, until two administrators take it back.
 */

export interface KeptOperator {
  readonly operator: Operator;
  readonly origin: 'configuration' | 'console';
  readonly since: Date;
  /** Of the document: a form that was written on another one is refused. */
  readonly digest: string;
}

export interface RemovedOperator {
  /** As declared when they were removed. */
  readonly operator: Operator;
  /** Of their identity provider then, which may be called otherwise now. */
  readonly issuer: string | undefined;
  readonly origin: 'configuration' | 'console';
  readonly reason: string;
  readonly removedById: string;
  /** JSON text, as it was given. */
  readonly removedBy: string;
  readonly removedAt: Date;
}

const originSchema = z.enum(['configuration', 'console']);
const keptSchema = z.object({
  document: z.string(),
  origin: originSchema,
  updated_at: z.date(),
  digest: z.string(),
});
const removedSchema = z.object({
  document: z.string(),
  issuer: z.string().nullable(),
  origin: originSchema,
  reason: z.string(),
  removed_by_id: z.string(),
  removed_by: z.string(),
  removed_at: z.date(),
});

/** Undefined: written by a newer Maillon. Nobody enters by it here (running.ts). */
function readOperator(document: string): Operator | undefined {
  const parsed: unknown = JSON.parse(document);
  return operatorSchema.safeParse(parsed).data;
}

/** In the order of their ids. */
export async function keptOperators(db: Kysely<Database>): Promise<readonly KeptOperator[]> {
  const rows: unknown[] = await db
    .selectFrom('declared_object')
    .select(['document', 'origin', 'updated_at', 'digest'])
    .where('kind', '=', 'operator')
    .orderBy('id')
    .execute();
  return z
    .array(keptSchema)
    .parse(rows)
    .flatMap(({ document, origin, updated_at: since, digest }): KeptOperator[] => {
      const operator = readOperator(document);
      return operator === undefined ? [] : [{ operator, origin, since, digest }];
    });
}

/** The last one first. */
export async function removedOperators(db: Kysely<Database>): Promise<readonly RemovedOperator[]> {
  const rows: unknown[] = await db
    .selectFrom('operator_removal')
    .selectAll()
    .orderBy('removed_at', 'desc')
    .orderBy('operator_id')
    .execute();
  return z
    .array(removedSchema)
    .parse(rows)
    .flatMap((row): RemovedOperator[] => {
      const operator = readOperator(row.document);
      if (operator === undefined) return [];
      const {
        origin,
        reason,
        removed_by_id: removedById,
        removed_by: removedBy,
        removed_at: removedAt,
      } = row;
      const issuer = row.issuer ?? undefined;
      return [{ operator, issuer, origin, reason, removedById, removedBy, removedAt }];
    });
}

/** Without this word nothing happens to somebody appointed (migration 0010): the version before does not know it. */
async function asConsole(trx: Kysely<Database>): Promise<void> {
  await sql`select set_config('maillon.appointing', 'yes', true)`.execute(trx);
}

/** In the caller's transaction, under `lockDeclarations`. Whoever was removed before is not any more. */
export async function writeAppointed(trx: Kysely<Database>, operator: Operator, now: Date): Promise<void> {
  await asConsole(trx);
  await readmitOperator(trx, operator);
  const document = JSON.stringify(operatorSchema.parse(operator));
  const row = { document, digest: createHash('sha256').update(document).digest('hex'), updated_at: now };
  await trx
    .insertInto('declared_object')
    .values({ kind: 'operator', id: operator.id, origin: 'console', ...row })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'id']).doUpdateSet(row).where('declared_object.origin', '=', 'console'),
    )
    .execute();
}

/** In the caller's transaction, under `lockDeclarations`. The issuer is written by the database (migration 0017). */
export async function removeOperator(
  trx: Kysely<Database>,
  { operator, origin, reason, removedById, removedBy, removedAt }: Omit<RemovedOperator, 'issuer'>,
): Promise<void> {
  await asConsole(trx);
  await trx
    .deleteFrom('declared_object')
    .where('kind', '=', 'operator')
    .where('id', '=', operator.id)
    .execute();
  await trx
    .insertInto('operator_removal')
    .values({
      idp_id: operator.idp,
      subject: operator.subject,
      operator_id: operator.id,
      document: JSON.stringify(operator),
      origin,
      reason,
      removed_by_id: removedById,
      removed_by: removedBy,
      removed_at: removedAt,
    })
    .execute();
}

/** The next apply of files that declare this person, under whatever name of their issuer, brings them in again. */
export async function readmitOperator(
  trx: Kysely<Database>,
  { idp, subject }: Pick<Operator, 'idp' | 'subject'>,
): Promise<void> {
  await sql`
    delete from operator_removal where subject = ${subject} and (idp_id = ${idp} or issuer in (
      select document::json ->> 'issuer' from declared_object where kind = 'identity_provider' and id = ${idp}
      union all
      select issuer from operator_removal where idp_id = ${idp} and subject = ${subject}))`.execute(trx);
}

/** By the id of an identity provider; the id itself for one that is not declared. */
export type IssuerOf = (idp: string) => string;

/** Whether it is one person: by `sub` together with its issuer (OpenID Connect Core §5.7), however a provider is called. */
export const isSamePerson = (
  one: Pick<Operator, 'idp' | 'subject'>,
  other: Pick<Operator, 'idp' | 'subject'>,
  issuerOf: IssuerOf,
): boolean => one.subject === other.subject && issuerOf(one.idp) === issuerOf(other.idp);

/** Whether it is this person who was removed: by the name of their identity provider as of then, or by its issuer. */
export const wasRemoved = (
  { operator, issuer }: Pick<RemovedOperator, 'operator' | 'issuer'>,
  { idp, subject }: Pick<Operator, 'idp' | 'subject'>,
  issuerOf: IssuerOf,
): boolean =>
  operator.subject === subject &&
  (operator.idp === idp || (issuer ?? issuerOf(operator.idp)) === issuerOf(idp));

const issuerSchema = z.object({ id: z.string(), issuer: z.string() });

/** As declared in the database: several identity providers may be one issuer, each with bounds of its own. */
export async function readIssuers(db: Kysely<Database>): Promise<IssuerOf> {
  const { rows } = await sql`
    select id, document::json ->> 'issuer' as issuer from declared_object where kind = 'identity_provider'`.execute(
    db,
  );
  return issuersOf(z.array(issuerSchema).parse(rows));
}

export function issuersOf(providers: readonly { readonly id: string; readonly issuer: string }[]): IssuerOf {
  const issuers = new Map(providers.map(({ id, issuer }) => [id, issuer]));
  return (idp) => issuers.get(idp) ?? idp;
}

/**
 * What the files declare, without the people whom the console appointed when they repeat them word for word, nor those whom
 * it removed, who are named in `notes`; so is whoever was appointed at an identity provider that the files call otherwise now.
 * @throws BrokerError M-CONF-002 when they declare something else under the id or the identity of somebody appointed, or
 * give the name of the identity provider at which somebody was appointed to another issuer: its `sub` is somebody else
 */
export async function withoutAppointed(
  db: Kysely<Database>,
  declared: DeclaredSet,
): Promise<{ readonly declared: DeclaredSet; readonly notes: readonly string[] }> {
  const appointed = (await keptOperators(db)).filter(({ origin }) => origin === 'console');
  const removed = await removedOperators(db);
  if (appointed.length === 0 && removed.length === 0) return { declared, notes: [] };
  const issuerOf = issuersOf(declared.identityProviders);
  // As of before these files: a provider that they rename is known by both names for once.
  const before = await readIssuers(db);
  const isAppointed = (one: Operator, operator: Operator): boolean =>
    isSamePerson(one, operator, issuerOf) ||
    (one.subject === operator.subject && before(one.idp) === issuerOf(operator.idp));
  const problems: string[] = [];
  const notes: string[] = [];
  const operators = declared.operators.filter((operator) => {
    const known = appointed.find(
      (one) => one.operator.id === operator.id || isAppointed(one.operator, operator),
    )?.operator;
    if (known !== undefined) {
      if (!isDeepStrictEqual(known, operator))
        problems.push(conflict(operator, known, isAppointed(known, operator)));
      return false;
    }
    const out = removed.find((one) => wasRemoved(one, operator, issuerOf));
    if (out !== undefined) {
      const { removedAt, removedById } = out;
      notes.push(
        `! operator ${operator.id}: left out: removed in the console on ${removedAt.toISOString()} by ${removedById}. Two administrators can take that back there; take the person out of your files otherwise.`,
      );
    }
    return out === undefined;
  });
  for (const { operator } of appointed) {
    // Declared by no file, and there all the same.
    if (operator.idp === partnerProviderId) continue;
    const provider = declared.identityProviders.find(({ id }) => id === operator.idp);
    if (provider === undefined) notes.push(shutOut(operator));
    else {
      const issuer = await issuerNamed(db, operator);
      if (issuer !== undefined && issuer !== provider.issuer)
        problems.push(replaced(operator, { issuer, now: provider.issuer }));
    }
  }
  if (problems.length > 0) throw new BrokerError('M-CONF-002', { detail: problems.join('\n') });
  return { declared: { ...declared, operators }, notes };
}

/** As declared in the database; where it is not any more, as when this person signed in last. */
async function issuerNamed(
  db: Kysely<Database>,
  { idp, subject }: Pick<Operator, 'idp' | 'subject'>,
): Promise<string | undefined> {
  const { rows } = await sql`select issuer_named(${idp}, ${subject}) as issuer`.execute(db);
  return z.tuple([z.object({ issuer: z.string().nullable() })]).parse(rows)[0].issuer ?? undefined;
}

const shutOut = ({ id, idp }: Operator): string =>
  `! operator ${id}: cannot enter: appointed in the console at the identity provider "${idp}", which your files do not declare. If it has another name now, have two administrators remove this person and appoint them again.`;

const replaced = (
  { id, idp, subject }: Operator,
  { issuer, now }: { readonly issuer: string; readonly now: string },
): string =>
  `operator "${id}": the console appointed this person at the identity provider "${idp}" (${issuer}), which your files make another issuer (${now}): whoever is "${subject}" there would enter as this operator. Give the new issuer another id; or have this person removed first, in the console or by \`maillon operators remove\`, and appointed again after`;

const conflict = (operator: Operator, known: Operator, isOne: boolean): string =>
  isOne
    ? `operator "${operator.id}": the console appointed this person (idp "${known.idp}", subject "${known.subject}") as "${known.id}": take them out of your files, or remove them in the console first`
    : `operator "${operator.id}": the console appointed somebody else under this id: give yours another one`;
