import { errors, interactionPolicy } from 'oidc-provider';
import type { KoaContextWithOIDC, Client as LibraryClient } from 'oidc-provider';
import type { Client } from '../../declarations/declarations.ts';
import type { Policy } from '../../eligibility/eligibility.ts';
import { acrFor, levelByEmailCode } from '../../identity/identity.ts';
import type { StillVouchedFor } from '../still-vouched-for.ts';
import { essentialAcr } from './essential-acr.ts';
import { expectedSubjects } from './expected-subject.ts';
import { idpHint } from './hints.ts';
import { needsOneWhoIsAway } from './idp-away.ts';
import type { AwayNeeds } from './idp-away.ts';
import { inWordsOf } from './profile-errors.ts';

const { Check } = interactionPolicy;

export interface LoginNeeds extends AwayNeeds {
  readonly clientOf: (ctx: KoaContextWithOIDC) => Client | undefined;
  /** The `sub` of an account at a client. */
  readonly stillVouchedFor: StillVouchedFor;
  readonly subjectOf: (accountId: string, client: LibraryClient) => string;
  /** In force for a service now. */
  readonly policyOf: (service: string) => Pick<Policy, 'email_code'> | undefined;
}

const required = 'End-User authentication is required';
const unmet = {
  error: 'unmet_authentication_requirements',
  error_description: 'none of the requested ACRs could be obtained',
} as const;

/**
 * Why a person has to sign in although there is a session, beyond what the library knows. Each check that a sign-in
 * may fail to settle ends the request once the person did sign in: asked again, it would loop for ever.
 */
export function loginChecks(needs: LoginNeeds): readonly interactionPolicy.Check[] {
  const { identities, clientOf, identityProvider, stillVouchedFor, subjectOf } = needs;
  const signedIn = (ctx: KoaContextWithOIDC) => ctx.oidc.result?.login !== undefined;
  const silent = (ctx: KoaContextWithOIDC) => ctx.oidc.promptPending('none');

  return [
    // The built-in checks take acr_values for the essential list when both are sent, and loop for ever when unmet.
    new Check(
      'essential_acr_strict',
      unmet.error_description,
      unmet.error,
      async (ctx) => {
        const wanted = essentialAcr(ctx.oidc.params);
        if (wanted.length === 0 || wanted.includes(ctx.oidc.acr)) return false;
        // The prompt `eligibility` offers it, once everything else is known.
        if (!silent(ctx) && (await isReachedByEmailCode(ctx, wanted, needs))) return false;
        if (!signedIn(ctx) && !silent(ctx)) return true;
        // A silent request of somebody unknown has the same answer as any other: login_required.
        if (ctx.oidc.session?.accountId === undefined) return false;
        const { error, error_description: description } = inWordsOf(clientOf(ctx), unmet);
        throw new errors.CustomOIDCProviderError(error, description);
      },
      (ctx) => ({ acr: essentialAcr(ctx.oidc.params) }),
    ),
    // `id_token_hint` and `claims.id_token.sub`: the library's own forget the first, and loop with the second.
    new Check('other_subject', 'another End-User is expected', 'login_required', (ctx) => {
      const expected = expectedSubjects(ctx.oidc.params);
      const { client, session } = ctx.oidc;
      if (expected.length === 0 || client === undefined || session?.accountId === undefined) return false;
      const subject = subjectOf(session.accountId, client);
      if (expected.every((accepted) => accepted.includes(subject))) return false;
      if (signedIn(ctx)) throw new errors.LoginRequired('another End-User is expected');
      return true;
    }),
    // findAccount finds nobody when the sign-in behind a session is gone: without this check the library answers 500.
    new Check(
      'account_missing',
      required,
      'login_required',
      (ctx) => ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined,
    ),
    new Check('idp_disabled', required, 'login_required', async (ctx) => {
      const identity = await identities.ofRequest(ctx);
      return identity !== undefined && !stillVouchedFor(identity.signIn);
    }),
    new Check('other_idp', required, 'login_required', async (ctx) => {
      const hint = idpHint(ctx.oidc.params);
      if (hint === undefined) return false;
      if (silent(ctx) && identityProvider(hint)?.enabled !== true) {
        throw new errors.TemporarilyUnavailable('the identity provider of idp_hint is closed for now');
      }
      const identity = await identities.ofRequest(ctx);
      if (identity === undefined || identity.signIn.idp === hint) return false;
      if (signedIn(ctx)) throw new errors.LoginRequired('another identity provider than idp_hint was used');
      return true;
    }),
    new Check('idp_away', required, 'login_required', async (ctx) => {
      if (silent(ctx) && (await needsOneWhoIsAway(ctx, needs))) {
        throw new errors.TemporarilyUnavailable('the identity provider does not answer');
      }
      return false;
    }),
  ];
}

/** Whether a code sent by mail, which the rules of this tool take, would do for the person of this session. */
async function isReachedByEmailCode(
  ctx: KoaContextWithOIDC,
  wanted: readonly string[],
  { identities, clientOf, policyOf }: LoginNeeds,
): Promise<boolean> {
  const client = clientOf(ctx);
  const identity = await identities.ofRequest(ctx);
  if (client === undefined || identity === undefined) return false;
  const { signIn, membership } = identity;
  // Before an organization is chosen, the level is that of the sign-in.
  const acr = membership === undefined ? signIn.acr : acrFor(signIn, membership);
  return levelByEmailCode({ ...signIn, acr }, wanted, policyOf(client.service)) !== undefined;
}
