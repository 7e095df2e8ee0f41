import type { Context } from 'koa';
import { assertNotHeld } from '../homerealm/homerealm.ts';
import { isVouchedFor } from '../identity/identity.ts';
import type { AssertedIdentity } from '../identity/identity.ts';
import type { Current } from './current.ts';
import { endOtherSession, finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';

/** Who has just proven who they are, whatever the way: at an identity provider, or here. */
export interface SignedIn {
  readonly identity: AssertedIdentity;
  /** When they were sent on this way: a logout that is told afterwards is about it. */
  readonly begunAt: Date;
  /** Levels that were asked for on this way. */
  readonly acrValues: readonly string[];
  /** Sealed: what signs them out where they signed in. */
  readonly signOutHint?: string | undefined;
  readonly idpSession?: string | undefined;
}

/**
 * The one end of every way in: the account of the identity, the session of nobody else in this browser, and the result that
 * the provider resumes with.
 *
 * @throws BrokerError M-UPST-016 when the account is blocked, M-ROUT-004 when the domain of its address is held
 */
export async function signedIn(
  ctx: Context,
  { interaction, client }: Current,
  { identity, begunAt, acrValues, signOutHint, idpSession }: SignedIn,
  needs: Pick<InteractionNeeds, 'accounts' | 'library' | 'sessionEnding' | 'snapshot' | 'logger'>,
): Promise<void> {
  if (isVouchedFor(identity)) assertNotHeld(identity.email, needs.snapshot());
  const record = await needs.accounts.signIn(identity);
  await endOtherSession(ctx, needs, interaction, record.accountId);
  needs.logger.info(
    {
      event: 'sign_in',
      idp: identity.idp,
      account: record.accountId,
      client: client.client_id,
      acr: record.acr,
      siret_source: identity.siretSource ?? 'none',
    },
    'signed in',
  );
  await finish(ctx, interaction, {
    login: {
      accountId: record.accountId,
      acr: record.acr,
      amr: [...record.amr],
      ts: record.authTime,
      remember: true,
    },
    broker: record,
    ...(signOutHint === undefined ? {} : { sign_out_hint: signOutHint }),
    idp_sign_in: { subject: identity.subject, begun_at: begunAt.getTime() },
    ...(idpSession === undefined ? {} : { idp_session: idpSession }),
    // Whoever signs in has chosen an account.
    select_account: {},
    // Going for a stronger level answers the eligibility prompt: asked twice, the page says it was tried.
    ...(interaction.prompt.name === 'eligibility' ? { step_up: { wanted: [...acrValues] } } : {}),
  });
}
