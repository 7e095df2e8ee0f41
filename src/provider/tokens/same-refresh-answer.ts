import { calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { Logger } from '../../config/config.ts';
import { RotationLost } from '../../storage/storage.ts';
import type { RefreshAnswers } from '../../storage/storage.ts';

/**
 * One answer for refreshes of one token at once (docs/adr/0007-same-refresh-answer.md). A tool with two tabs, or that
 * lost the answer, presents a token that was consumed seconds ago. To refuse it signs the person out; to rotate again
 * makes two families. Here one request consumes the token, and for ten seconds the others get its answer.
 *
 * Why this is no way around rotation (RFC 9700 §4.14.2):
 * - Nothing is minted: there is one successor, one family, whoever asks and however often.
 * - The library has checked everything of the later request when it fails to consume: client authentication, proof of
 *   possession (a DPoP proof of its own, not replayed), grant, scope, and the decision of now. A family revoked, a
 *   session ended or an access lost never comes that far; family and session are looked at again after the wait.
 * - The answer goes to the same client, for the same scope, resource and key as the first request; it rests sealed under
 *   the consumed token, and is gone ten seconds after it was given, or as soon as the successor is used. Later than ten
 *   seconds, the token revokes the family.
 * - A thief who copied the token, and has the secret of the tool, wins nothing lasting: he holds the same successor as
 *   the tool, and the two have to use it within the same ten seconds, each time; the first time that they do not, the
 *   family is revoked. For ten seconds he is not noticed, which is what every grace costs.
 */
export function sameRefreshAnswer(needs: {
  readonly provider: Provider;
  readonly answers: RefreshAnswers;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly logger: Logger;
}): Middleware {
  const { provider, answers, wait, logger } = needs;
  const lost = new WeakSet<object>();
  provider.on('grant.error', (ctx: KoaContextWithOIDC, error: unknown) => {
    if (error instanceof RotationLost) lost.add(ctx);
  });

  async function answerOfTheFirst(token: string, asked: string): Promise<unknown> {
    for (const pause of pauses) {
      await wait(pause);
      const answer = await answers.find(token);
      if (answer === undefined) continue;
      if (answer.asked !== asked) return undefined;
      const body: unknown = JSON.parse(answer.body);
      // Not found once the family was revoked or the session ended, be it during the wait; consumed once the tool has
      // used it, which proves that it has the answer.
      const successor = await provider.RefreshToken.find(answerSchema.parse(body).refresh_token);
      return successor === undefined || successor.consumed !== undefined ? undefined : body;
    }
    return undefined;
  }

  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (!(oidc instanceof provider.OIDCContext) || oidc.route !== 'token') return;
    const first = ctx.status === 200 && oidc.entities.RotatedRefreshToken !== undefined;
    if (!first && !lost.has(ctx)) return;
    const token = z.string().parse(oidc.params?.['refresh_token']);
    const asked = await whatWasAsked(oidc, ctx.get('DPoP'));
    try {
      if (first) {
        await answers.keep(token, { asked, body: JSON.stringify(ctx.body) });
        return;
      }
      const body = await answerOfTheFirst(token, asked);
      if (body === undefined) return;
      ctx.status = 200;
      ctx.type = 'json';
      ctx.body = body;
      logger.info({ event: 'grant.repeated', client: oidc.client?.clientId }, 'same answer to a refresh');
    } catch (error) {
      // The first has its tokens, and keeps them; the others are refused as they would be without a grace.
      logger.error({ err: error }, 'the answer to a refresh could not be shared');
    }
  };
}

const answerSchema = z.object({ refresh_token: z.string() });

/** Milliseconds between looks for the first request's answer: two seconds in all. */
const pauses = [0, 20, 40, 80, 160, 300, 400, 500, 500] as const;

/** The members that a thumbprint is made of (RFC 7638 §3.2), for the kinds of key that a proof may be signed with. */
const jwkSchema = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() }),
  z.object({ kty: z.literal('OKP'), crv: z.string(), x: z.string() }),
  z.object({ kty: z.literal('RSA'), e: z.string(), n: z.string() }),
]);

/** Equal for two refreshes when one answer is right for both. */
async function whatWasAsked(
  { client, params }: Pick<KoaContextWithOIDC['oidc'], 'client' | 'params'>,
  proof: string,
): Promise<string> {
  // The library has verified the proof by now; only its key matters here (RFC 9449 §4.2).
  const key =
    proof === '' ? null : await calculateJwkThumbprint(jwkSchema.parse(decodeProtectedHeader(proof).jwk));
  const { scope, resource } = z
    .object({ scope: z.string().optional(), resource: z.unknown() })
    .parse(params ?? {});
  return JSON.stringify([client?.clientId, scope?.split(' ').toSorted() ?? null, resource ?? null, key]);
}
