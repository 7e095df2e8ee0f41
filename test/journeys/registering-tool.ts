/**
 * A tool that registers itself, by hand: it sends what a test wants, and keeps what it is told.
 *
 * Flow: `allow` is the operator's token; `post` and `register` use one; `manage` goes to the address that the answer names,
 * with the token of the answer; `toolOf` makes of it a tool that signs people in.
 */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import { createInitialAccessToken } from '../../src/dynamic-clients/dynamic-clients.ts';
import type { InitialAccessToken } from '../../src/dynamic-clients/dynamic-clients.ts';
import { send } from '../replay/support/relying-party.ts';
import type { Answer, Tool } from '../replay/support/relying-party.ts';
import type { World } from '../support/world.ts';

export type Metadata = Readonly<Record<string, unknown>>;

/** What a tool has to say at the very least. */
export const least = { redirect_uris: ['https://outil.example/cb'] };
export const json = { 'content-type': 'application/json' };
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** RFC 7591 §3.2.1, what this server always says. */
const informationSchema = z.looseObject({
  client_id: z.string().regex(/^dyn-[0-9a-f]{32}$/),
  client_secret: z.string().optional(),
  client_id_issued_at: z.int(),
  registration_access_token: z.string().regex(/^[\w-]{43}$/),
  registration_client_uri: z.url(),
  redirect_uris: z.array(z.string()),
  scope: z.string(),
});
export type Information = z.output<typeof informationSchema>;
export const informationOf = (answer: Answer): Information => informationSchema.parse(answer.json);

/** A token for one registration at `docs` within the hour, or another. */
export const allow = ({ broker }: World, more: Partial<InitialAccessToken> = {}): Promise<string> =>
  createInitialAccessToken(
    broker.stores.db,
    {
      service: 'docs',
      scope: 'openid offline_access email given_name usual_name siret eligibility',
      usesLeft: 1,
      expiresAt: new Date(Date.now() + 3_600_000),
      ...more,
    },
    { random: randomBytes, now: new Date() },
  );

export const post = ({ issuer }: World, token: string, metadata: unknown): Promise<Answer> =>
  send(`${issuer}/register`, {
    method: 'POST',
    headers: { ...json, ...bearer(token) },
    body: JSON.stringify(metadata),
  });

export async function register(world: World, metadata: Metadata = least): Promise<Information> {
  const answer = await post(world, await allow(world), metadata);
  expect(answer.status).toBe(201);
  return informationOf(answer);
}

export const manage = (
  method: 'GET' | 'PUT' | 'DELETE',
  { registration_client_uri: uri, registration_access_token: token }: Information,
  metadata?: Metadata,
): Promise<Answer> =>
  send(uri, {
    method,
    headers: { ...json, ...bearer(token) },
    ...(metadata === undefined ? {} : { body: JSON.stringify(metadata) }),
  });

export const toolOf = (information: Information, changes: Partial<Tool> = {}): Tool => ({
  clientId: information.client_id,
  secret: information.client_secret ?? '',
  authentication: 'client_secret_basic',
  redirectUri: information.redirect_uris[0] ?? '',
  scope: information.scope,
  ...changes,
});
