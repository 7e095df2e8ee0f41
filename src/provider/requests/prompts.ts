import { errors, interactionPolicy } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { isBuiltIn } from '../../declarations/declarations.ts';
import type { Access, AccessOf } from '../access.ts';
import { withDemandedLevel } from './essential-acr.ts';
import { loginChecks } from './login-checks.ts';
import type { LoginNeeds } from './login-checks.ts';
import { isOfWantedKind, kindNotRequested, organizationKindWishes } from './organization-kind.ts';
import { inWordsOf } from './profile-errors.ts';
import type { Refusal } from './profile-errors.ts';

const { Prompt, Check, base } = interactionPolicy;

interface PromptNeeds extends LoginNeeds {
  readonly accessOf: AccessOf;
}

/**
 * What may stop an authorization and ask something of the person, in order: (on request) choose the account; sign in;
 * choose the organization; be of the kind that the tool asks for; be eligible; (on request) consent. Each runs at
 * `/authorize` and again when the interaction comes back; checks return strict booleans (anything else is a 500 since
 * 9.12).
 */
export function interactionPrompts(needs: PromptNeeds): interactionPolicy.DefaultPolicy {
  const { identities, clientOf } = needs;
  const policy = base();
  policy.remove('consent');

  const login = policy.get('login');
  if (login === undefined) throw new TypeError('the library has no login prompt');
  for (const builtIn of ['essential_acrs', 'essential_acr', 'id_token_hint', 'claims_id_token_sub_value']) {
    login.checks.remove(builtIn);
  }
  for (const check of loginChecks(needs)) login.checks.add(check);
  // Before `login`: whoever keeps the account goes on with it, whoever wants another one signs in at once.
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);

  policy.add(
    new Prompt(
      { name: 'select_organization', requestable: true },
      new Check(
        'organization_not_chosen',
        'the End-User has to choose an organization',
        'interaction_required',
        async (ctx) => {
          // Our own pages are for the person, whatever the organization.
          if (isBuiltIn(clientOf(ctx))) return false;
          const identity = await identities.ofRequest(ctx);
          return identity !== undefined && identity.membership === undefined;
        },
      ),
    ),
  );

  policy.add(
    new Prompt(
      { name: 'organization_kind', requestable: false },
      new Check('other_kind', kindNotRequested, 'access_denied', async (ctx) => {
        const wishes = organizationKindWishes(ctx.oidc.params);
        if (wishes.length === 0) return false;
        const access = await decidedAccess(ctx, needs);
        return access !== undefined && !isOfWantedKind(wishes, access.organization);
      }),
    ),
  );

  policy.add(
    new Prompt(
      { name: 'eligibility', requestable: false },
      new Check('not_eligible', 'the organization may not use this service', 'access_denied', async (ctx) => {
        const access = await decidedAccess(ctx, needs);
        if (access === undefined || access.passes) return false;
        // A silent request gets the exact reason; with a person in front, our own page explains it.
        if (ctx.oidc.promptPending('none')) {
          const { error, error_description: reason } = inWordsOf(clientOf(ctx), refusalOf(access.decision));
          throw new errors.CustomOIDCProviderError(error, reason);
        }
        return true;
      }),
    ),
  );

  // Tools of the suite are first parties: consent is only a word that a request may say, answered without a page.
  policy.add(new Prompt({ name: 'consent', requestable: true }));
  return policy;
}

/** What a decision against the person is called towards tools. */
export function refusalOf({ decision, reason }: Access['decision']): Refusal {
  return {
    error: decision === 'step_up' ? 'unmet_authentication_requirements' : 'access_denied',
    error_description: reason ?? (decision === 'step_up' ? 'acr_insufficient' : 'not_eligible'),
  };
}

type AccessNeeds = Pick<PromptNeeds, 'identities' | 'clientOf' | 'accessOf'>;

/**
 * What is decided for the request at hand, at the level that it demands; undefined while nobody signed in or no organization is chosen, and for our own
 * pages, where there is nothing to decide.
 */
async function decidedAccess(ctx: KoaContextWithOIDC, needs: AccessNeeds): Promise<Access | undefined> {
  const identity = await needs.identities.ofRequest(ctx);
  const client = needs.clientOf(ctx);
  if (identity?.membership === undefined || client === undefined || isBuiltIn(client)) return undefined;
  const { signIn, membership } = identity;
  return withDemandedLevel(await needs.accessOf(ctx, { client, signIn, membership }), ctx.oidc.params);
}

/** The same for the grant: it passes only if the organization is also of the kind that the request asks for. */
export async function requestAccess(
  ctx: KoaContextWithOIDC,
  needs: AccessNeeds,
): Promise<Access | undefined> {
  const access = await decidedAccess(ctx, needs);
  if (access === undefined) return undefined;
  const wanted = isOfWantedKind(organizationKindWishes(ctx.oidc.params), access.organization);
  return { ...access, passes: access.passes && wanted };
}
