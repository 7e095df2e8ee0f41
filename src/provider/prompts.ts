import { errors, interactionPolicy } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Client } from '../declarations/declarations.ts';
import type { Access, AccessOf } from './access.ts';
import { essentialAcr } from './essential-acr.ts';
import type { SessionIdentities } from './session-identity.ts';

const { Prompt, Check, base } = interactionPolicy;

/**
 * What may stop an authorization and ask something of the person, in order: sign in, choose the organization, be
 * eligible, (on request) consent. Each runs at `/authorize` and again when the interaction comes back; checks return
 * strict booleans (anything else is a 500 since 9.12).
 */
export function interactionPrompts(needs: {
  readonly identities: SessionIdentities;
  readonly clientOf: (ctx: KoaContextWithOIDC) => Client | undefined;
  readonly accessOf: AccessOf;
  readonly idpEnabled: (id: string) => boolean;
}): interactionPolicy.DefaultPolicy {
  const { identities, clientOf, accessOf, idpEnabled } = needs;
  const policy = base();
  policy.remove('consent');

  const login = policy.get('login');
  if (login === undefined) throw new TypeError('the library has no login prompt');
  // The built-in checks take acr_values for the essential list when both are sent, and loop for ever when unmet.
  login.checks.remove('essential_acrs');
  login.checks.remove('essential_acr');
  login.checks.add(
    new Check(
      'essential_acr_strict',
      'none of the requested ACRs could be obtained',
      'unmet_authentication_requirements',
      (ctx) => {
        const wanted = essentialAcr(ctx.oidc.params);
        if (wanted.length === 0 || wanted.includes(ctx.oidc.acr)) return false;
        if (ctx.oidc.result?.login !== undefined) {
          throw new errors.UnmetAuthenticationRequirements('none of the requested ACRs could be obtained');
        }
        return true;
      },
      (ctx) => ({ acr: essentialAcr(ctx.oidc.params) }),
    ),
  );
  // findAccount finds nobody when the sign-in behind a session is gone: without this check the library answers 500.
  login.checks.add(
    new Check(
      'account_missing',
      'End-User authentication is required',
      'login_required',
      (ctx) => ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined,
    ),
  );
  login.checks.add(
    new Check('idp_disabled', 'End-User authentication is required', 'login_required', async (ctx) => {
      const identity = await identities.ofRequest(ctx);
      return identity !== undefined && !idpEnabled(identity.signIn.idp);
    }),
  );

  policy.add(
    new Prompt(
      { name: 'select_organization', requestable: true },
      new Check(
        'organization_not_chosen',
        'the End-User has to choose an organization',
        'interaction_required',
        async (ctx) => {
          const identity = await identities.ofRequest(ctx);
          return identity !== undefined && identity.membership === undefined;
        },
      ),
    ),
  );

  policy.add(
    new Prompt(
      { name: 'eligibility', requestable: false },
      new Check('not_eligible', 'the organization may not use this service', 'access_denied', async (ctx) => {
        const access = await requestAccess(ctx, { identities, clientOf, accessOf });
        if (access === undefined || access.passes) return false;
        // A silent request gets the exact reason; with a person in front, our own page explains it.
        if (ctx.oidc.promptPending('none')) {
          if (access.decision.decision === 'step_up') {
            throw new errors.UnmetAuthenticationRequirements(access.decision.reason ?? 'acr_insufficient');
          }
          throw new errors.AccessDenied(access.decision.reason ?? 'not_eligible');
        }
        return true;
      }),
    ),
  );

  // Tools of the suite are first parties: consent is only a word that a request may say, answered without a page.
  policy.add(new Prompt({ name: 'consent', requestable: true }));
  return policy;
}

/** The access of the request at hand; undefined while nobody signed in or no organization is chosen. */
export async function requestAccess(
  ctx: KoaContextWithOIDC,
  needs: {
    readonly identities: SessionIdentities;
    readonly clientOf: (ctx: KoaContextWithOIDC) => Client | undefined;
    readonly accessOf: AccessOf;
  },
): Promise<Access | undefined> {
  const identity = await needs.identities.ofRequest(ctx);
  const client = needs.clientOf(ctx);
  if (identity?.membership === undefined || client === undefined) return undefined;
  return needs.accessOf(ctx, { client, signIn: identity.signIn, membership: identity.membership });
}
