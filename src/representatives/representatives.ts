/**
 * representatives/: the pages of `/membres`, where whoever represents an organization follows the people who act for it, and of
 * its domains (`/compte/organisations/:siren/domaines`, own-domains.ts: claimed, proven, given up; domains/ decides).
 *
 * What it does: lists them (name, address, since, last seen, tools); confirms; takes a membership away after showing what
 * that closes and which guests end with it, unless one takes them over, and gives it back. Works without JavaScript. Who represents what, and what follows, is decided in
 * `members/`; here it is asked and told.
 *
 * Flow: /membres (list.ts: one's organizations, or the only one) ──▶ /membres/:siren ──POST …/:membre/confirmer──▶ list;
 * …/:membre/retirer and …/rendre (act.ts: the page that shows the impact, then its form). Each form posts to our own origin,
 * is answered by 303, says which version of the member it has seen, and is judged again as a whole.
 *
 * May import: visitor, members, domains, limits, registrations (types), invitations (types), declarations, audit, http, storage, config, errors.
 */
import Router from '@koa/router';
import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import { confirmMember, doAct, showAct } from './act.ts';
import { showMembers, showOrganizations } from './list.ts';
import type { RepresentativeNeeds } from './needs.ts';
import { check, claim, giveUp, object, sendCode, showDomains, tryCode } from './own-domains.ts';

export type { RepresentativeNeeds };

/** Koa routes of the room; paths are relative to the issuer's. */
export function createRepresentativeRoutes(needs: RepresentativeNeeds): Router {
  const router = new Router();
  const { http, basePath } = needs;

  /** Whatever goes wrong is told with the way back to one's members. */
  const told = async (ctx: Context, work: () => Promise<void>): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    try {
      // PostgreSQL keeps no U+0000: nothing of ours is called so.
      if (ctx.originalUrl.includes('%00')) throw new BrokerError('M-MEMB-001', { detail: 'U+0000' });
      await work();
    } catch (error) {
      http.errorPage(ctx, error, { backHref: `${basePath}/membres`, backLabel: backLabel(ctx) });
    }
  };
  type Answer = (ctx: Context, needs: RepresentativeNeeds, siren: string, id: string) => Promise<void>;
  const get = (path: string, answer: Answer) => {
    router.get(path, (ctx) =>
      told(ctx, () =>
        answer(ctx, needs, ctx.params['siren'] ?? '', ctx.params['membre'] ?? ctx.params['domaine'] ?? ''),
      ),
    );
  };
  const post = (path: string, answer: Answer) => {
    router.post(path, (ctx) =>
      told(ctx, () => {
        http.assertSameOrigin(ctx);
        return answer(
          ctx,
          needs,
          ctx.params['siren'] ?? '',
          ctx.params['membre'] ?? ctx.params['domaine'] ?? '',
        );
      }),
    );
  };

  get('/membres', showOrganizations);
  get('/membres/:siren', showMembers);
  post('/membres/:siren/:membre/confirmer', confirmMember);
  get('/membres/:siren/:membre/retirer', showAct('revoke'));
  post('/membres/:siren/:membre/retirer', doAct('revoke'));
  get('/membres/:siren/:membre/rendre', showAct('restore'));
  post('/membres/:siren/:membre/rendre', doAct('restore'));
  const domains = '/compte/organisations/:siren/domaines';
  get(domains, showDomains);
  post(domains, claim);
  post(`${domains}/:domaine/verifier`, check);
  post(`${domains}/:domaine/envoyer-code`, sendCode);
  post(`${domains}/:domaine/code`, tryCode);
  post(`${domains}/:domaine/renoncer`, giveUp);
  post(`${domains}/:domaine/opposer`, object);
  return router;
}

const backLabel = (ctx: Context): string =>
  language(ctx) === 'fr' ? 'Revenir aux membres' : 'Back to the members';
