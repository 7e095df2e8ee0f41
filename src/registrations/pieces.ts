import type { Kysely } from 'kysely';
import { appendAudit, recordAccess } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import type { EvidenceKind, OperatorActor } from './act.ts';
import { isSenderRevoked } from './circumstances.ts';
import { changedContent, contentText, draftContentSchema } from './content.ts';
import type { DraftContent } from './content.ts';
import { oneAtATime } from './drafts.ts';
import { evidenceLimits } from './evidence/limits.ts';
import { listEvidence, readEvidence, removeEvidence, storeEvidence } from './evidence/store.ts';
import type { EvidencePiece, EvidenceRead, StoredMediaType } from './evidence/store.ts';
import { among, examined } from './file.ts';
import type { RegistrationFile } from './file.ts';
import { isMemberList, notJoined } from './joined.ts';
import type { MembersRead } from './members.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { readFile, readRow } from './open.ts';
import type { HeldRow } from './open.ts';
import { senderRevoked, unknownFile } from './refusals.ts';

export interface PieceGiven {
  readonly kind: EvidenceKind;
  readonly file: { readonly name: string; readonly mediaType: StoredMediaType; readonly bytes: Buffer };
}

/** Somebody sent it, or is about to. */
type OwnRow = HeldRow & { readonly accountId: string };

async function ownRow(trx: Kysely<Database>, id: string, accountId: string): Promise<OwnRow> {
  const row = await readRow(trx, id, 'wait');
  if (row?.accountId !== accountId) throw unknownFile(id);
  return { ...row, accountId };
}

/**
 * Adds a piece to a draft, or to a file that is examined: the `supply` act then says what it answers.
 *
 * @throws BrokerError M-FILE-001 when the file is not theirs, M-FILE-003 once nothing of it is examined, M-FILE-025 (full),
 * 064 (too much for one account)
 */
export function addPiece(
  needs: RegistrationsNeeds,
  id: string,
  accountId: string,
  piece: PieceGiven,
): Promise<EvidencePiece> {
  return needs.db.transaction().execute(async (trx) => {
    const { row } = await openRow(trx, id, accountId);
    return keepPiece(needs, trx, row, piece);
  });
}

/** The name under which we give it back: the bytes are ours. */
const listName = 'liste-des-membres.csv';

/**
 * The list of members, as it was understood, and what it shows: in place of the one before, unless that one was sent.
 *
 * @throws BrokerError as `addPiece`
 */
export async function addMemberList(
  needs: RegistrationsNeeds,
  id: string,
  accountId: string,
  { coverage, list }: MembersRead,
): Promise<void> {
  await needs.db.transaction().execute(async (trx) => {
    const { row, file } = await openRow(trx, id, accountId);
    const before = notJoined(file, await listEvidence(trx, id)).filter(isMemberList);
    for (const piece of before) await dropPiece(needs, trx, row, piece);
    await keepPiece(needs, trx, row, {
      kind: 'member_list',
      file: { name: listName, mediaType: 'text/csv', bytes: list },
    });
    await writeMembers(trx, row, coverage);
  });
}

/** Taken while it is written, and while something of it is examined. */
async function openRow(
  trx: Kysely<Database>,
  id: string,
  accountId: string,
): Promise<{ readonly row: OwnRow; readonly file: RegistrationFile }> {
  const row = await ownRow(trx, id, accountId);
  if (await isSenderRevoked(trx, row)) throw senderRevoked(id);
  const file = await readFile(trx, row);
  const open = row.version === 0 || file.requests.some(({ state }) => among(examined, state));
  if (!open) throw new BrokerError('M-FILE-003', { detail: `${id}: no piece is awaited` });
  return { row, file };
}

async function keepPiece(
  needs: RegistrationsNeeds,
  trx: Kysely<Database>,
  { id, accountId, version }: OwnRow,
  piece: PieceGiven,
): Promise<EvidencePiece> {
  await oneAtATime(trx, `evidence ${accountId}`);
  const before = await bytesOfAccount(trx, accountId);
  const at = needs.clock();
  const stored = await storeEvidence(trx, { id: needs.randomId(), registrationId: id, ...piece, at });
  const bytes = await bytesOfAccount(trx, accountId);
  // Bytes that were there already add nothing.
  if (bytes > before && bytes > evidenceLimits.accountBytes)
    throw new BrokerError('M-FILE-064', { detail: `account ${accountId}: ${bytes} bytes` });
  // What examiners look at has changed, whether they asked for it or not.
  if (version > 0 && bytes > before)
    await recordPiece(trx, at, { act: 'evidence.add', id, accountId, piece: stored });
  return stored;
}

async function dropPiece(
  needs: RegistrationsNeeds,
  trx: Kysely<Database>,
  { id, accountId, version }: OwnRow,
  piece: EvidencePiece,
): Promise<void> {
  const at = needs.clock();
  await removeEvidence(trx, id, piece.id, at);
  if (version > 0) await recordPiece(trx, at, { act: 'evidence.remove', id, accountId, piece });
}

async function recordPiece(
  trx: Kysely<Database>,
  at: Date,
  about: {
    readonly act: 'evidence.add' | 'evidence.remove';
    readonly id: string;
    readonly accountId: string;
    readonly piece: EvidencePiece;
  },
): Promise<void> {
  const { act, id, accountId, piece } = about;
  const { id: evidence, kind, name, sha256 } = piece;
  const actor = { kind: 'account', accountId } as const;
  const after = { evidence, kind, name, sha256 };
  await appendAudit(trx, at, [{ act, subject: `registration:${id}`, actor, after }]);
}

/** Of a draft, the declaration made before covers it no longer; of a file that was sent, it still covers what was sent. */
async function writeMembers(
  trx: Kysely<Database>,
  { id, version, content }: HeldRow,
  members: DraftContent['members'],
): Promise<void> {
  const now = version === 0 ? changedContent(content, { members }) : { ...content, members };
  await trx
    .updateTable('registration')
    .set({ draft: contentText(now) })
    .where('id', '=', id)
    .execute();
}

async function bytesOfAccount(trx: Kysely<Database>, accountId: string): Promise<number> {
  const found = await trx
    .selectFrom('evidence')
    .innerJoin('registration', 'registration.id', 'evidence.registration_id')
    .select((eb) => eb.fn.sum<number | string | null>('evidence.size').as('bytes'))
    .where('registration.account_id', '=', accountId)
    .where('evidence.destroyed_at', 'is', null)
    .executeTakeFirst();
  return Number(found?.bytes ?? 0);
}

/**
 * Of a draft, and of an answer that is not sent yet. With the list of members goes what it showed; what the request showed
 * when it was sent is back.
 *
 * @throws BrokerError M-FILE-001, M-FILE-003 for what was sent, or was looked at by whoever examines
 */
export async function removePiece(
  needs: RegistrationsNeeds,
  id: string,
  accountId: string,
  piece: string,
): Promise<void> {
  await needs.db.transaction().execute(async (trx) => {
    const { row, file } = await openRow(trx, id, accountId);
    const evidence = await listEvidence(trx, id);
    const found = evidence.find((one) => one.id === piece);
    if (found === undefined) throw unknownFile(id);
    const checked = file.events.some(({ act }) => act.act === 'check_evidence' && act.evidence === piece);
    if (checked || !notJoined(file, evidence).includes(found))
      throw new BrokerError('M-FILE-003', { detail: `${id}: piece ${piece} was sent` });
    await dropPiece(needs, trx, row, found);
    if (isMemberList(found)) await writeMembers(trx, row, membersSent(file));
  });
}

/** What the list showed that came with the request. */
function membersSent({ events }: RegistrationFile): DraftContent['members'] {
  const sent = events.find(({ act }) => act.act === 'submit')?.act;
  return sent?.act === 'submit' ? draftContentSchema.safeParse(sent.content).data?.members : undefined;
}

/** @throws BrokerError M-FILE-001 */
export async function pieceOfApplicant(
  { db }: RegistrationsNeeds,
  id: string,
  accountId: string,
  piece: string,
): Promise<EvidenceRead> {
  const row = await readRow(db, id);
  const found = row?.accountId === accountId ? await readEvidence(db, id, piece) : undefined;
  if (found === undefined) throw unknownFile(id);
  return found;
}

/** Who reads what an organization sent is recorded, before they read it. @throws BrokerError M-FILE-001 */
export async function pieceForOperator(
  { db, clock }: RegistrationsNeeds,
  id: string,
  actor: OperatorActor,
  piece: string,
): Promise<EvidenceRead> {
  const row = await readRow(db, id);
  const found = row === undefined || row.version === 0 ? undefined : await readEvidence(db, id, piece);
  if (found === undefined) throw unknownFile(id);
  await recordAccess(db, clock(), {
    act: 'evidence.read',
    subject: `registration:${id}`,
    actor,
    after: { evidence: found.id, sha256: found.sha256 },
  });
  return found;
}
