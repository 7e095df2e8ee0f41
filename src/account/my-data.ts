import type Router from '@koa/router';
import type { Context } from 'koa';
import { Readable } from 'node:stream';
import { partShown } from '../personal-data/personal-data.ts';
import type { Person, PersonalData } from '../personal-data/personal-data.ts';
import { language, readForm } from '../http/http.ts';
import type { Http, MyDataErasurePage } from '../http/http.ts';
import type { SessionIdentities } from '../provider/provider.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Visitor, Visitors } from '../visitor/visitor.ts';

export interface MyDataNeeds {
  readonly visitors: Visitors;
  readonly identities: SessionIdentities;
  readonly personalData: PersonalData;
  readonly upstream: Upstream;
  readonly snapshot: () => Snapshot;
  readonly http: Http;
  readonly basePath: string;
  readonly issuer: string;
  /** Takes the session's cookie from this browser. */
  readonly forgetBrowser: (ctx: Context) => void;
}

/** Seconds since the sign-in: what takes data away, or destroys it, is for whoever is in front of the browser now. */
const recentEnough = 15 * 60;

type Me = Person & { readonly accountId: string; readonly visitor: Visitor };

/** `/compte/mes-donnees`: what is kept of whoever reads it, as a page, as a file, and no more (GDPR art. 15, 17, 20). */
export function myDataRoutes(router: Router, needs: MyDataNeeds): void {
  const { http, basePath } = needs;
  const page = `${basePath}/compte/mes-donnees`;
  const told = async (ctx: Context, work: () => Promise<void>): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    try {
      await work();
    } catch (error) {
      http.errorPage(ctx, error, { backHref: page, backLabel: backLabels[language(ctx)] });
    }
  };
  /** Somebody who has just signed in; anybody else is sent to do so, and comes back to a page. */
  const recently = (ctx: Context, returnTo: string, work: (me: Me) => Promise<void>): Promise<void> =>
    told(ctx, async () => {
      const me = await whoAsks(ctx, needs);
      if (me !== undefined && needs.visitors.isRecent(me.visitor, recentEnough)) {
        await work(me);
        return;
      }
      ctx.status = 303;
      ctx.redirect(needs.visitors.signInHref(returnTo, { maxAgeSeconds: recentEnough }));
    });

  router.get('/compte/mes-donnees', (ctx) => told(ctx, () => show(ctx, needs)));
  router.post('/compte/mes-donnees/copie', (ctx) =>
    recently(ctx, page, async (me) => {
      http.assertSameOrigin(ctx);
      await readForm(ctx);
      await download(ctx, me, needs);
    }),
  );
  router.get('/compte/mes-donnees/effacement', (ctx) =>
    recently(ctx, `${page}/effacement`, async (me) => showErasure(ctx, me, 'before', needs)),
  );
  router.post('/compte/mes-donnees/effacement', (ctx) =>
    recently(ctx, `${page}/effacement`, async (me) => {
      http.assertSameOrigin(ctx);
      await eraseMe(ctx, me, needs);
    }),
  );
}

const backLabels = { fr: 'Revenir à mes données', en: 'Back to my data' } as const;

/** By the address as well, when the identity provider answers for the mailbox. */
async function whoAsks(ctx: Context, { visitors, identities }: MyDataNeeds): Promise<Me | undefined> {
  const visitor = await visitors.of(ctx);
  if (visitor === undefined) return undefined;
  const proven = (await identities.ofSession(visitor.sessionUid))?.signIn.emailVerified === true;
  return {
    accountId: visitor.accountId,
    address: proven ? visitor.email.toLowerCase() : undefined,
    visitor,
  };
}

async function show(ctx: Context, needs: MyDataNeeds): Promise<void> {
  const { http, visitors, personalData, basePath } = needs;
  const here = `${basePath}/compte/mes-donnees`;
  const backHref = `${basePath}/compte`;
  const me = await whoAsks(ctx, needs);
  if (me === undefined) {
    const nobody = { parts: [], backHref, signInHref: visitors.signInHref(here) };
    http.renderPage(ctx, 'my-data', nobody, { formsStayHere: true });
    return;
  }
  const recent = visitors.isRecent(me.visitor, recentEnough);
  http.renderPage(
    ctx,
    'my-data',
    {
      email: me.visitor.email,
      parts: (await personalData.read(me)).map(partShown),
      unproven: me.address === undefined,
      againHref: recent ? undefined : visitors.signInHref(here, { maxAgeSeconds: recentEnough }),
      exportAction: `${here}/copie`,
      erasureHref: `${here}/effacement`,
      backHref,
    },
    { formsStayHere: true },
  );
}

async function download(ctx: Context, me: Me, { personalData }: MyDataNeeds): Promise<void> {
  const chunks = await personalData.export(me, 'json', {
    actor: { kind: 'account', accountId: me.accountId },
  });
  ctx.body = Readable.from(chunks);
  ctx.set({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': 'attachment; filename="mes-donnees.json"',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
}

async function showErasure(
  ctx: Context,
  me: Me,
  stage: 'before' | 'changed' | 'unconfirmed',
  { personalData, http, basePath }: MyDataNeeds,
): Promise<void> {
  const plan = await personalData.plan(me);
  if (plan === undefined) throw new BrokerError('M-DATA-001', { detail: me.accountId });
  const action = `${basePath}/compte/mes-donnees/effacement`;
  const model: MyDataErasurePage = {
    stage: plan.refused === undefined ? stage : 'refused',
    plan,
    action,
    seen: plan.digest,
    backHref: `${basePath}/compte/mes-donnees`,
  };
  const status = { before: 200, unconfirmed: 422, changed: 409 }[stage];
  http.renderPage(ctx, 'my-data-erasure', model, {
    formsStayHere: true,
    languageHref: `${action}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`,
    status,
  });
}

async function eraseMe(ctx: Context, me: Me, needs: MyDataNeeds): Promise<void> {
  const { personalData, identities, upstream, snapshot, http, issuer, basePath } = needs;
  const form = await readForm(ctx);
  if (form.get('compris') !== 'oui') {
    await showErasure(ctx, me, 'unconfirmed', needs);
    return;
  }
  const session = await identities.ofSession(me.visitor.sessionUid);
  try {
    const plan = await personalData.erase({
      person: { accountId: me.accountId, address: me.address },
      seen: form.get('vu') ?? '',
      actor: { kind: 'account', accountId: me.accountId },
      reason: 'Demande de la personne, connectée.',
    });
    needs.forgetBrowser(ctx);
    const idp = session === undefined ? undefined : snapshot().identityProviders.get(session.signIn.idp);
    const away =
      idp === undefined || session?.signOutHint === undefined
        ? undefined
        : await upstream.signOut.leave(idp, session.signOutHint, new URL(`${issuer}/compte?fin=all`));
    const done: MyDataErasurePage = {
      stage: 'done',
      plan,
      backHref: `${basePath}/`,
      idp: idp?.name,
      idpHref: away?.href,
    };
    http.renderPage(ctx, 'my-data-erasure', done, { formsStayHere: true, languageHref: '' });
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-DATA-003') throw error;
    await showErasure(ctx, me, 'changed', needs);
  }
}
