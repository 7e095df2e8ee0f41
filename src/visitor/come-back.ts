import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import { missing } from './need.ts';
import { ownPath } from './own-path.ts';
import { openJourney } from './state.ts';
import type { Journey } from './state.ts';
import type { Visitors, VisitorNeeds } from './visitor.ts';

/**
 * Back from the authorization endpoint. What the page wanted is checked here once, against the session: a page that sends
 * people to sign in never sees them come back without, so that nobody goes in circles when an identity provider does not
 * ask again, or cannot do better.
 */
export async function comeBack(ctx: Context, needs: VisitorNeeds, visitors: Visitors): Promise<void> {
  const { http, issuer, basePath, logger } = needs;
  ctx.set('Cache-Control', 'no-store');
  const query = new URLSearchParams(ctx.querystring);
  const journey = await openJourney(needs.seal, query.get('state') ?? undefined);
  const returnTo = ownPath(journey?.returnTo, issuer);
  if (journey === undefined || returnTo === undefined) {
    http.errorPage(ctx, new BrokerError('M-FILE-031', { detail: 'state unknown or too old' }), {
      backHref: `${basePath}/`,
      backLabel: words[language(ctx)].home,
    });
    return;
  }
  try {
    await assertSignedIn(ctx, { query, journey }, needs, visitors);
  } catch (error) {
    // Another try begins afresh: with a person who can, it succeeds.
    http.errorPage(ctx, error, {
      backHref: visitors.signInHref(returnTo, journey),
      backLabel: words[language(ctx)].again,
    });
    return;
  }
  logger.info({ event: 'own_pages.signed_in' }, 'signed in to our own pages');
  ctx.status = 303;
  ctx.redirect(new URL(returnTo, issuer).href);
}

const words = {
  fr: { again: 'Se connecter à nouveau', home: 'Revenir à l’accueil' },
  en: { again: 'Sign in again', home: 'Back to the home page' },
} as const;

/** @throws BrokerError M-FILE-032 (not signed in), M-FILE-033 (not strongly enough), M-FILE-034 (too long ago) */
async function assertSignedIn(
  ctx: Context,
  { query, journey }: { readonly query: URLSearchParams; readonly journey: Journey },
  { clock }: VisitorNeeds,
  visitors: Visitors,
): Promise<void> {
  const error = query.get('error');
  const detail = `${error ?? ''} ${query.get('error_description') ?? ''}`.slice(0, 200);
  if (error === 'unmet_authentication_requirements') throw new BrokerError('M-FILE-033', { detail });
  if (error !== null) throw new BrokerError('M-FILE-032', { detail });
  const visitor = await visitors.of(ctx);
  if (visitor === undefined) throw new BrokerError('M-FILE-032', { detail: 'no session' });
  const lacks = missing(visitor, journey, clock());
  if (lacks === 'mfa') throw new BrokerError('M-FILE-033', { detail: `acr ${visitor.acr}` });
  if (lacks === 'recent')
    throw new BrokerError('M-FILE-034', { detail: `auth_time ${visitor.authTime.toISOString()}` });
}
