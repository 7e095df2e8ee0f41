import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
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
  const rows = approvals.map(({ service, decided_by: author, ...approval }) => ({
    ...approval,
    service_id: service,
    decided_by: JSON.stringify(author),
    // Whoever declares says when it ends: nothing else does.
    lapses: approval.status === 'active',
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
          lapses: eb.ref('excluded.lapses'),
          decided_by: eb.ref('excluded.decided_by'),
          decided_on: eb.ref('excluded.decided_on'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute(),
  );
}

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
