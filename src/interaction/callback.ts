import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { preferLocales } from '../http/http.ts';
import type { UpstreamResult } from '../upstream/upstream.ts';
import { providerElsewhere, toolOf } from './current.ts';
import type { Current } from './current.ts';
import { noteDevice } from './limited.ts';
import type { InteractionNeeds } from './needs.ts';
import { errorPageOptions, supportOf } from './page-parts.ts';
import { insteadOf } from './provider-away.ts';
import { signedIn } from './signed-in.ts';

/**
 * The browser comes back from an identity provider. The address is rebuilt from the issuer, never from the request;
 * the interaction is named by the sealed cookie of the attempt. What fails here leaves no account and no session, and
 * its page leads back to the tool.
 */
export async function callback(ctx: Context, idpId: string, needs: InteractionNeeds): Promise<void> {
  const idp = providerElsewhere(needs.snapshot(), idpId);
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
    const { identity, signOutHint, idpSession, attempt } = answer;
    const { startedAt: begunAt, acrValues } = attempt;
    await signedIn(ctx, current, { identity, begunAt, acrValues, signOutHint, idpSession }, needs);
    if (identity.emailVerified) await noteDevice(ctx, [identity.email], needs.partnerSignIn);
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
