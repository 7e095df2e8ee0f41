import { createHash } from 'node:crypto';
import type { Insertable, Kysely } from 'kysely';
import { qualificationsText } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import type { DeclaredApproval } from './approval.ts';
import type { DeclaredMembership } from './membership.ts';
import { sirenOfSiret } from './organization.ts';
import type { DeclaredOrganization } from './organization.ts';
import { inBatches } from './stored.ts';
import type { StoredOrganizations } from './stored.ts';

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

export async function writeOrganizations(
  db: Kysely<Database>,
  organizations: readonly DeclaredOrganization[],
  { units, now }: { readonly units: StoredOrganizations['units']; readonly now: Date },
): Promise<void> {
  const bySiren = new Map(organizations.map((one) => [sirenOfSiret(one.siret), one]));
  const rows = [...bySiren].map(([siren, one]): Insertable<Database['organization']> => {
    const known = units.get(siren);
    const suspendedSince = known?.suspended_at ?? null;
    return {
      siren,
      name: one.name,
      legal_category: one.legal_category,
      unit_state: one.unit_state,
      rna: one.rna ?? null,
      created_on: one.created_on ?? null,
      declared_population: one.declared_population ?? null,
      qualifications:
        one.qualifications === undefined
          ? (known?.qualifications ?? '[]')
          : qualificationsText(one.qualifications.map(qualification)),
      suspended_at:
        one.suspended === undefined ? suspendedSince : one.suspended ? (suspendedSince ?? now) : null,
      source: one.source,
      source_date: one.source_date,
      updated_at: now,
    };
  });
  await inBatches(rows, (batch) =>
    db
      .insertInto('organization')
      .values([...batch])
      .onConflict((conflict) =>
        conflict.column('siren').doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          legal_category: eb.ref('excluded.legal_category'),
          unit_state: eb.ref('excluded.unit_state'),
          rna: eb.ref('excluded.rna'),
          created_on: eb.ref('excluded.created_on'),
          declared_population: eb.ref('excluded.declared_population'),
          qualifications: eb.ref('excluded.qualifications'),
          suspended_at: eb.ref('excluded.suspended_at'),
          source: eb.ref('excluded.source'),
          source_date: eb.ref('excluded.source_date'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute(),
  );
  await inBatches(organizations.map(establishment), (batch) =>
    db
      .insertInto('establishment')
      .values([...batch])
      .onConflict((conflict) =>
        conflict.column('siret').doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          commune_code: eb.ref('excluded.commune_code'),
          naf: eb.ref('excluded.naf'),
          head_office: eb.ref('excluded.head_office'),
        })),
      )
      .execute(),
  );
}

const qualification = ({
  id,
  starts_on,
  ends_on,
}: {
  id: string;
  starts_on: string;
  ends_on?: string | undefined;
}) => ({
  id,
  startsOn: starts_on,
  endsOn: ends_on,
});

const establishment = (one: DeclaredOrganization): Insertable<Database['establishment']> => ({
  siret: one.siret,
  siren: sirenOfSiret(one.siret),
  state: one.establishment_state,
  commune_code: one.commune ?? null,
  naf: one.naf ?? null,
  head_office: one.head_office,
});

export async function writeApprovals(
  db: Kysely<Database>,
  approvals: readonly DeclaredApproval[],
  now: Date,
): Promise<void> {
  const rows = approvals.map(({ service, decided_by: author, ...approval }) => ({
    ...approval,
    service_id: service,
    decided_by: JSON.stringify(author),
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
