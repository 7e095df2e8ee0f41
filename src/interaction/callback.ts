import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { preferLocales } from '../http/http.ts';
import type { UpstreamResult } from '../upstream/upstream.ts';
import { toolOf } from './current.ts';
import type { Current } from './current.ts';
import { endOtherSession, finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { errorPageOptions, supportOf } from './page-parts.ts';
import { insteadOf } from './provider-away.ts';

/**
 * The browser comes back from an identity provider. The address is rebuilt from the issuer, never from the request;
 * the interaction is named by the sealed cookie of the attempt. What fails here leaves no account and no session, and
 * its page leads back to the tool.
 */
export async function callback(ctx: Context, idpId: string, needs: InteractionNeeds): Promise<void> {
  const idp = needs.snapshot().identityProviders.get(idpId);
  const url = new URL(`${needs.issuer}/callback/${encodeURIComponent(idpId)}?${ctx.querystring}`);
  const answer = await needs.upstream.finish(idp ?? idpId, url, (name) =>
    ctx.cookies.get(name, { signed: false }),
  );
  if (answer.clearCookie !== undefined) clearAttempt(ctx, answer.clearCookie, url.pathname, needs);

  // Who is at the end of an address is told to whoever was sent there, and to nobody who only typed it: it may be hidden.
  const asked = answer.attempt?.idpId === idpId ? idp : undefined;
  const current = await waiting(answer, needs);
  const { ui_locales: locales } = current?.interaction.params ?? {};
  preferLocales(ctx, typeof locales === 'string' ? locales : undefined);
  try {
    if (!answer.ok) throw answer.error;
    if (current === undefined) throw new BrokerError('M-OIDC-004', { detail: 'the interaction has ended' });
    await signIn(ctx, current, answer, needs);
  } catch (error) {
    const options =
      current === undefined
        ? asked === undefined
          ? {}
          : { idp: asked.name, ...supportOf(asked) }
        : {
            ...errorPageOptions(ctx, current, needs, error, asked),
            ...(asked && insteadOf(current, needs, error, { idp: asked, email: undefined })),
          };
    needs.http.errorPage(ctx, error, options);
  }
}

async function signIn(
  ctx: Context,
  current: Current,
  { identity, signOutHint, idpSession, attempt }: Extract<UpstreamResult, { ok: true }>,
  needs: InteractionNeeds,
): Promise<void> {
  const { interaction } = current;
  const record = await needs.accounts.signIn(identity);
  await endOtherSession(ctx, needs, interaction, record.accountId);
  needs.logger.info(
    {
      event: 'sign_in',
      idp: identity.idp,
      account: record.accountId,
      client: current.client.client_id,
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
    sign_out_hint: signOutHint,
    idp_sign_in: { subject: identity.subject, begun_at: attempt.startedAt.getTime() },
    ...(idpSession === undefined ? {} : { idp_session: idpSession }),
    // Whoever signs in has chosen an account.
    select_account: {},
    // Going upstream for a stronger level answers the eligibility prompt: asked twice, the page says it was tried.
    ...(interaction.prompt.name === 'eligibility' ? { step_up: { wanted: [...attempt.acrValues] } } : {}),
  });
}

/** The login that waits for this answer, when there still is one. */
async function waiting(answer: UpstreamResult, needs: InteractionNeeds): Promise<Current | undefined> {
  if (answer.attempt === undefined) return undefined;
  const interaction = await needs.library.Interaction.find(answer.attempt.interactionUid);
  return interaction === undefined ? undefined : { interaction, ...toolOf(interaction, needs.snapshot()) };
}

function clearAttempt(ctx: Context, name: string, path: string, needs: InteractionNeeds): void {
  ctx.cookies.set(name, null, {
    path,
    httpOnly: true,
    sameSite: 'lax',
    secure: needs.secureCookies,
    signed: false,
    overwrite: true,
  });
}
