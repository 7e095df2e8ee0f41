/** What a tool is given, and what it does with it: codes, tokens, refresh, revocation, questions about tokens. */
import { expect } from 'vitest';
import type { Browser } from '../../support/browser-session.ts';
import type { World } from '../../support/world.ts';
import { authorizationRequest, postAs, redeem, signIn, tokensOf, userinfo } from './relying-party.ts';
import type { Answer, Attempt, Changes, Tokens, Tool } from './relying-party.ts';

export const agent = { email: 'agent@etat.example', sub: 'agent-etat' } as const;

type Where = Pick<World, 'issuer'>;

/** A fresh code of the agent, signed in with this browser. */
export async function codeFor(
  { issuer }: Where,
  browser: Browser,
  tool: Tool,
  changes: Changes = {},
): Promise<{ readonly attempt: Attempt; readonly code: string }> {
  const attempt = authorizationRequest(issuer, tool, changes);
  const { code, error } = await signIn(browser, attempt, agent);
  if (code === undefined) throw new Error(`no code: ${error ?? ''}`);
  return { attempt, code };
}

export async function tokensFor(
  where: Where,
  browser: Browser,
  tool: Tool,
  changes: Changes = {},
): Promise<Tokens> {
  const { attempt, code } = await codeFor(where, browser, tool, changes);
  return tokensOf(await redeem(where.issuer, attempt, code));
}

export const refresh = (
  { issuer }: Where,
  tool: Tool,
  token: string | undefined,
  changes: Changes = {},
): Promise<Answer> =>
  postAs(tool, `${issuer}/token`, { grant_type: 'refresh_token', refresh_token: token, ...changes });

/** What introspection calls `active` (RFC 7662 §2.2). */
export const introspect = async ({ issuer }: Where, tool: Tool, token: string): Promise<unknown> =>
  (await postAs(tool, `${issuer}/token/introspection`, { token })).json['active'];

export const revoke = ({ issuer }: Where, tool: Tool, token: string): Promise<Answer> =>
  postAs(tool, `${issuer}/token/revocation`, { token });

export function expectGrantRefused(answer: Answer, error = 'invalid_grant'): void {
  expect([answer.status, answer.json['error']]).toEqual([400, error]);
  expect(answer.json['access_token']).toBeUndefined();
  expect(answer.headers['cache-control']).toBe('no-store');
}

export async function expectDead(where: Where, tokens: Tokens, tool: Tool): Promise<void> {
  expect((await userinfo(where.issuer, tokens.access_token)).status).toBe(401);
  expect(await introspect(where, tool, tokens.access_token)).toBe(false);
  expectGrantRefused(await refresh(where, tool, tokens.refresh_token));
}
