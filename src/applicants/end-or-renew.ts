import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { readForm } from '../http/http.ts';
import { canRenew } from '../registrations/registrations.ts';
import { addresses } from './addresses.ts';
import type { ApplicantNeeds } from './needs.ts';
import { seeOther, visit, visitDraft, vouchedFor } from './visit.ts';

/** Both ask first, on a page of their own. */
export async function askToDelete(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visitDraft(ctx, needs, id);
  if (here === undefined) return;
  show(ctx, here.opened.file.id, { act: 'delete', page: 'supprimer', back: 'relire' }, needs);
}

export async function deleteDraft(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const at = addresses(needs.basePath);
  const here = await visitDraft(ctx, needs, id, at.page(id ?? '', 'supprimer'));
  if (here === undefined) return;
  await readForm(ctx);
  await needs.registrations.deleteDraft(here.opened.file.id, here.visitor.accountId);
  seeOther(ctx, `${at.list}?fait=supprime`);
}

export async function askToRenew(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const here = await visit(ctx, needs, id);
  if (here === undefined) return;
  const { file } = here.opened;
  if (!canRenew(file)) throw new BrokerError('M-FILE-003', { detail: `${file.id}: nothing to renew` });
  show(ctx, file.id, { act: 'renew', page: 'renouveler', back: '' }, needs);
}

/** A draft with what was said then; the one that is there already when there is one. */
export async function renew(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const at = addresses(needs.basePath);
  const here = await visit(ctx, needs, id, at.page(id ?? '', 'renouveler'));
  if (here === undefined) return;
  await readForm(ctx);
  const draft = await needs.registrations.startDraft(here.actor, {
    renews: here.opened.file.id,
    sirens: vouchedFor(here.visitor),
  });
  seeOther(ctx, at.file(draft));
}

function show(
  ctx: Context,
  id: string,
  { act, page, back }: { readonly act: string; readonly page: string; readonly back: string },
  { http, basePath }: ApplicantNeeds,
): void {
  const at = addresses(basePath);
  http.renderPage(
    ctx,
    'applicants/act',
    {
      number: id,
      action: at.page(id, page),
      seen: '',
      errors: [],
      text: '',
      backHref: back === '' ? at.file(id) : at.page(id, back),
      act,
      writes: false,
    },
    { formsStayHere: true },
  );
}
