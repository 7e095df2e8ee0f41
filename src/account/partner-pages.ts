import type Router from '@koa/router';
import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { readForm } from '../http/http.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { startCode } from './own-code.ts';
import { lackingOf, ownPartner, recentSeconds, seeOther, told } from './own-partner.ts';
import type { OwnPartner, OwnPartnerNeeds } from './own-partner.ts';

/** A form of one of these pages. */
export interface PartnerForm {
  /** Under the issuer. */
  readonly path: string;
  /** The page to which whoever has to sign in first comes back: what was posted is not kept. */
  readonly page: string;
  /** How fresh and strong the sign-in has to be: see rules.ts of partners/. */
  readonly what: 'add' | 'change';
  readonly answer: (ctx: Context, me: OwnPartner, form: URLSearchParams) => Promise<void>;
}

/** A page for whoever is signed in: with their own account, or, undefined, with that of an identity provider. */
export function partnerPage(
  router: Router,
  needs: OwnPartnerNeeds,
  path: string,
  show: (ctx: Context, visitor: Visitor, me: OwnPartner | undefined) => Promise<void>,
): void {
  router.get(path, (ctx) =>
    told(ctx, needs, '/compte', async () => {
      const visitor = await needs.visitors.of(ctx);
      if (visitor === undefined) {
        seeOther(ctx, needs.visitors.signInHref(`${needs.basePath}${path}`));
        return;
      }
      await show(ctx, visitor, await ownPartner(visitor, needs));
    }),
  );
}

/** A page where something is about to be added: only for a sign-in that may. */
export function addingPage(
  router: Router,
  needs: OwnPartnerNeeds,
  path: string,
  what: PartnerForm['what'],
  show: (ctx: Context, me: OwnPartner) => Promise<void>,
): void {
  partnerPage(router, needs, path, async (ctx, _visitor, me) => {
    if (me === undefined) throw new BrokerError('M-PART-002', { detail: 'no partner' });
    if (await isStrongEnough(ctx, me, needs, { what, page: path })) await show(ctx, me);
  });
}

/** Ours, of a partner, signed in lately and strongly enough; anybody else signs in first. */
export function partnerForm(router: Router, needs: OwnPartnerNeeds, form: PartnerForm): void {
  const { path, page, answer } = form;
  router.post(path, (ctx) =>
    told(ctx, needs, page, async () => {
      needs.http.assertSameOrigin(ctx);
      const visitor = await needs.visitors.of(ctx);
      if (visitor === undefined) {
        seeOther(ctx, needs.visitors.signInHref(`${needs.basePath}${page}`));
        return;
      }
      const me = await ownPartner(visitor, needs);
      if (me === undefined) throw new BrokerError('M-PART-002', { detail: 'no partner' });
      if (await isStrongEnough(ctx, me, needs, form)) await answer(ctx, me, await readForm(ctx));
    }),
  );
}

/** Otherwise sends to what is missing: a sign-in, with a second factor where there is one, or a code to the mailbox. */
async function isStrongEnough(
  ctx: Context,
  me: OwnPartner,
  needs: OwnPartnerNeeds,
  { what, page }: Pick<PartnerForm, 'what' | 'page'>,
): Promise<boolean> {
  const lacking = await lackingOf(what, me, needs);
  if (lacking === undefined) return true;
  if (lacking === 'mail') {
    await startCode(ctx, me, needs, { kind: 'prove', page });
    return false;
  }
  const mfa = me.authenticators.length + me.codesLeft > 0;
  seeOther(
    ctx,
    needs.visitors.signInHref(`${needs.basePath}${page}`, {
      maxAgeSeconds: recentSeconds,
      ...(mfa ? { mfa } : {}),
    }),
  );
  return false;
}
