import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { FieldProblem, UploadRefused } from '../http/http.ts';
import { isMemberList, notJoined, possible, refusal } from '../registrations/registrations.ts';
import { longestText } from './act-page.ts';
import { addresses } from './addresses.ts';
import { askedOf } from './file-page.ts';
import type { ApplicantNeeds } from './needs.ts';
import { seenIn, whatHappened } from './seen.ts';
import { membersShown, pieceShown } from './shown.ts';
import { receiveMembers, receivePieces, uploadedKinds } from './upload.ts';
import { seeOther, visit, wasLost } from './visit.ts';
import type { Visit } from './visit.ts';

const page = 'repondre';

/** Answers what was asked: documents first, kept one by one, then a few words, sent together. */
export async function showReply(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const here = await visitAsked(ctx, id, needs);
  if (here !== undefined) show(ctx, here, needs, {});
}

/** A document for the answer. It is kept, and counts once the answer is sent. */
export async function addToReply(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const at = addresses(needs.basePath);
  const here = await visitAsked(ctx, id, needs);
  if (here === undefined) return;
  const received = await receivePieces(ctx, here, needs);
  if (received.kept) seeOther(ctx, at.page(here.opened.file.id, page));
  else show(ctx, (await visitAsked(ctx, id, needs)) ?? here, needs, received);
}

/** The list of members, for the answer. */
export async function addListToReply(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const at = addresses(needs.basePath);
  const here = await visitAsked(ctx, id, needs);
  if (here === undefined) return;
  const received = await receiveMembers(ctx, here, needs);
  if (received.kept) seeOther(ctx, `${at.page(here.opened.file.id, page)}#membres-lus`);
  else show(ctx, here, needs, received);
}

/** Before the answer is sent, one may think better of a document. */
export async function removeFromReply(
  ctx: Context,
  id: string | undefined,
  piece: string,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visit(ctx, needs, id, addresses(needs.basePath).page(id ?? '', page));
  if (here === undefined) return;
  const { file } = here.opened;
  await needs.registrations.removePiece(file.id, here.visitor.accountId, piece);
  seeOther(ctx, addresses(needs.basePath).page(file.id, page));
}

export async function sendReply(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const { registrations, basePath } = needs;
  const at = addresses(basePath);
  const here = await visitAsked(ctx, id, needs);
  if (here === undefined) return;
  const form = await readForm(ctx, '512kb');
  const text = (form.get('text') ?? '').trim();
  const evidence = notJoined(here.opened.file, here.opened.evidence).map((piece) => piece.id);
  if (text.length > longestText || (text === '' && evidence.length === 0)) {
    const words = text === '' ? 'text_or_piece_missing' : 'text_too_long';
    show(ctx, here, needs, { text, errors: [{ field: 'text', words }], status: 422 });
    return;
  }
  const { file } = here.opened;
  const meanwhile = whatHappened(here.opened, seenIn(form));
  if (meanwhile.length > 0) {
    show(ctx, here, needs, { text, meanwhile, status: 409 });
    return;
  }
  try {
    await registrations.act({
      id: file.id,
      seen: file.version,
      actor: here.actor,
      act: { act: 'supply', evidence, text },
    });
  } catch (error) {
    const stale = error instanceof BrokerError && error.code === 'M-FILE-002';
    const now = stale ? await visitAsked(ctx, id, needs) : undefined;
    if (now === undefined) throw error;
    const happened = whatHappened(now.opened, file.version);
    show(ctx, now, needs, { text, meanwhile: happened, status: 409 });
    return;
  }
  seeOther(ctx, `${at.file(file.id)}?fait=reponse`);
}

/** @throws BrokerError M-FILE-003 when nothing was asked, or nothing is examined any more */
async function visitAsked(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<Visit | undefined> {
  const here = await visit(ctx, needs, id, addresses(needs.basePath).page(id ?? '', page));
  if (here === undefined) return undefined;
  const { file, circumstances } = here.opened;
  const now = possible(file, here.actor, needs.clock(), circumstances);
  if (now.some(({ act }) => act === 'supply')) return here;
  throw refusal('nothing_to_answer', file.id, 'supply');
}

function show(
  ctx: Context,
  { opened }: Visit,
  { http, basePath }: ApplicantNeeds,
  about: {
    readonly text?: string;
    readonly errors?: readonly FieldProblem[];
    readonly meanwhile?: readonly { readonly words: string }[];
    readonly refused?: UploadRefused;
    readonly kind?: string | undefined;
    readonly status?: number;
  },
): void {
  const { file, evidence, content } = opened;
  const at = addresses(basePath);
  const pieces = notJoined(file, evidence);
  const asked = askedOf(opened) ?? { text: '', endsOn: '', pieces: [] };
  const action = at.page(file.id, page);
  http.renderPage(
    ctx,
    'applicants/reply',
    {
      number: file.id,
      action,
      uploadAction: `${action}/pieces`,
      seen: String(file.version),
      lost: wasLost(ctx),
      meanwhile: about.meanwhile,
      errors: about.errors ?? [],
      text: about.text ?? '',
      backHref: at.file(file.id),
      asked,
      kinds: uploadedKinds.map((kind) => ({ id: kind })),
      kind: about.kind ?? asked.pieces[0]?.words,
      pieces: pieces.map((piece) =>
        pieceShown(piece, at.piece(file.id, piece.id), `${action}/pieces/${piece.id}/retirer`),
      ),
      membersAction: `${action}/membres`,
      templateHref: `${at.list}/liste-des-membres.csv`,
      members:
        content.members !== undefined && pieces.some(isMemberList)
          ? membersShown(content.members)
          : undefined,
      refused: about.refused,
    },
    {
      status: about.status ?? 200,
      formsStayHere: true,
      languageHref: `${action}?lang=${language(ctx) === 'en' ? 'fr' : 'en'}`,
    },
  );
}
