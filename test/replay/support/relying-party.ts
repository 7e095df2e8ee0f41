/**
 * A tool made by hand: it sends what a test wants, right or wrong, where `openid-client` would refuse to.
 *
 * Flow: `authorizationRequest` gives a correct request with PKCE, or the same with changes; `signIn` walks through
 * e-mail page and demo identity provider and stops before the tool; `redeem` and `post` talk to the token endpoint.
 */
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'undici';
import { z } from 'zod';
import type { Browser } from '../../support/browser-session.ts';
import type { World } from '../../support/world.ts';

export interface Tool {
  readonly clientId: string;
  readonly secret: string;
  readonly authentication: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly redirectUri: string;
  readonly scope: string;
}

/** A tool of the demonstration, as `config/demo/clients.yaml` declares it. */
export function demoTool(world: Pick<World, 'tools'>, clientId: 'docs' | 'tchap' | 'visio'): Tool {
  return {
    clientId,
    secret: `${clientId}-demo-secret-not-for-production-0123456789`,
    authentication: clientId === 'tchap' ? 'client_secret_basic' : 'client_secret_post',
    redirectUri: `${new URL(world.tools).origin}/${clientId}/callback`,
    scope: 'openid email',
  };
}

export type Changes = Readonly<Record<string, string | undefined>>;

export interface Attempt {
  readonly issuer: string;
  readonly tool: Tool;
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const random = (): string => randomBytes(32).toString('base64url');
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** @param changes parameters that differ from a correct request; `undefined` leaves one out */
export function authorizationRequest(issuer: string, tool: Tool, changes: Changes = {}): Attempt {
  const [state, nonce, verifier] = [random(), random(), random()];
  const parameters: Changes = {
    client_id: tool.clientId,
    response_type: 'code',
    redirect_uri: tool.redirectUri,
    scope: tool.scope,
    state,
    nonce,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...changes,
  };
  return { issuer, tool, url: `${issuer}/authorize?${queryOf(parameters)}`, state, nonce, verifier };
}

export function queryOf(parameters: Changes): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return query.toString();
}

/** The answer that the browser carries to the tool; nothing listens to it there. */
export interface ToolAnswer {
  readonly url: URL;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly description: string | undefined;
}

export function toolAnswer(location: string | undefined): ToolAnswer {
  if (location === undefined) throw new Error('the browser was not sent to the tool');
  const url = new URL(location);
  const read = (name: string) => url.searchParams.get(name) ?? undefined;
  return { url, code: read('code'), error: read('error'), description: read('error_description') };
}

/** Stops before the address of the tool. */
export const untilTool =
  (tool: Tool) =>
  (url: URL): boolean =>
    url.origin + url.pathname === tool.redirectUri;

/** From the request to the answer, by the demo identity provider. */
export async function signIn(
  browser: Browser,
  attempt: Attempt,
  person: { readonly email: string; readonly sub: string },
): Promise<ToolAnswer> {
  const stop = { redirects: untilTool(attempt.tool) };
  const emailPage = await browser.get(attempt.url);
  const people = await browser.submitForm(emailPage, { email: person.email });
  const end = await browser.submitForm(people, { person: person.sub }, stop);
  return toolAnswer(end.location);
}

/** The same browser again: nothing is asked, or the answer is an error. */
export async function silently(browser: Browser, issuer: string, tool: Tool): Promise<ToolAnswer> {
  const { url } = authorizationRequest(issuer, tool, { prompt: 'none' });
  return toolAnswer((await browser.get(url, { redirects: untilTool(tool) })).location);
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** The body as a JSON object; empty when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

const objectSchema = z.record(z.string(), z.unknown());

export interface Send {
  readonly method?: 'GET' | 'POST' | 'OPTIONS' | 'HEAD' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request of a program: no cookie, no redirect followed. */
export async function send(url: string, { method = 'GET', headers = {}, body }: Send = {}): Promise<Answer> {
  const answer = await request(url, { method, headers: { ...headers }, body: body ?? null });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, body: text, json: jsonOf(text) };
}

function jsonOf(text: string): Answer['json'] {
  try {
    return objectSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

export const postForm = (url: string, fields: Changes, headers: Send['headers'] = {}): Promise<Answer> =>
  send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: queryOf(fields),
  });

export const basic = (id: string, secret: string): { readonly authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

/** A form of a client that says who it is in the way it registered. */
export function postAs(tool: Tool, url: string, fields: Changes): Promise<Answer> {
  if (tool.authentication === 'client_secret_basic')
    return postForm(url, fields, basic(tool.clientId, tool.secret));
  const secret = tool.authentication === 'none' ? {} : { client_secret: tool.secret };
  return postForm(url, { client_id: tool.clientId, ...secret, ...fields });
}

/** @param changes parameters that differ from a correct token request */
export function redeem(
  issuer: string,
  attempt: Attempt,
  code: string,
  changes: Changes = {},
  as = attempt.tool,
) {
  return postAs(as, `${issuer}/token`, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: attempt.tool.redirectUri,
    code_verifier: attempt.verifier,
    ...changes,
  });
}

const tokensSchema = z.object({
  access_token: z.string(),
  id_token: z.string(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});
export type Tokens = z.output<typeof tokensSchema>;

export const tokensOf = (answer: Answer): Tokens => tokensSchema.parse(answer.json);

export const userinfo = (issuer: string, accessToken: string): Promise<Answer> =>
  send(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });

/** Claims of a JWT whose signature does not matter here. */
export const claimsOf = (jwt: string): Readonly<Record<string, unknown>> =>
  objectSchema.parse(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()));
