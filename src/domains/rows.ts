import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { domainStates } from './lifecycle.ts';
import type { DomainState } from './lifecycle.ts';

export const proofMethods = ['dns_txt', 'official_code'] as const;
export type ProofMethod = (typeof proofMethods)[number];

/** A domain that a legal unit claims, holds, or has held. */
export interface OrganizationDomain {
  readonly id: string;
  readonly siren: string;
  /** Lower case, A-labels. */
  readonly domain: string;
  readonly withSubdomains: boolean;
  readonly token: string;
  readonly state: DomainState;
  readonly method: ProofMethod | undefined;
  readonly claimedAt: Date;
  readonly verifiedAt: Date | undefined;
  /** When the proof was last seen, and last looked for. */
  readonly provenAt: Date | undefined;
  readonly checkedAt: Date | undefined;
  readonly failures: number;
  readonly failingSince: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly version: number;
}

const instant = z.date().nullable();
const rowSchema = z
  .object({
    id: z.string(),
    siren: z.string(),
    domain: z.string(),
    with_subdomains: z.boolean(),
    token: z.string(),
    state: z.enum(domainStates),
    method: z.enum(proofMethods).nullable(),
    claimed_at: z.date(),
    verified_at: instant,
    proven_at: instant,
    checked_at: instant,
    failures: z.int(),
    failing_since: instant,
    ended_at: instant,
    version: z.int(),
  })
  .transform((row): OrganizationDomain => ({
    id: row.id,
    siren: row.siren,
    domain: row.domain,
    withSubdomains: row.with_subdomains,
    token: row.token,
    state: row.state,
    method: row.method ?? undefined,
    claimedAt: row.claimed_at,
    verifiedAt: row.verified_at ?? undefined,
    provenAt: row.proven_at ?? undefined,
    checkedAt: row.checked_at ?? undefined,
    failures: row.failures,
    failingSince: row.failing_since ?? undefined,
    endedAt: row.ended_at ?? undefined,
    version: row.version,
  }));

/** The rest of a query: `where …`. */
export async function readDomains(
  db: Kysely<Database>,
  rest: RawBuilder<unknown>,
): Promise<readonly OrganizationDomain[]> {
  const { rows } = await sql`select *, id::text as id from organization_domain ${rest}`.execute(db);
  return z.array(rowSchema).parse(rows);
}

export const unknownDomain = (detail: string): BrokerError => new BrokerError('M-DOMN-001', { detail });

/** Somebody acted on it meanwhile: what was asked makes no sense any more. */
export const stale = (id: string): BrokerError => new BrokerError('M-DOMN-002', { detail: `domain ${id}` });

/**
 * One of one legal unit: ids come from addresses that anybody writes, and that of another organization is nobody's.
 *
 * @throws BrokerError M-DOMN-001
 */
export async function readDomain(
  db: Kysely<Database>,
  { id, siren }: { readonly id: string; readonly siren?: string | undefined },
  lock?: 'wait',
): Promise<OrganizationDomain> {
  const isId = z.uuid().safeParse(id).success;
  const ofUnit = siren === undefined ? sql`` : sql`and siren = ${siren}`;
  const found = isId
    ? await readDomains(
        db,
        sql`where id = ${id}::uuid ${ofUnit} ${lock === undefined ? sql`` : sql`for update`}`,
      )
    : [];
  const [one] = found;
  if (one === undefined) throw unknownDomain(`${siren ?? ''}: no domain ${id.slice(0, 40)}`);
  return one;
}

/** Whoever holds the domain, verified today or not. */
export async function holderOf(
  trx: Kysely<Database>,
  domain: string,
): Promise<OrganizationDomain | undefined> {
  const [one] = await readDomains(
    trx,
    sql`where domain = ${domain} and state in ('verified', 'unverified') for update`,
  );
  return one;
}

/** One act at a time about a domain: two organizations that prove it at the same second do not both get it. */
export async function lockDomain(trx: Kysely<Database>, domain: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`domain ${domain}`}, 0))`.execute(trx);
}

type Change = Partial<{
  state: DomainState;
  method: ProofMethod | null;
  verified_at: Date | null;
  proven_at: Date | null;
  checked_at: Date;
  next_check_at: Date | null;
  failures: number;
  failing_since: Date | null;
  ended_at: Date;
  claimed_at: Date;
}>;

/** A look that changed nothing is no act: a page that shows the domain stays true. */
export async function writeDomain(
  trx: Kysely<Database>,
  id: string,
  change: Change,
  kind: 'act' | 'look' = 'act',
): Promise<void> {
  await trx
    .updateTable('organization_domain')
    .set((eb) => ({ ...change, ...(kind === 'act' && { version: eb('version', '+', 1) }) }))
    .where('id', '=', id)
    .execute();
}
