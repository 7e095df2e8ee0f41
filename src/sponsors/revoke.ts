import type { Context } from 'koa';
import { readForm } from '../http/http.ts';
import type { SponsorNeeds } from './needs.ts';
import { guestShown, languageHref, ownInvitation, seeOther, whoIsThere } from './visit.ts';

const pageOf = (id: string, { basePath }: SponsorNeeds) => `${basePath}/invitations/${id}/retirer`;

/** What it would close, before it does. */
export async function showRevoke(ctx: Context, needs: SponsorNeeds, id: string): Promise<void> {
  const visit = await whoIsThere(ctx, needs, pageOf(id, needs));
  if (visit === undefined) return;
  const kept = await ownInvitation(id, visit, needs);
  const [openings] = await needs.inviting.openings([kept]);
  const action = pageOf(kept.id, needs);
  needs.http.renderPage(
    ctx,
    'sponsors/revoke',
    {
      action,
      backHref: `${needs.basePath}/invitations`,
      guest: guestShown(ctx, kept, needs),
      live: openings?.live ?? 0,
      lastAt: openings?.lastAt,
    },
    { formsStayHere: true, languageHref: languageHref(ctx, action) },
  );
}

export async function revokeInvitation(ctx: Context, needs: SponsorNeeds, id: string): Promise<void> {
  const visit = await whoIsThere(ctx, needs, pageOf(id, needs));
  if (visit === undefined) return;
  // One of our own forms, nothing else: there is no field to read.
  await readForm(ctx);
  await needs.inviting.revoke({ id, by: { sponsor: visit.sponsor } });
  needs.logger.info(
    { event: 'invitation.revoked', account: visit.sponsor.accountId, invitation: id },
    'an agent took an invitation back',
  );
  seeOther(ctx, `${needs.basePath}/invitations?fait=retire`);
}
