/** What the journeys about tokens share: APIs to declare, and tools that ask for their tokens. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTVerifyResult } from 'jose';
import { expect } from 'vitest';
import type { Browser } from '../support/browser-session.ts';
import type { World } from '../support/world.ts';
import { agent } from '../replay/support/granted.ts';
import { authorizationRequest, redeem, signIn } from '../replay/support/relying-party.ts';
import type { Answer, Attempt, Changes, Tool } from '../replay/support/relying-party.ts';

export const archive = 'https://archive.example/';
export const safe = 'https://coffre.example/api';
export const mailbox = 'urn:example:boite';

/** Stand in an expected object for whatever the server chose. */
export const aNumber: unknown = expect.any(Number);
export const aText: unknown = expect.any(String);

/** An API as `config/` declares it. */
export const api = (
  id: string,
  resource: string,
  changes: Readonly<Record<string, unknown>> = {},
): object => ({
  id,
  name: { fr: id, en: id },
  resource,
  scopes: ['files:read', 'files:write'],
  clients: ['lecteur'],
  ...changes,
});

/** Signs in and stops before the tool; several resources make several parameters (RFC 8707 §2.1). */
export async function codeForResources(
  world: Pick<World, 'issuer'>,
  browser: Browser,
  tool: Tool,
  resources: readonly string[],
  changes: Changes = {},
): Promise<{ readonly attempt: Attempt; readonly code: string }> {
  const request = authorizationRequest(world.issuer, tool, {
    scope: 'openid email files:read',
    ...changes,
  });
  const more = resources.map((resource) => `&resource=${encodeURIComponent(resource)}`).join('');
  const attempt = { ...request, url: request.url + more };
  const { code, error } = await signIn(browser, attempt, agent);
  if (code === undefined) throw new Error(`no code: ${error ?? ''}`);
  return { attempt, code };
}

/** A token request for one API, or for userinfo when none is named. */
export async function redeemFor(
  world: Pick<World, 'issuer'>,
  granted: { readonly attempt: Attempt; readonly code: string },
  resource?: string,
): Promise<Answer> {
  return redeem(world.issuer, granted.attempt, granted.code, resource === undefined ? {} : { resource });
}

/** Verified with the published keys, as an API does (RFC 9068 §4). */
export function verifiedBy(
  { issuer }: Pick<World, 'issuer'>,
  audience: string,
): (jwt: string, typ?: string) => Promise<JWTVerifyResult> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return (jwt, typ) => jwtVerify(jwt, keys, { issuer, audience, ...(typ === undefined ? {} : { typ }) });
}
