import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { policySchema } from '../eligibility/eligibility.ts';
import type { Clock } from '../config/config.ts';
import { lookAgain } from '../storage/storage.ts';
import type { Database, LookingAgain } from '../storage/storage.ts';
import { builtIn } from './built-in.ts';
import { builtInProvider } from './built-in-provider.ts';
import { storedClientSchema } from './client.ts';
import { createDocumentReader } from './document-reader.ts';
import { heldDomainSchema } from './held-domain.ts';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { operatorSchema } from './operator.ts';
import { resourceServerSchema } from './resource-server.ts';
import { serviceSchema } from './service.ts';
import { buildSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** Milliseconds between two looks at the revision: within 5 seconds every process has a change, a slow read included. */
const usualPollMs = 2_000;

export interface DeclarationsOptions {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Without trailing slash. Given: people also sign in to our own pages (built-in.ts). */
  readonly issuer?: string;
  /** With `issuer`: whether people without an identity provider have an account here (built-in-provider.ts). */
  readonly partnerAccounts?: boolean;
  /** Milliseconds between two looks at the revision; 2 000 when left out. */
  readonly pollMs?: number;
  /** Told when the database could not be read (the former snapshot stays), or a document was left out. */
  readonly onProblem?: (error: unknown) => void;
}

export interface Declarations extends LookingAgain {
  /** Never waits. */
  readonly current: () => Snapshot;
}

const rowsSchema = z.array(
  z.object({
    revision: z.number(),
    kind: z.string().nullable(),
    id: z.string().nullable(),
    document: z.string().nullable(),
  }),
);
type Row = z.output<typeof rowsSchema>[number];

/** @throws what the database throws, when the first snapshot cannot be read */
export async function createDeclarations(options: DeclarationsOptions): Promise<Declarations> {
  const { db, pollMs = usualPollMs, onProblem = () => undefined } = options;
  const read = snapshotReader(onProblem, options);
  let snapshot = read(await readRows(db));

  async function readAgain(): Promise<void> {
    if (snapshot.revision === (await readRevision(db))) return;
    snapshot = read(await readRows(db));
  }

  return { current: () => snapshot, ...lookAgain({ read: readAgain, pollMs, onProblem }) };
}

async function readRevision(db: Kysely<Database>): Promise<number | undefined> {
  return (await db.selectFrom('declared_revision').select('revision').executeTakeFirst())?.revision;
}

/** One statement: revision and documents are of the same instant. */
async function readRows(db: Kysely<Database>): Promise<readonly Row[]> {
  const { rows } = await sql`
    select revision, kind, id, document
    from declared_revision left join (
      select kind, id, document from declared_object
      union all
      select 'registered_client', client_id, document from registered_client
      union all
      select 'held_domain', domain, json_build_object('domain', domain, 'since', since)::text from held_domain
    ) as documents on true
    order by kind, id`.execute(db);
  return rowsSchema.parse(rows);
}

/** Only what changed is read again, and only what reads is served: see `createDocumentReader`. */
function snapshotReader(
  onProblem: (error: unknown) => void,
  { issuer, partnerAccounts = false }: Pick<DeclarationsOptions, 'issuer' | 'partnerAccounts'>,
): (rows: readonly Row[]) => Snapshot {
  const own = issuer === undefined ? undefined : builtIn(issuer);
  const partners = issuer === undefined ? [] : [builtInProvider(issuer, partnerAccounts)];
  const services = createDocumentReader(serviceSchema, onProblem);
  const clients = createDocumentReader(storedClientSchema, onProblem);
  const registered = createDocumentReader(storedClientSchema, onProblem);
  const resourceServers = createDocumentReader(resourceServerSchema, onProblem);
  const identityProviders = createDocumentReader(storedIdentityProviderSchema, onProblem);
  // Strict: a predicate that this version does not know must not be left out, it would let people in.
  const policies = createDocumentReader(policySchema, onProblem, { strict: true });
  // Strict: so would a limit of somebody's perimeter that this version does not know.
  const operators = createDocumentReader(operatorSchema, onProblem, { strict: true });
  const heldDomains = createDocumentReader(heldDomainSchema, onProblem);
  return (rows) => {
    const of = (kind: string) =>
      rows.flatMap((row) =>
        row.kind === kind && row.document !== null
          ? [{ id: `${kind} ${row.id ?? ''}`, text: row.document }]
          : [],
      );
    return buildSnapshot({
      revision: rows[0]?.revision ?? 0,
      services: services(of('service')),
      // A declared client takes the place of one that registered itself under its name.
      clients: [...registered(of('registered_client')), ...clients(of('client'))],
      resourceServers: resourceServers(of('resource_server')),
      identityProviders: [...identityProviders(of('identity_provider')), ...partners],
      policies: policies(of('policy')),
      operators: operators(of('operator')),
      heldDomains: heldDomains(of('held_domain')),
      builtIn: own,
    });
  };
}
