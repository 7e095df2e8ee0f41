import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { builtInId, builtInReturnPath } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { multiFactorValues } from './need.ts';
import type { Need } from './need.ts';
import { ownPath } from './own-path.ts';
import { sealJourney } from './state.ts';
import type { Visitor, Visitors, VisitorNeeds } from './visitor.ts';

export function signInHref(
  returnTo: string,
  { mfa = false, maxAgeSeconds, again = false }: Need = {},
  { basePath }: Pick<VisitorNeeds, 'basePath'>,
): string {
  const query = new URLSearchParams({ vers: returnTo });
  if (mfa) query.set('renforce', '1');
  if (again) query.set('encore', '1');
  if (maxAgeSeconds !== undefined) query.set('age', String(maxAgeSeconds));
  return `${basePath}/entrer?${query.toString()}`;
}

/**
 * To the authorization endpoint, as any tool would: PKCE (RFC 7636), `state`, `nonce`. The verifier is forgotten at once:
 * nobody can redeem the code, us included. Who is known already is named, so that nobody types their address again to
 * sign in more strongly.
 *
 * @throws BrokerError M-FILE-030 when `vers` is no address of ours, or the wishes cannot be read
 */
export async function enter(ctx: Context, needs: VisitorNeeds, visitors: Visitors): Promise<void> {
  const { seal, random, issuer, basePath } = needs;
  ctx.set('Cache-Control', 'no-store');
  const query = new URLSearchParams(ctx.querystring);
  const written = query.get('vers') ?? `${basePath}/compte`;
  const returnTo = ownPath(written, issuer);
  const maxAgeSeconds = ageOf(query.get('age'));
  if (returnTo === undefined || maxAgeSeconds === 'malformed') {
    throw new BrokerError('M-FILE-030', { detail: `vers ${written.slice(0, 200)}` });
  }
  const mfa = query.get('renforce') === '1';
  const visitor = await visitors.of(ctx);
  const claims = { id_token: { acr: { essential: true, values: multiFactorValues } } };
  const address = new URL(`${issuer}/authorize`);
  address.search = new URLSearchParams({
    client_id: builtInId,
    response_type: 'code',
    redirect_uri: `${issuer}${builtInReturnPath}`,
    scope: 'openid',
    state: await sealJourney(seal, { returnTo, mfa, maxAgeSeconds }),
    nonce: random(16).toString('base64url'),
    code_challenge: createHash('sha256').update(random(32)).digest('base64url'),
    code_challenge_method: 'S256',
    ...(query.get('encore') === '1' ? { prompt: 'login' } : {}),
    ...(mfa ? { claims: JSON.stringify(claims) } : {}),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
    ...(visitor === undefined ? {} : hintOf(visitor, needs)),
  }).toString();
  ctx.status = 303;
  ctx.redirect(address.href);
}

/** By an address that anybody may have written they would be sent to the identity provider of somebody else. */
function hintOf(
  visitor: Visitor,
  { snapshot }: VisitorNeeds,
): { login_hint: string } | { idp_hint: string } | undefined {
  if (visitor.isEmailVouchedFor) return { login_hint: visitor.email };
  // A hidden one is reached by its test addresses alone.
  const hidden = snapshot().identityProviders.get(visitor.idp)?.test_addresses !== undefined;
  return hidden ? undefined : { idp_hint: visitor.idp };
}

/** Less than a minute would be over before the page is read; more than a day is no wish. */
function ageOf(written: string | null): number | undefined | 'malformed' {
  if (written === null) return undefined;
  const seconds = /^\d{1,5}$/.test(written) ? Number(written) : 0;
  return seconds >= 60 && seconds <= 86_400 ? seconds : 'malformed';
}
