import { errors } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';

/** A code or a refresh token, as found at the token endpoint before anything else is checked. */
const presentedSchema = z.object({
  clientId: z.string(),
  grantId: z.string(),
  scope: z.string().optional(),
  resource: z.union([z.string(), z.array(z.string())]).optional(),
});

const paramsSchema = z.object({
  scope: z.string().optional(),
  resource: z.union([z.string(), z.array(z.string())]).optional(),
});

/**
 * Two rules about a code or refresh token that the library has too late or not at all:
 *
 * - Presented by another client, it is not only refused but taken back with its family: a bearer value in foreign hands
 *   has leaked (RFC 9700 §4.14; ZITADEL CVE-2026-55672). Whether that client is honest does not matter.
 * - A `resource` that it was not granted (RFC 8707 §2.2), or that is no longer there, is refused before the token is
 *   consumed: the library consumes first, and a wrong word in a request would cost the tool its sign-in.
 *
 * @param resourceAllowed throws errors.InvalidTarget when the client may not ask for this API
 */
export async function checkPresentedToken(
  ctx: KoaContextWithOIDC,
  token: unknown,
  resourceAllowed: (resource: string, clientId: string) => void,
): Promise<void> {
  const { client, provider, params } = ctx.oidc;
  const { clientId, grantId, scope: granted, resource: grantedResources } = presentedSchema.parse(token);
  if (client === undefined) return;
  if (client.clientId !== clientId) {
    await Promise.all([
      provider.RefreshToken.revokeByGrantId(grantId),
      provider.Grant.adapter.destroy(grantId),
    ]);
    provider.emit('grant.revoked', ctx, grantId);
    throw new errors.InvalidGrant('client mismatch, family revoked');
  }
  const asked = paramsSchema.parse(params ?? {});
  const toUserinfo = (asked.scope ?? granted ?? '').split(' ').includes('openid');
  const wanted = [asked.resource ?? (toUserinfo ? [] : (grantedResources ?? []))].flat();
  if (wanted.length > 1) throw new errors.InvalidTarget('only one resource can be asked for at a time');
  for (const resource of wanted) {
    if (![grantedResources ?? []].flat().includes(resource)) throw new errors.InvalidTarget();
    resourceAllowed(resource, clientId);
  }
}
