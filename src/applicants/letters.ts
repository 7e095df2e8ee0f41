import type { Context } from 'koa';
import { contentDisposition, letterPdf, sendEvidence } from '../registrations/registrations.ts';
import type { LetterSent } from '../registrations/registrations.ts';
import { addresses } from './addresses.ts';
import type { ApplicantNeeds } from './needs.ts';
import { visit, vouchedFor } from './visit.ts';

/** A browser that fetches ahead what nobody has asked to see yet (Fetch, `Sec-Purpose`; older ones say it otherwise). */
const isAhead = (ctx: Context): boolean =>
  ['sec-purpose', 'purpose', 'x-moz', 'x-purpose'].some((name) =>
    /prefetch|prerender|preview/iu.test(ctx.get(name)),
  );

/** A letter as it was sent. Its first opening is the proof that it was notified: the door of the room records it. */
export async function showLetter(
  ctx: Context,
  { id, letter }: { readonly id: string | undefined; readonly letter: string },
  needs: ApplicantNeeds,
): Promise<void> {
  const found = await letterHere(ctx, id, letter, needs);
  if (found === undefined) return;
  const at = addresses(needs.basePath);
  needs.http.renderPage(
    ctx,
    'letter',
    {
      letter: found.document,
      pdfHref: `${at.letter(found.registration, found.id)}/pdf`,
      backHref: at.file(found.registration),
    },
    { formsStayHere: true },
  );
}

export async function sendLetter(
  ctx: Context,
  { id, letter }: { readonly id: string | undefined; readonly letter: string },
  needs: ApplicantNeeds,
): Promise<void> {
  const found = await letterHere(ctx, id, letter, needs);
  if (found === undefined) return;
  ctx.body = await letterPdf(found.document);
  ctx.set({
    'Content-Type': 'application/pdf',
    'Content-Disposition': contentDisposition(`${found.document.title} ${found.registration}.pdf`),
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  });
}

async function letterHere(
  ctx: Context,
  id: string | undefined,
  letter: string,
  needs: ApplicantNeeds,
): Promise<LetterSent | undefined> {
  if (isAhead(ctx)) {
    // What is fetched ahead may be shown later without asking us: it is refused, and asked for when somebody wants it.
    ctx.status = 503;
    ctx.body = '';
    return undefined;
  }
  const here = await visit(ctx, needs, id);
  if (here === undefined) return undefined;
  const { file } = here.opened;
  // Whoever reads for the organization what nobody asked for is not proven to represent it: nothing is notified by that.
  if (file.accountId === undefined)
    return needs.registrations.letterForOrganization(file.id, vouchedFor(here.visitor), letter);
  return needs.registrations.letterForApplicant(file.id, here.visitor.accountId, letter, readingOf(ctx));
}

/** HEAD asks whether there is a letter, and gives nothing to read. */
const readingOf = ({ method }: Context): 'opens' | 'asks' => (method === 'GET' ? 'opens' : 'asks');

/** What the applicant sent, given back as a download. */
export async function sendPiece(
  ctx: Context,
  { id, piece }: { readonly id: string | undefined; readonly piece: string },
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visit(ctx, needs, id);
  if (here === undefined) return;
  const { file } = here.opened;
  sendEvidence(ctx, await needs.registrations.pieceOfApplicant(file.id, here.visitor.accountId, piece));
}

/** The page after sending: everything that the receipt says, and where it went. */
export async function showReceipt(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visit(ctx, needs, id);
  if (here === undefined) return;
  const { file, letters } = here.opened;
  const at = addresses(needs.basePath);
  const receipt = letters.find(({ kind }) => kind === 'receipt');
  const letter = receipt && (await letterHere(ctx, file.id, receipt.id, needs));
  if (receipt !== undefined && letter === undefined) return;
  needs.http.renderPage(
    ctx,
    'applicants/receipt',
    {
      number: file.id,
      email: here.visitor.email,
      letter: letter?.document,
      pdfHref: letter === undefined ? undefined : `${at.letter(file.id, letter.id)}/pdf`,
      fileHref: at.file(file.id),
    },
    { formsStayHere: true },
  );
}
