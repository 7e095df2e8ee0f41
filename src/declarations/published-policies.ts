import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parsePolicy, policyHash, policySchema } from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { policyId } from './comparable.ts';
import type { DeclaredSet } from './declared-set.ts';

/** Any number will do, as long as every version of Maillon takes the same. */
const lockNumber = 7_214_400_934;

/** What is declared changes in one process at a time, whether files are applied or a policy is published. */
export async function lockDeclarations(trx: Kysely<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockNumber}::bigint)`.execute(trx);
}

/** Every process reads what is declared again at its next poll. */
export async function raiseRevision(trx: Kysely<Database>): Promise<void> {
  await trx
    .updateTable('declared_revision')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .execute();
}

const rowSchema = z.object({
  document: z.string(),
  origin: z.enum(['configuration', 'console']),
  updated_at: z.date(),
});

export interface PolicyVersion {
  readonly policy: Policy;
  readonly origin: 'configuration' | 'console';
  /** When this process's database got it. */
  readonly since: Date;
}

/** Every version, by service and then by number. What this version of Maillon cannot read is left out. */
export async function policyVersions(
  db: Kysely<Database>,
  service?: string,
): Promise<readonly PolicyVersion[]> {
  let query = db
    .selectFrom('declared_object')
    .select(['document', 'origin', 'updated_at'])
    .where('kind', '=', 'policy');
  if (service !== undefined) query = query.where('id', 'like', `${service}@%`);
  const rows: unknown[] = await query.execute();
  return z
    .array(rowSchema)
    .parse(rows)
    .flatMap(({ document, origin, updated_at: since }): PolicyVersion[] => {
      const parsed: unknown = JSON.parse(document);
      const read = policySchema.safeParse(parsed);
      return read.success ? [{ policy: read.data, origin, since }] : [];
    })
    .filter(({ policy }) => service === undefined || policy.service === service)
    .sort(({ policy: one }, { policy: other }) =>
      one.service === other.service ? one.version - other.version : one.service < other.service ? -1 : 1,
    );
}

/**
 * Adds a version in the caller's transaction, under the lock of `maillon apply`: whoever publishes at the same moment, or
 * applies files, comes after and finds it.
 *
 * @param accept told every version there is, with the lock taken: throws when this one is not to come
 */
export async function publishVersion(
  trx: Kysely<Database>,
  policy: Policy,
  now: Date,
  accept: (versions: readonly PolicyVersion[]) => void,
): Promise<void> {
  await lockDeclarations(trx);
  accept(await policyVersions(trx, policy.service));
  await assertLast(trx, policy);
  const document = JSON.stringify(policy);
  await trx
    .insertInto('declared_object')
    .values({
      kind: 'policy',
      id: policyId(policy),
      document,
      digest: createHash('sha256').update(document).digest('hex'),
      origin: 'console',
      updated_at: now,
    })
    .execute();
  await raiseRevision(trx);
}

/** @throws BrokerError M-POLI-007 beside a later version that a newer Maillon wrote, and that this one cannot read */
async function assertLast(trx: Kysely<Database>, policy: Policy): Promise<void> {
  const rows = await trx
    .selectFrom('declared_object')
    .select('id')
    .where('kind', '=', 'policy')
    .where('id', 'like', `${policy.service}@%`)
    .execute();
  const later = rows.find(({ id }) => Number(id.slice(policy.service.length + 1)) >= policy.version);
  if (later !== undefined)
    throw new BrokerError('M-POLI-007', { detail: `${policyId(policy)}: there is ${later.id}` });
}

/**
 * What the files declare, without the versions that the console published and that they repeat word for word.
 * @throws BrokerError M-CONF-002 when they say something else under the number of one
 */
export async function withoutPublished(db: Kysely<Database>, declared: DeclaredSet): Promise<DeclaredSet> {
  if (declared.policies.length === 0) return declared;
  const rows = await db
    .selectFrom('declared_object')
    .select(['id', 'document'])
    .where('kind', '=', 'policy')
    .where('origin', '=', 'console')
    .execute();
  if (rows.length === 0) return declared;
  const published = new Map(rows.map(({ id, document }) => [id, document]));
  const repeated = declared.policies.filter((policy) => published.has(policyId(policy)));
  const different = repeated.filter((policy) => {
    const parsed: unknown = JSON.parse(published.get(policyId(policy)) ?? 'null');
    return policyHash(parsePolicy(parsed)) !== policyHash(policy);
  });
  if (different.length > 0)
    throw new BrokerError('M-CONF-002', {
      detail: different
        .map(
          (policy) =>
            `policy "${policyId(policy)}": the console published this version with another content: give yours another number`,
        )
        .join('\n'),
    });
  return { ...declared, policies: declared.policies.filter((policy) => !published.has(policyId(policy))) };
}
