import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import type { DeclaredApproval } from './approval.ts';
import type { DeclaredMembership } from './membership.ts';
import { inBatches } from './stored.ts';

type ObjectKind = Database['declared_object']['kind'];

export interface DocumentToWrite {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly value: object;
}

export async function writeDocuments(
  db: Kysely<Database>,
  documents: readonly DocumentToWrite[],
  now: Date,
): Promise<void> {
  const rows = documents.map(({ kind, id, value }) => {
    const document = JSON.stringify(value);
    return {
      kind,
      id,
      document,
      digest: createHash('sha256').update(document).digest('hex'),
      updated_at: now,
    };
  });
  await inBatches(rows, (batch) =>
    db
      .insertInto('declared_object')
      .values([...batch])
      .onConflict((conflict) =>
        conflict.columns(['kind', 'id']).doUpdateSet((eb) => ({
          document: eb.ref('excluded.document'),
          digest: eb.ref('excluded.digest'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute(),
  );
}

export async function writeApprovals(
  db: Kysely<Database>,
  approvals: readonly DeclaredApproval[],
  now: Date,
): Promise<void> {
  const today = parisDate(now);
  const rows = approvals.map(({ service, decided_by: author, ...approval }) => ({
    ...approval,
    service_id: service,
    decided_by: JSON.stringify(author),
    // Nothing but its last day ends it: what is over before anybody declared it was not ended by that day.
    lapses: approval.status === 'active' && approval.ends_on >= today,
    origin: 'configuration',
    updated_at: now,
  }));
  await inBatches(rows, (batch) =>
    db
      .insertInto('approval')
      .values([...batch])
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          siren: eb.ref('excluded.siren'),
          service_id: eb.ref('excluded.service_id'),
          level: eb.ref('excluded.level'),
          ground: eb.ref('excluded.ground'),
          reason: eb.ref('excluded.reason'),
          starts_on: eb.ref('excluded.starts_on'),
          ends_on: eb.ref('excluded.ends_on'),
          status: eb.ref('excluded.status'),
          lapses: mayLapse,
          decided_by: eb.ref('excluded.decided_by'),
          decided_on: eb.ref('excluded.decided_on'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute(),
  );
}

/**
 * What goes on after its last day was settled on that day, whatever else is said of the same right later. A later day opens it
 * again, or a status; a day that is moved back is an end that somebody decided.
 */
const mayLapse = sql<boolean>`case
  when (approval.siren, approval.service_id) is distinct from (excluded.siren, excluded.service_id)
    or excluded.ends_on > approval.ends_on then excluded.lapses
  when excluded.ends_on < approval.ends_on then false
  when approval.status = 'active' then approval.lapses and excluded.status = 'active'
  else excluded.lapses end`;

export async function writeMemberships(
  db: Kysely<Database>,
  memberships: readonly DeclaredMembership[],
): Promise<void> {
  const rows = memberships.map(({ idp, verified_at: verified, ...membership }) => ({
    ...membership,
    idp_id: idp,
    verified_at: new Date(verified),
  }));
  await inBatches(rows, (batch) =>
    db
      .insertInto('declared_membership')
      .values([...batch])
      .onConflict((conflict) =>
        conflict.columns(['idp_id', 'subject', 'siret']).doUpdateSet((eb) => ({
          level: eb.ref('excluded.level'),
          method: eb.ref('excluded.method'),
          verified_at: eb.ref('excluded.verified_at'),
        })),
      )
      .execute(),
  );
}
