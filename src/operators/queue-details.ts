import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { evidenceKinds } from '../registrations/registrations.ts';
import type { EvidenceKind } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import type { Perimeter } from './perimeter.ts';

/** What a line of the queue says beside the summary of a file. */
export interface QueueDetail {
  readonly kinds: readonly EvidenceKind[];
  readonly members: 'yes' | 'no' | 'unknown' | undefined;
  /** The register has moved under one of its approvals, and nobody has said that they looked. */
  readonly review: boolean;
  /** A letter that nobody could send is not posted yet. */
  readonly toPost: boolean;
  /** Somebody has passed it on to another administration, which answers. */
  readonly transferred: boolean;
  /** The register of associations knows it. */
  readonly hasRna: boolean;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    members: z.enum(['yes', 'no', 'unknown']).nullable().catch(null),
    kinds: z.string().nullable(),
    review: z.boolean(),
    to_post: z.boolean(),
    transferred: z.boolean(),
    has_rna: z.boolean(),
  }),
);

/** Of the files of one page: one SQL statement. */
export async function queueDetails(
  db: Kysely<Database>,
  ids: readonly string[],
  { services }: Perimeter,
): Promise<ReadonlyMap<string, QueueDetail>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql`
    select registration.id, draft::json #>> '{members,allPublicLaw}' as members,
      (select string_agg(distinct kind, ',') from evidence
        where evidence.registration_id = registration.id and destroyed_at is null) as kinds,
      exists (select 1 from register_review join registration_request
        on register_review.approval_id = lower(registration.id) || '-' || registration_request.service_id
        where registration_request.registration_id = registration.id
          and register_review.settled_at is null and register_review.unseen
          and (${services === undefined} or registration_request.service_id = any(${[...(services ?? [])]}::text[]))) as review,
      exists (select 1 from letter
        where letter.registration_id = registration.id and letter.posted_at is null
          and (letter.to_post or (letter.undelivered_at is not null and letter.read_at is null))) as to_post,
      exists (select 1 from registration_event
        where registration_event.registration_id = registration.id
          and position('"act":"transfer"' in registration_event.event) > 0) as transferred,
      exists (select 1 from organization
        where organization.id = registration.organization and organization.rna is not null) as has_rna
    from registration where registration.id = any(${[...ids]}::text[])`.execute(db);
  return new Map(
    rowsSchema
      .parse(rows)
      .map(({ id, members, kinds, review, to_post: toPost, transferred, has_rna: hasRna }) => [
        id,
        {
          members: members ?? undefined,
          kinds: evidenceKinds.filter((kind) => kinds?.split(',').includes(kind)),
          review,
          toPost,
          transferred,
          hasRna,
        },
      ]),
  );
}

/** What the file of an association holds when it is complete. */
const expectedOfAssociations: readonly EvidenceKind[] = [
  'statutes',
  'declaration_receipt',
  'official_journal',
  'directors',
  'mandate',
  'member_list',
];

/** What the national register of associations says already is not asked for again (CRPA art. L114-8). */
const toldByRna: readonly EvidenceKind[] = ['declaration_receipt', 'official_journal'];

export const expectedOf = ({ hasRna }: { readonly hasRna: boolean }): readonly EvidenceKind[] =>
  expectedOfAssociations.filter((kind) => !hasRna || !toldByRna.includes(kind));
