import type { Context } from 'koa';
import { language } from '../http/http.ts';
import type { DraftEvidencePage, FieldProblem, UploadRefused } from '../http/http.ts';
import { addresses } from './addresses.ts';
import { frameOf, fromReview, fieldProblems } from './draft-page.ts';
import type { ApplicantNeeds } from './needs.ts';
import { membersShown, pieceShown } from './shown.ts';
import { nextStep, problemsIn } from './steps.ts';
import { receiveMembers, receivePieces, uploadedKinds } from './upload.ts';
import { seeOther, visitDraft } from './visit.ts';
import type { Visit } from './visit.ts';

const step = 'pieces';

export async function showEvidenceStep(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visitDraft(ctx, needs, id);
  if (here === undefined) return;
  const review = fromReview(ctx);
  const problems = review ? problemsIn(step, await needs.registrations.problems(here.opened)) : [];
  await show(ctx, here, needs, { review, errors: fieldProblems(problems, here, needs, ctx) });
}

export async function addEvidence(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const { page } = addresses(needs.basePath);
  const here = await visitDraft(ctx, needs, id, page(id ?? '', step));
  if (here === undefined) return;
  const received = await receivePieces(ctx, here, needs);
  if (received.kept) seeOther(ctx, page(here.opened.file.id, step));
  else await show(ctx, await again(here, needs), needs, received);
}

/** The list of members: what it shows is computed, and the list is kept as it was understood. */
export async function readList(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const { page } = addresses(needs.basePath);
  const here = await visitDraft(ctx, needs, id, page(id ?? '', step));
  if (here === undefined) return;
  const received = await receiveMembers(ctx, here, needs);
  if (received.kept) seeOther(ctx, `${page(here.opened.file.id, step)}#membres-lus`);
  else await show(ctx, here, needs, received);
}

/** Takes a piece out of the draft; with the list of members goes what it showed. */
export async function removeEvidence(
  ctx: Context,
  id: string | undefined,
  piece: string,
  needs: ApplicantNeeds,
): Promise<void> {
  const { page } = addresses(needs.basePath);
  const here = await visitDraft(ctx, needs, id, page(id ?? '', step));
  if (here === undefined) return;
  const { file } = here.opened;
  await needs.registrations.removePiece(file.id, here.visitor.accountId, piece);
  seeOther(ctx, page(file.id, step));
}

/** As it is now: pieces sent before the one that was refused are kept. */
async function again(here: Visit, { registrations }: ApplicantNeeds): Promise<Visit> {
  const { file } = here.opened;
  return {
    ...here,
    opened: (await registrations.forApplicant(file.id, here.visitor.accountId)) ?? here.opened,
  };
}

/** What the register of associations holds already. */
const inRegister = new Set<string>(['declaration_receipt', 'official_journal']);

async function show(
  ctx: Context,
  here: Visit,
  needs: ApplicantNeeds,
  about: {
    readonly errors?: readonly FieldProblem[] | undefined;
    readonly refused?: UploadRefused | undefined;
    readonly kind?: string | undefined;
    readonly review?: boolean | undefined;
    readonly status?: number | undefined;
  },
): Promise<void> {
  const { file, evidence, content, organization } = here.opened;
  const at = addresses(needs.basePath);
  const problems = await needs.registrations.problems(here.opened);
  const frame = frameOf(here, step, needs, {
    problems,
    errors: about.errors ?? [],
    review: about.review ?? false,
  });
  const model: DraftEvidencePage = {
    ...frame,
    kinds: uploadedKinds.map((kind) => ({
      id: kind,
      held: organization?.rna !== undefined && inRegister.has(kind) ? 'rna' : undefined,
    })),
    kind: uploadedKinds.find((one) => one === about.kind),
    pieces: evidence.map((piece) =>
      pieceShown(piece, at.piece(file.id, piece.id), `${at.piece(file.id, piece.id)}/retirer`),
    ),
    membersAction: at.page(file.id, 'membres'),
    templateHref: `${at.list}/liste-des-membres.csv`,
    members: content.members === undefined ? undefined : membersShown(content.members),
    refused: about.refused,
    nextHref: at.page(file.id, nextStep(step, about.review ?? false)),
  };
  needs.http.renderPage(ctx, 'applicants/evidence', model, {
    status: about.status ?? 200,
    formsStayHere: true,
    languageHref: `${at.page(file.id, step)}?lang=${language(ctx) === 'en' ? 'fr' : 'en'}`,
  });
}
