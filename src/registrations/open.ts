import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { eventSchema } from './act.ts';
import type { ActName, RegistrationEvent } from './act.ts';
import { circumstancesOf, filersOf, isSenderRevoked } from './circumstances.ts';
import { readContent } from './content.ts';
import type { DraftContent } from './content.ts';
import { listEvidence } from './evidence/store.ts';
import type { RegistrationFile } from './file.ts';
import { ofOperators } from './in-charge.ts';
import { organizationOf } from './organization-of.ts';
import { letterSchema } from './letters/document.ts';
import { fold } from './lifecycle.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { senderOf } from './nobody.ts';
import { findingsUnder, unseenOf } from './moved.ts';
import { isNumber } from './number.ts';
import type { LetterSent, Opened } from './opened.ts';

/** One row of `registration`, as acts and pages need it. */
export interface HeldRow {
  readonly id: string;
  /** Who sent it; undefined: nobody did. */
  readonly accountId: string | undefined;
  readonly organization: string | undefined;
  readonly siren: string | undefined;
  /** By which it asked before it had a SIREN. */
  readonly registerNumber: string | undefined;
  readonly organizationName: string | undefined;
  readonly department: string | undefined;
  readonly content: DraftContent;
  readonly version: number;
  readonly renews: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const rowSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  organization: z.string().nullable(),
  siren: z.string().nullable(),
  register_number: z.string().nullable(),
  organization_name: z.string().nullable(),
  department: z.string().nullable(),
  draft: z.string(),
  version: z.int(),
  renews: z.string().nullable(),
  created_at: z.date(),
  updated_at: z.date(),
});

/**
 * @param lock whoever holds it acts alone on this file until the end of the transaction; `skip` answers nothing when
 * somebody else does
 */
export async function readRow(
  db: Kysely<Database>,
  id: string,
  lock?: 'wait' | 'skip',
): Promise<HeldRow | undefined> {
  // Ids come from addresses: what is no number is nobody's.
  if (!isNumber(id)) return undefined;
  let query = db
    .selectFrom('registration')
    .select(['id', 'account_id', 'organization', 'siren', 'organization_name', 'department'])
    .select(['draft', 'version', 'renews', 'register_number', 'created_at', 'updated_at'])
    .where('id', '=', id);
  if (lock !== undefined) query = query.forUpdate();
  if (lock === 'skip') query = query.skipLocked();
  const found: unknown = await query.executeTakeFirst();
  if (found === undefined) return undefined;
  const row = rowSchema.parse(found);
  return {
    id: row.id,
    accountId: senderOf(row.account_id),
    organization: row.organization ?? undefined,
    siren: row.siren ?? undefined,
    registerNumber: row.register_number ?? undefined,
    organizationName: row.organization_name ?? undefined,
    department: row.department ?? undefined,
    content: readContent(row.draft),
    version: row.version,
    renews: row.renews ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Those that were sent to renew this one. */
export async function readRenewals(db: Kysely<Database>, id: string): Promise<readonly HeldRow[]> {
  const found = await db
    .selectFrom('registration')
    .select('id')
    .where('renews', '=', id)
    .where('stage', '<>', 'draft')
    .orderBy('id')
    .execute();
  const rows = await Promise.all(found.map((one) => readRow(db, one.id)));
  return rows.filter((row) => row !== undefined);
}

const eventRowSchema = z.object({ seq: z.int(), at: z.date(), event: z.string() });

export async function readEvents(db: Kysely<Database>, id: string): Promise<readonly RegistrationEvent[]> {
  const rows: unknown[] = await db
    .selectFrom('registration_event')
    .select(['seq', 'at', 'event'])
    .where('registration_id', '=', id)
    .orderBy('seq')
    .execute();
  return z
    .array(eventRowSchema)
    .parse(rows)
    .map(({ seq, at, event }) => ({ seq, at, ...eventSchema.parse(JSON.parse(event)) }));
}

export async function readFile(db: Kysely<Database>, row: HeldRow): Promise<RegistrationFile> {
  return fold({ id: row.id, accountId: row.accountId }, await readEvents(db, row.id));
}

export const letterRowSchema = z.object({
  id: z.string(),
  registration_id: z.string(),
  seq: z.int(),
  kind: z.string(),
  document: z.string(),
  sha256: z.string(),
  created_at: z.date(),
  read_at: z.date().nullable(),
  to_post: z.boolean(),
  posted_at: z.date().nullable(),
  posted_by: z.string().nullable(),
  undelivered_at: z.date().nullable(),
});

/** Of `letter`. */
export const letterColumns = [
  'id',
  'registration_id',
  'seq',
  'kind',
  'document',
  'sha256',
  'created_at',
  'read_at',
  'to_post',
  'posted_at',
  'posted_by',
  'undelivered_at',
] as const;

export const letterOfRow = (row: z.output<typeof letterRowSchema>): LetterSent => ({
  id: row.id,
  registration: row.registration_id,
  seq: row.seq,
  kind: row.kind,
  document: letterSchema.parse(JSON.parse(row.document)),
  sha256: row.sha256,
  createdAt: row.created_at,
  readAt: row.read_at ?? undefined,
  toPost: row.to_post || (row.undelivered_at !== null && row.read_at === null),
  postedAt: row.posted_at ?? undefined,
  postedBy: row.posted_by?.replace(/^operator:/u, ''),
  undeliveredAt: row.undelivered_at ?? undefined,
});

export async function readLetters(db: Kysely<Database>, id: string): Promise<readonly LetterSent[]> {
  const rows: unknown[] = await db
    .selectFrom('letter')
    .select(letterColumns)
    .where('registration_id', '=', id)
    .orderBy('created_at')
    .orderBy('seq')
    .orderBy('id')
    .execute();
  return z.array(letterRowSchema).parse(rows).map(letterOfRow);
}

/** The file, and what is beside it. */
export async function openFile(needs: RegistrationsNeeds, row: HeldRow): Promise<Opened> {
  const { db } = needs;
  const file = await readFile(db, row);
  const [findings, evidence, letters, filers, senderRevoked, organization] = await Promise.all([
    findingsUnder(db, file),
    listEvidence(db, row.id),
    readLetters(db, row.id),
    filersOf(db, row),
    isSenderRevoked(db, row),
    organizationOf(needs, row),
  ]);
  const siren = organization?.siren ?? row.siren;
  return {
    file,
    content: row.content,
    evidence,
    letters,
    held: row,
    organization,
    circumstances: circumstancesOf(needs, {
      file,
      letters,
      siren,
      filers,
      operators: await ofOperators(db, needs, { file, siren }),
      moved: unseenOf(findings),
    }),
    findings,
    senderRevoked,
    renews: row.renews,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** What operators say among themselves, and what only prepares a decision: not communicable (CRPA art. L311-2). */
const preparatory: ReadonlySet<ActName> = new Set<ActName>([
  'take',
  'release',
  'note',
  'check_evidence',
  'see_changes',
  'propose',
  'decline',
]);
export const isPreparatory = (act: ActName): boolean => preparatory.has(act);

/** The file as its applicant may see it. `version` still counts every event: it is what a page says that it has seen. */
export function forItsApplicant(opened: Opened): Opened {
  const { file } = opened;
  return {
    ...opened,
    file: {
      ...file,
      requests: file.requests.map((request) => ({ ...request, proposed: undefined })),
      events: file.events.filter(({ act }) => !isPreparatory(act.act)),
    },
  };
}
