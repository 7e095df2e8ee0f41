import type { Context } from 'koa';
import { isPartnerProvider } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { levelsBelowEmailCode } from '../identity/identity.ts';
import { essentialAcr } from '../provider/provider.ts';
import { assertNotHeld } from '../homerealm/homerealm.ts';
import { forgetOldAttempts } from './attempt-cookies.ts';
import type { Interaction } from './current.ts';
import { assertNotTooOften } from './limited.ts';
import type { InteractionNeeds } from './needs.ts';
import { NotStarted } from './not-started.ts';
import { startPartner } from './partner-start.ts';
import { wantedOf } from './wanted.ts';

/** Why a session is not enough, of what only another sign-in settles. */
const settledAnew = ['other_subject', 'max_age', 'essential_acr_strict'];

/**
 * Sends the browser to the IdP. What the tool asked for goes along: a fresh authentication (`prompt=login`, `max_age`),
 * a level (essential `acr`), the languages. The attempt travels in one sealed cookie, so that several tabs do not meet.
 * Whoever has an account here goes to no IdP: the same wishes, step by step (partner-start.ts).
 *
 * @throws NotStarted
 * @throws BrokerError M-LIMI-001 when this is too often, M-ROUT-004 when the domain of the address is held
 */
export async function startUpstream(
  ctx: Context,
  needs: InteractionNeeds,
  attempt: {
    readonly interaction: Interaction;
    readonly idp: IdentityProvider;
    readonly email: string | undefined;
    /** The address was typed just now, and counted then. */
    readonly typed?: boolean;
    /** Levels that our own policy asks for, when it is the reason of the detour. */
    readonly requiredAcr?: readonly string[];
    /** Our own policy wants a recent sign-in. An IdP is asked for one whenever there is a level to ask for. */
    readonly anew?: boolean;
  },
): Promise<void> {
  const { params, prompt, session } = attempt.interaction;
  const wanted = bothWanted(attempt.requiredAcr ?? [], essentialAcr(params));
  if (isPartnerProvider(attempt.idp)) {
    const { interaction, idp, email, anew } = attempt;
    await startPartner(ctx, needs, idp, {
      interaction,
      email,
      wanted: wantedOf(interaction, wanted, anew),
    });
    return;
  }
  if (attempt.typed !== true)
    await assertNotTooOften(ctx, 'upstream_started', attempt.email, needs.partnerSignIn);
  if (attempt.email !== undefined) assertNotHeld(attempt.email, needs.snapshot());
  // With a code by mail on top they would do. Whoever chose on our page to go to their IdP goes for the level itself.
  const below =
    attempt.requiredAcr === undefined && takesEmailCode(params, needs) ? levelsBelowEmailCode(wanted) : [];
  const maxAge = typeof params.max_age === 'string' ? Number(params.max_age) : undefined;
  // Whoever is known here is known there too: without this, the IdP would hand back the same person, the same time, or the
  // same level, which many take from their session whatever is asked.
  const another =
    session?.accountId !== undefined &&
    (prompt.name === 'select_account' || prompt.reasons.some((reason) => settledAnew.includes(reason)));
  const requested = typeof params.prompt === 'string' ? params.prompt.split(' ') : [];
  const started = await needs.upstream
    .start(attempt.idp, {
      interactionUid: attempt.interaction.uid,
      ...(attempt.email === undefined ? {} : { loginHint: attempt.email }),
      ...(wanted.length === 0 ? {} : { acrValues: [...wanted, ...below] }),
      forceLogin: requested.includes('login') || attempt.requiredAcr !== undefined || another,
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(typeof params.ui_locales === 'string' ? { uiLocales: params.ui_locales } : {}),
    })
    .catch((error: unknown) => {
      throw error instanceof BrokerError ? new NotStarted(error, attempt) : error;
    });
  ctx.cookies.set(started.cookie.name, started.cookie.value, {
    path: started.cookie.path,
    maxAge: started.cookie.maxAgeSeconds * 1000,
    httpOnly: true,
    sameSite: 'lax',
    secure: needs.secureCookies,
    signed: false,
    overwrite: true,
  });
  forgetOldAttempts(ctx, started.cookie, needs);
  ctx.status = 303;
  ctx.redirect(started.url.href);
}

/** Levels that satisfy the policy and the tool; those of the one that cares when the other does not. */
function bothWanted(policy: readonly string[], tool: readonly string[]): readonly string[] {
  if (policy.length === 0 || tool.length === 0) return [...policy, ...tool];
  return policy.filter((level) => tool.includes(level));
}

function takesEmailCode(
  { client_id: id }: Interaction['params'],
  { snapshot, clock }: Pick<InteractionNeeds, 'snapshot' | 'clock'>,
): boolean {
  const client = typeof id === 'string' ? snapshot().clientOf(id) : undefined;
  return client !== undefined && snapshot().policyFor(client.service, clock())?.policy.email_code === true;
}
