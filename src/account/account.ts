/**
 * account/: the page `/compte`, where people see what is theirs here and take it back.
 *
 * What it does: shows the sessions of the person who is signed in in this browser (since when, on which device, by which
 * identity provider, into which tools), and ends one of them or all; shows what is kept of them, gives a copy of it, erases
 * it (my-data.ts, `/compte/mes-donnees`). People without an identity provider change here their names and addresses
 * (identity-page.ts) and what they sign in with (security-page.ts, add-authenticator.ts), after a recent sign-in with their
 * second factor (partner-pages.ts), some of it with a code to a mailbox (own-code.ts). Everybody reads where they signed in
 * (history-page.ts), and links an account of before to that of their provider (link-accounts.ts).
 *
 * Flow: GET /compte ──▶ who: the library's session of this browser ──▶ which: sessions.ts, from the index of the account
 * ──▶ page. POST /compte/deconnexion (one of one's own, or all) ──▶ provider's sessionEnding: tools told, grants revoked,
 * session gone ──▶ when it is this browser's, by the identity provider ──▶ back to the page, which says so.
 *
 * May import: visitor, provider, upstream, partners, codes, limits, homerealm, personal-data, joining, members, registrations, register, eligibility, invitations, declarations, identity, http, mail, audit, storage, config, errors. It decides about nobody's access.
 */
import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { Logger } from '../config/config.ts';
import { partnerProviderId } from '../declarations/declarations.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { AccountPage } from '../http/http.ts';
import { isUsable } from '../identity/identity.ts';
import type { SessionEnding, SessionRecord } from '../provider/provider.ts';
import { concernsOf } from './concerns.ts';
import type { ConcernsNeeds } from './concerns.ts';
import { addingRoutes } from './add-authenticator.ts';
import { historyRoutes } from './history-page.ts';
import type { HistoryNeeds } from './history-page.ts';
import { identityRoutes } from './identity-page.ts';
import type { JoiningPagesNeeds } from './joining-needs.ts';
import { linkRoutes } from './link-accounts.ts';
import type { LinkNeeds } from './link-accounts.ts';
import { myDataRoutes } from './my-data.ts';
import type { MyDataNeeds } from './my-data.ts';
import { codeRoutes } from './own-code.ts';
import { seeOther } from './own-partner.ts';
import { organizationRoutes } from './organizations.ts';
import { securityRoutes } from './security-page.ts';
import { sessionsOf } from './sessions.ts';

export interface AccountNeeds
  extends Omit<MyDataNeeds, 'forgetBrowser'>, HistoryNeeds, LinkNeeds, JoiningPagesNeeds {
  readonly library: Provider;
  readonly sessionEnding: SessionEnding;
  /** Which of our other pages concern somebody. */
  readonly concerns: Omit<ConcernsNeeds, 'basePath'>;
  readonly logger: Pick<Logger, 'info'>;
  readonly secureCookies: boolean;
}

const everywhere = 'all';
const done = ['one', 'this', 'all'] as const;

/** Koa routes of the room; paths are relative to the issuer's. */
export function createAccountRoutes(needs: AccountNeeds): Router {
  const router = new Router();
  myDataRoutes(router, { ...needs, forgetBrowser: (ctx) => forgetBrowser(ctx, needs) });
  identityRoutes(router, needs);
  securityRoutes(router, needs);
  addingRoutes(router, needs);
  codeRoutes(router, needs);
  historyRoutes(router, needs);
  linkRoutes(router, needs);
  organizationRoutes(router, needs);
  // What goes and what stays is said there, for every account.
  router.get('/compte/supprimer', (ctx) => {
    seeOther(ctx, `${needs.basePath}/compte/mes-donnees/effacement`);
  });
  router.get('/compte', (ctx) => showAccount(ctx, needs));
  router.post('/compte/deconnexion', async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    needs.http.assertSameOrigin(ctx);
    try {
      await signOut(ctx, needs);
    } catch (error) {
      needs.http.errorPage(ctx, error, { backHref: `${needs.basePath}/compte`, backLabel: backLabel(ctx) });
    }
  });
  return router;
}

const backLabel = (ctx: Context): string =>
  language(ctx) === 'fr' ? 'Revenir à mon compte' : 'Back to my account';

async function showAccount(ctx: Context, needs: AccountNeeds): Promise<void> {
  const { http, snapshot, basePath } = needs;
  const lang = language(ctx);
  const here = await needs.library.Session.get(ctx);
  const asked = ctx.query['fin'];
  const shared: Pick<AccountPage, 'done' | 'services'> = {
    done: done.find((each) => each === asked),
    services: [...snapshot().services.values()].map(({ name, url }) => ({ name: name[lang], href: url })),
  };
  const { accountId } = here;
  const record = accountId === undefined ? undefined : await needs.identities.ofSession(here.uid);
  const usable = accountId !== undefined && (await isUsable(needs.db, accountId));
  if (!usable || record?.signIn.accountId !== accountId) {
    http.renderPage(ctx, 'account', shared, {
      formsStayHere: true,
      languageHref: languageHref(ctx, basePath),
    });
    return;
  }
  const [sessions, concerns] = await Promise.all([
    sessionsOf(accountId, needs),
    concernsOf({ accountId, sessionUid: here.uid }, { ...needs.concerns, basePath }),
  ]);
  const model: AccountPage = {
    ...shared,
    action: `${basePath}/compte/deconnexion`,
    email: record.signIn.email,
    own: record.signIn.idp === partnerProviderId,
    concerns,
    sessions: sessions
      .map(({ handle, uid, startedAt, device, idp, clients }) => ({
        handle,
        current: uid === here.uid,
        startedAt,
        device,
        idp: snapshot().identityProviders.get(idp)?.name,
        services: serviceNames(clients, snapshot(), lang),
      }))
      .toSorted((one, other) => Number(other.current) - Number(one.current)),
  };
  // Its forms may end at the identity provider: no `form-action`.
  http.renderPage(ctx, 'account', model, { languageHref: languageHref(ctx, basePath) });
}

/**
 * Who ends this browser's session is signed out at its identity provider too: without that, the next person at a shared
 * computer is let in by it without a question.
 *
 * @throws BrokerError M-ACCT-001 when the session named is not one of this person's
 */
async function signOut(ctx: Context, needs: AccountNeeds): Promise<void> {
  const { library, identities, sessionEnding, logger, issuer } = needs;
  const here = await library.Session.get(ctx);
  const { accountId } = here;
  const named = (await readForm(ctx)).get('session');
  const all = named === everywhere;
  const pageAfter = (what: (typeof done)[number]) => new URL(`${issuer}/compte?fin=${what}`);
  if (accountId === undefined) throw new BrokerError('M-ACCT-001', { detail: 'nobody is signed in' });
  const record = await identities.ofSession(here.uid);
  ctx.status = 303;
  if (all) {
    await sessionEnding.endAll(accountId, 'session_ended');
    // The session of this browser, should the index have missed it.
    await sessionEnding.end(here.uid, 'session_ended');
  } else {
    const session = (await sessionsOf(accountId, needs)).find(({ handle }) => handle === named);
    if (session === undefined)
      throw new BrokerError('M-ACCT-001', { detail: 'not a session of this account' });
    await sessionEnding.end(session.uid, 'session_ended');
    if (session.uid !== here.uid) {
      logger.info({ event: 'session_ended', account: accountId, from: 'another browser' }, 'session ended');
      ctx.redirect(pageAfter('one').href);
      return;
    }
  }
  logger.info({ event: 'session_ended', account: accountId, all }, 'session ended');
  forgetBrowser(ctx, needs);
  const page = pageAfter(all ? 'all' : 'this');
  const away =
    record?.signIn.accountId === accountId ? await byIdentityProvider(record, page, needs) : undefined;
  ctx.redirect((away ?? page).href);
}

function forgetBrowser(ctx: Context, { library, secureCookies }: AccountNeeds): void {
  ctx.cookies.set(library.cookieName('session'), null, {
    httpOnly: true,
    sameSite: 'lax',
    secure: secureCookies,
    signed: true,
    overwrite: true,
  });
}

async function byIdentityProvider(
  { signIn, signOutHint }: SessionRecord,
  to: URL,
  { upstream, snapshot }: AccountNeeds,
): Promise<URL | undefined> {
  const idp = snapshot().identityProviders.get(signIn.idp);
  if (idp === undefined || signOutHint === undefined) return undefined;
  return upstream.signOut.leave(idp, signOutHint, to);
}

function serviceNames(
  clients: readonly string[],
  { clients: declared, services }: Snapshot,
  lang: 'fr' | 'en',
): readonly string[] {
  const names = clients.flatMap((id) => {
    const client = declared.get(id);
    const service = client === undefined ? undefined : services.get(client.service);
    return service === undefined ? [] : [service.name[lang]];
  });
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b, lang));
}

const languageHref = (ctx: Context, basePath: string): string =>
  `${basePath}/compte?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`;
