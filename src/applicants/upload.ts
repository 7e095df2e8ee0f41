import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import type { FieldProblem, Upload, UploadRefused } from '../http/http.ts';
import { evidenceKinds, recognizedFile } from '../registrations/registrations.ts';
import type { ApplicantNeeds } from './needs.ts';
import type { Visit } from './visit.ts';

export type Received =
  | { readonly kept: true }
  | {
      readonly kept: false;
      readonly kind: string | undefined;
      readonly status: number;
      readonly errors?: readonly FieldProblem[];
      readonly refused?: UploadRefused;
    };

/** The list of members has a form of its own: it is read. */
export const uploadedKinds = evidenceKinds.filter((kind) => kind !== 'member_list');

/** What is wrong with a document, and not with the request: told beside the field. */
const aboutTheDocument: ReadonlySet<string> = new Set([
  'M-FILE-008',
  'M-FILE-009',
  'M-FILE-020',
  'M-FILE-021',
  'M-FILE-022',
  'M-FILE-023',
  'M-FILE-024',
  'M-FILE-025',
  'M-FILE-026',
  'M-FILE-027',
  'M-FILE-028',
  'M-FILE-064',
  'M-FILE-070',
]);

const uploadRefusal = (error: unknown, field: UploadRefused['field']): UploadRefused | undefined =>
  error instanceof BrokerError && aboutTheDocument.has(error.code) ? { code: error.code, field } : undefined;

/**
 * The documents of a form, recognized by their content and kept one by one: those before one that is refused stay.
 *
 * @throws BrokerError for what is wrong with the request itself
 */
export async function receivePieces(
  ctx: Context,
  { opened, visitor }: Visit,
  { registrations, logger, http }: ApplicantNeeds,
): Promise<Received> {
  let named: string | undefined;
  const { accountId } = visitor;
  const keep = async ({ fields, files }: Upload): Promise<Received> => {
    named = fields.get('kind') ?? undefined;
    const kind = uploadedKinds.find((one) => one === named);
    const sent = files.filter(({ field }) => field === 'piece');
    if (kind === undefined || sent.length === 0) {
      const errors = [
        ...(kind === undefined ? [{ field: 'kind', words: 'kind_missing' }] : []),
        ...(sent.length === 0 ? [{ field: 'piece', words: 'piece_missing' }] : []),
      ];
      return { kept: false, kind, status: 422, errors };
    }
    for (const { name, bytes } of sent) {
      const file = await recognizedFile({ name, bytes });
      await registrations.addPiece(opened.file.id, accountId, { kind, file });
    }
    return { kept: true };
  };
  try {
    return await http.takeUpload(ctx, accountId, keep);
  } catch (error) {
    const refused = uploadRefusal(error, 'piece');
    if (refused === undefined || !(error instanceof BrokerError)) throw error;
    logger.info(
      { event: 'evidence.refused', code: error.code, registration: opened.file.id, detail: error.detail },
      'a document was refused',
    );
    return { kept: false, kind: named, status: error.entry.status, refused };
  }
}

/** A list of members: read, and kept with what it shows. */
export async function receiveMembers(
  ctx: Context,
  { opened, visitor }: Visit,
  { registrations, readMembers, http }: ApplicantNeeds,
): Promise<Received> {
  const { accountId } = visitor;
  const keep = async ({ files }: Upload): Promise<Received> => {
    const bytes = files.find(({ field }) => field === 'membres')?.bytes;
    if (bytes === undefined) {
      const errors = [{ field: 'membres', words: 'members_file_missing' }];
      return { kept: false, kind: undefined, status: 422, errors };
    }
    const read = await readMembers(bytes, opened.organization?.department);
    await registrations.addMemberList(opened.file.id, accountId, read);
    return { kept: true };
  };
  try {
    return await http.takeUpload(ctx, accountId, keep);
  } catch (error) {
    const refused = uploadRefusal(error, 'membres');
    if (refused === undefined || !(error instanceof BrokerError)) throw error;
    return { kept: false, kind: undefined, status: error.entry.status, refused };
  }
}
