import type { Context } from 'koa';
import { readForm } from '../http/http.ts';
import { latestEnd } from '../invitations/invitations.ts';
import type { InvitationProblem } from '../invitations/invitations.ts';
import type { SponsorNeeds } from './needs.ts';
import {
  choicesOf,
  guestShown,
  languageHref,
  ownInvitation,
  seeOther,
  todayOf,
  whoIsThere,
} from './visit.ts';
import type { Visit } from './visit.ts';

const pageOf = (id: string, { basePath }: SponsorNeeds) => `${basePath}/invitations/${id}/prolonger`;

export async function showRenew(ctx: Context, needs: SponsorNeeds, id: string): Promise<void> {
  const visit = await whoIsThere(ctx, needs, pageOf(id, needs));
  if (visit !== undefined) await show(ctx, visit, needs, { id, until: '', problems: [] });
}

export async function renewInvitation(ctx: Context, needs: SponsorNeeds, id: string): Promise<void> {
  const visit = await whoIsThere(ctx, needs, pageOf(id, needs));
  if (visit === undefined) return;
  const until = (await readForm(ctx)).get('until') ?? '';
  const { services } = await choicesOf(visit, needs);
  const renewed = await needs.inviting.renew({ id, sponsor: visit.sponsor, endsOn: until, services });
  if (renewed.kind === 'problems') {
    await show(ctx, visit, needs, { id, until, problems: renewed.problems });
    return;
  }
  seeOther(ctx, `${needs.basePath}/invitations?fait=prolonge`);
}

async function show(
  ctx: Context,
  visit: Visit,
  needs: SponsorNeeds,
  about: { readonly id: string; readonly until: string; readonly problems: readonly InvitationProblem[] },
): Promise<void> {
  const kept = await ownInvitation(about.id, visit, needs);
  const action = pageOf(kept.id, needs);
  needs.http.renderPage(
    ctx,
    'sponsors/renew',
    {
      action,
      backHref: `${needs.basePath}/invitations`,
      errors: about.problems,
      guest: guestShown(ctx, kept, needs),
      until: about.until,
      latest: latestEnd(todayOf(needs)),
    },
    {
      status: about.problems.length > 0 ? 422 : 200,
      formsStayHere: true,
      languageHref: languageHref(ctx, action),
    },
  );
}
