/**
 * sponsors/: the pages of `/invitations`, where an agent invites guests and follows them.
 *
 * What it does: lists one's guests with their end, state and last sign-in; asks for address, service, reason and last day;
 * shows everything before it is sent; prolongs; takes back, after showing what that closes. Works without JavaScript.
 * Who may invite whom, and what follows, is decided in `invitations/`; here it is asked and told.
 *
 * Flow: /invitations (list.ts) ──▶ /invitations/nouvelle (form.ts: form, then review) ──POST /invitations──▶ list;
 * /invitations/:id/prolonger (renew.ts), /invitations/:id/retirer (revoke.ts). Each form posts to our own origin, is answered
 * by 303, and is judged again as a whole: what a review page holds is only what was typed.
 *
 * May import: visitor, provider (access), invitations, declarations, eligibility, identity, http, config, errors.
 */
import Router from '@koa/router';
import type { Context } from 'koa';
import { language } from '../http/http.ts';
import { reviewInvitation, sendInvitation, showForm } from './form.ts';
import { showList } from './list.ts';
import type { SponsorNeeds } from './needs.ts';
import { renewInvitation, showRenew } from './renew.ts';
import { revokeInvitation, showRevoke } from './revoke.ts';

export { invitesFor, invitesSomewhere } from './visit.ts';
export type { SponsorNeeds };

/** Koa routes of the room; paths are relative to the issuer's. */
export function createSponsorRoutes(needs: SponsorNeeds): Router {
  const router = new Router();
  const { http, basePath } = needs;

  /** Whatever goes wrong is told with the way back to one's guests. */
  const told = async (ctx: Context, work: () => Promise<void>): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    try {
      await work();
    } catch (error) {
      http.errorPage(ctx, error, { backHref: `${basePath}/invitations`, backLabel: backLabel(ctx) });
    }
  };
  type Answer = (ctx: Context, needs: SponsorNeeds, id: string) => Promise<void>;
  const get = (path: string, answer: Answer) => {
    router.get(`/invitations${path}`, (ctx) => told(ctx, () => answer(ctx, needs, ctx.params['id'] ?? '')));
  };
  const post = (path: string, answer: Answer) => {
    router.post(`/invitations${path}`, (ctx) =>
      told(ctx, () => {
        http.assertSameOrigin(ctx);
        return answer(ctx, needs, ctx.params['id'] ?? '');
      }),
    );
  };

  get('', showList);
  post('', sendInvitation);
  get('/nouvelle', showForm);
  post('/nouvelle', reviewInvitation);
  get('/:id/prolonger', showRenew);
  post('/:id/prolonger', renewInvitation);
  get('/:id/retirer', showRevoke);
  post('/:id/retirer', revokeInvitation);
  return router;
}

const backLabel = (ctx: Context): string =>
  language(ctx) === 'fr' ? 'Revenir à mes invités' : 'Back to my guests';
