import type { Kysely } from 'kysely';
import { appendAudit, rowsNow } from '../audit/audit.ts';
import type { AuditActor, RowKey } from '../audit/audit.ts';
import type { Clock, Seal } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { comparables, membershipId, policyId } from './comparable.ts';
import type { DeclaredSet } from './declared-set.ts';
import { withoutAppointed } from './appointed-operators.ts';
import { declarationEvents } from './declaration-events.ts';
import { diffDeclarations } from './diff.ts';
import type { Change, DeclarationKind, Diff } from './diff.ts';
import { sealIdpSecret } from './idp-secret.ts';
import { toStoredForm } from './idp-stored-form.ts';
import type { DeclaredIdentityProvider } from './identity-provider.ts';
import { lockDeclarations, raiseRevision, withoutPublished } from './published-policies.ts';
import { assertIssuersKept } from './kept-issuers.ts';
import { removeDeclared } from './remove.ts';
import { sirenOfSiret } from './organization.ts';
import { storedApprovals, storedMemberships, storedObjects } from './stored.ts';
import { storedOrganizations } from './stored-organizations.ts';
import { writeApprovals, writeDocuments, writeMemberships } from './write.ts';
import type { DocumentToWrite } from './write.ts';
import { writeOrganizations } from './write-organizations.ts';

export interface ApplyOptions {
  readonly db: Kysely<Database>;
  /** `createSeal(config.encryptionKeys, idpSecretPurpose)` */
  readonly seal: Seal;
  readonly clock: Clock;
  /** Who the record says applied; the command line, when nobody is named. */
  readonly actor?: AuditActor;
  /** Only says what would change. */
  readonly dryRun?: boolean;
}

/**
 * Makes the database what the files declare, in one transaction, one process at a time: all of it or nothing. Applying
 * the same twice changes nothing the second time. Processes see the new revision at their next poll.
 * @returns what changed
 * @throws BrokerError M-CONF-002 when a declared approval has the id of one that an operator decided, a declared version of a
 * policy is one that the console published with another content, a declared operator is one whom the console appointed, or people
 * are declared at an identity provider whose name is given to another issuer
 */
export async function applyDeclarations(written: DeclaredSet, options: ApplyOptions): Promise<Diff> {
  const { db, dryRun = false } = options;
  if (dryRun) {
    const { declared, notes } = await withoutConsole(db, written);
    return withNotes((await compare(db, declared, options)).diff, notes);
  }
  return db.transaction().execute(async (transaction) => {
    await lockDeclarations(transaction);
    const { declared, notes } = await withoutConsole(transaction, written);
    const compared = await compare(transaction, declared, options);
    const told = withNotes(compared.diff, notes);
    if (compared.diff.changes.length === 0) return told;
    await write(transaction, declared, { ...options, ...compared });
    await raiseRevision(transaction);
    const { changes } = compared.diff;
    const events = declarationEvents(changes, {
      before: compared.stored,
      after: comparables(declared),
      actor: options.actor ?? { kind: 'command_line' },
    });
    const keys = changes.map(rowOf);
    const digests = new Map((await rowsNow(transaction, keys.flat())).map((row) => [textOf(row), row]));
    await appendAudit(
      transaction,
      options.clock(),
      events.map((event, index) => ({
        ...event,
        rows: keys[index]?.flatMap((key) => digests.get(textOf(key)) ?? []),
      })),
    );
    return told;
  });
}

/** What decides who may what, as it is kept. Facts of organizations are the register's, and change with it. */
function rowOf({ kind, id }: Change): readonly RowKey[] {
  if (kind === 'organization' || kind === 'membership') return [];
  return kind === 'approval'
    ? [{ table: 'approval', key: id }]
    : [{ table: 'declared_object', key: `${kind}/${id}` }];
}

const textOf = ({ table, key }: RowKey): string => `${table} ${key}`;

const withNotes = (diff: Diff, notes: readonly string[]): Diff =>
  notes.length === 0 ? diff : { ...diff, notes };

/** What belongs to the console is not for files to change. */
const withoutConsole = async (db: Kysely<Database>, written: DeclaredSet) =>
  withoutAppointed(db, await withoutPublished(db, written));

async function compare(db: Kysely<Database>, declared: DeclaredSet, { seal }: ApplyOptions) {
  const organizations = await storedOrganizations(db, declared.organizations);
  const stored = [
    ...(await storedObjects(db, seal)),
    ...organizations.comparables,
    ...(await storedApprovals(db)),
    ...(await storedMemberships(db)),
  ];
  const written = comparables(declared);
  assertIssuersKept(written, stored);
  return { diff: diffDeclarations(written, stored), stored, units: organizations.units };
}

async function write(
  db: Kysely<Database>,
  declared: DeclaredSet,
  { seal, clock, diff, units }: ApplyOptions & Awaited<ReturnType<typeof compare>>,
): Promise<void> {
  const now = clock();
  const written = new Set(
    diff.changes.map(({ kind, id, change }) => (change === 'removed' ? '' : `${kind} ${id}`)),
  );
  const isWritten = (kind: DeclarationKind, id: string): boolean => written.has(`${kind} ${id}`);

  await removeDeclared(
    db,
    diff.changes.filter(({ change }) => change === 'removed'),
  );
  await writeDocuments(
    db,
    (await documents(declared, seal)).filter(({ kind, id }) => isWritten(kind, id)),
    now,
  );
  const sirens = new Set(
    declared.organizations.flatMap(({ siret }) =>
      isWritten('organization', siret) ? [sirenOfSiret(siret)] : [],
    ),
  );
  await writeOrganizations(
    db,
    declared.organizations.filter(({ siret }) => sirens.has(sirenOfSiret(siret))),
    { units, now },
  );
  const approvals = declared.approvals.filter(({ id }) => isWritten('approval', id));
  await refuseForeignApprovals(
    db,
    approvals.map(({ id }) => id),
  );
  await writeApprovals(db, approvals, now);
  await writeMemberships(
    db,
    declared.memberships.filter((one) => isWritten('membership', membershipId(one))),
  );
}

async function documents(declared: DeclaredSet, seal: Seal): Promise<readonly DocumentToWrite[]> {
  return [
    ...declared.services.map((value) => ({ kind: 'service', id: value.id, value }) as const),
    ...declared.clients.map((value) => ({ kind: 'client', id: value.client_id, value }) as const),
    ...declared.resourceServers.map((value) => ({ kind: 'resource_server', id: value.id, value }) as const),
    ...declared.policies.map((value) => ({ kind: 'policy', id: policyId(value), value }) as const),
    ...declared.operators.map((value) => ({ kind: 'operator', id: value.id, value }) as const),
    ...(await Promise.all(declared.identityProviders.map((idp) => sealedDocument(idp, seal)))),
  ];
}

async function sealedDocument(
  { client_secret: secret, ...idp }: DeclaredIdentityProvider,
  seal: Seal,
): Promise<DocumentToWrite> {
  const sealed = secret === undefined ? {} : { client_secret_sealed: await sealIdpSecret(seal, secret) };
  return { kind: 'identity_provider', id: idp.id, value: toStoredForm({ ...idp, ...sealed }) };
}

/** A decision that an operator took is not overwritten by a file that happens to use its id. */
async function refuseForeignApprovals(db: Kysely<Database>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const foreign = await db
    .selectFrom('approval')
    .select('id')
    .where('id', 'in', ids)
    .where('origin', '!=', 'configuration')
    .execute();
  if (foreign.length === 0) return;
  const names = foreign.map(({ id }) => `"${id}"`).join(', ');
  throw new BrokerError('M-CONF-002', {
    detail: `approval ${names}: this id belongs to a decision of an operator`,
  });
}
