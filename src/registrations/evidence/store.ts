import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../../errors/errors.ts';
import type { Database } from '../../storage/storage.ts';
import { evidenceKinds } from '../act.ts';
import type { EvidenceKind } from '../act.ts';
import { evidenceMediaTypes } from './kind.ts';
import { evidenceLimits } from './limits.ts';

/** Lists of members are written by us (members.ts): the one media type that nobody uploads. */
export const storedMediaTypes = [...evidenceMediaTypes, 'text/csv'] as const;
export type StoredMediaType = (typeof storedMediaTypes)[number];

/** Of a piece that was destroyed. */
const destroyedName = 'document';

/** A piece, without its content. */
export interface EvidencePiece {
  readonly id: string;
  readonly registrationId: string;
  readonly kind: EvidenceKind;
  readonly name: string;
  readonly mediaType: StoredMediaType;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly uploadedAt: Date;
  /** Its time was over: only this trace is left. */
  readonly destroyedAt: Date | undefined;
}

export interface EvidenceRead extends EvidencePiece {
  /** Undefined once destroyed. */
  readonly content: Buffer | undefined;
}

const rowSchema = z
  .object({
    id: z.string(),
    registration_id: z.string(),
    kind: z.enum(evidenceKinds),
    name: z.string(),
    media_type: z.enum(storedMediaTypes),
    size: z.int().positive(),
    sha256: z.string(),
    uploaded_at: z.date(),
    destroyed_at: z.date().nullable(),
  })
  .transform((row): EvidencePiece => ({
    id: row.id,
    registrationId: row.registration_id,
    kind: row.kind,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    uploadedAt: row.uploaded_at,
    destroyedAt: row.destroyed_at ?? undefined,
  }));

const columns = [
  'id',
  'registration_id',
  'kind',
  'name',
  'media_type',
  'size',
  'sha256',
  'uploaded_at',
  'destroyed_at',
] as const;

/** Ids come from addresses: what is no UUID is nobody's id, and PostgreSQL would not compare it. */
const isId = (text: string): boolean => z.uuid().safeParse(text).success;

/**
 * Keeps one piece. The same bytes of the same kind sent twice (a second click, the page sent again) are one piece.
 *
 * @param trx of the caller, who has checked whose file it is and that it still takes pieces
 * @throws BrokerError M-FILE-001 no such file, M-FILE-025 it holds 20 pieces or 60 MB already
 */
export async function storeEvidence(
  trx: Kysely<Database>,
  piece: {
    readonly id: string;
    readonly registrationId: string;
    readonly kind: EvidenceKind;
    readonly file: {
      readonly name: string;
      readonly mediaType: StoredMediaType;
      readonly bytes: Buffer;
    };
    readonly at: Date;
  },
): Promise<EvidencePiece> {
  const { id, registrationId, kind, file, at } = piece;
  // A change of the draft, and the lock under which two uploads at once are counted one after the other.
  const locked = await trx
    .updateTable('registration')
    .set({ updated_at: at })
    .where('id', '=', registrationId)
    .returning('id')
    .execute();
  if (locked.length === 0) throw new BrokerError('M-FILE-001', { detail: `no file ${registrationId}` });
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const held = (await listEvidence(trx, registrationId)).filter((one) => one.destroyedAt === undefined);
  const same = held.find((one) => one.sha256 === sha256 && one.kind === kind);
  if (same !== undefined) return same;
  const bytes = held.reduce((sum, { size }) => sum + size, file.bytes.length);
  if (held.length >= evidenceLimits.pieces || bytes > evidenceLimits.bytes)
    throw new BrokerError('M-FILE-025', {
      detail: `${registrationId}: ${held.length} pieces, ${bytes} bytes`,
    });
  const row = await trx
    .insertInto('evidence')
    .values({
      id,
      registration_id: registrationId,
      kind,
      name: file.name,
      media_type: file.mediaType,
      size: file.bytes.length,
      sha256,
      // As text: PGlite takes ten times as long over the bytes themselves.
      content: sql<Buffer>`decode(${file.bytes.toString('base64')}, 'base64')`,
      uploaded_at: at,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return rowSchema.parse(row);
}

/** The oldest first, destroyed ones included. */
export async function listEvidence(
  db: Kysely<Database>,
  registrationId: string,
): Promise<readonly EvidencePiece[]> {
  const rows: unknown[] = await db
    .selectFrom('evidence')
    .select(columns)
    .where('registration_id', '=', registrationId)
    .orderBy('uploaded_at')
    .orderBy('id')
    .execute();
  return z.array(rowSchema).parse(rows);
}

/**
 * One piece of one file, with its content.
 *
 * @returns undefined when this file has no such piece: the id of another file's is like one that does not exist
 */
export async function readEvidence(
  db: Kysely<Database>,
  registrationId: string,
  id: string,
): Promise<EvidenceRead | undefined> {
  if (!isId(id)) return undefined;
  const row = await db
    .selectFrom('evidence')
    .select([...columns, sql<string | null>`encode(content, 'base64')`.as('base64')])
    .where('registration_id', '=', registrationId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const content = row.base64 === null ? undefined : Buffer.from(row.base64, 'base64');
  return { ...rowSchema.parse(row), content };
}

/**
 * Takes a piece out of a draft, as if it had never been there. Of a file that was sent nothing is taken out: the caller
 * checks it.
 *
 * @returns whether there was one
 */
export async function removeEvidence(
  trx: Kysely<Database>,
  registrationId: string,
  id: string,
  at: Date,
): Promise<boolean> {
  if (!isId(id)) return false;
  const removed = await trx
    .deleteFrom('evidence')
    .where('registration_id', '=', registrationId)
    .where('id', '=', id)
    .returning('id')
    .execute();
  if (removed.length === 0) return false;
  await trx.updateTable('registration').set({ updated_at: at }).where('id', '=', registrationId).execute();
  return true;
}

/**
 * Destroys the content of every piece of a file, and its name, which people choose; kind, size and SHA-256 stay as the
 * trace of what was there.
 *
 * @returns those that had one
 */
export async function destroyEvidence(
  trx: Kysely<Database>,
  registrationId: string,
  at: Date,
): Promise<readonly EvidencePiece[]> {
  const rows: unknown[] = await trx
    .updateTable('evidence')
    .set({ content: null, name: destroyedName, destroyed_at: at })
    .where('registration_id', '=', registrationId)
    .where('destroyed_at', 'is', null)
    .returning(columns)
    .execute();
  return z.array(rowSchema).parse(rows);
}
