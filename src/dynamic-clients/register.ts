import { hash } from 'node:crypto';
import type { Context } from 'koa';
import { assertAcceptable } from './assert-acceptable.ts';
import { bearerToken, newSecret } from './bearer.ts';
import { registered } from './client-information.ts';
import type { Needs } from './dynamic-clients.ts';
import { permissionOf } from './initial-access-tokens.ts';
import { readJson } from './read-json.ts';
import { methodsWithSecret, readMetadata } from './read-metadata.ts';
import { addClient } from './registered-clients.ts';
import { RegistrationError } from './registration-error.ts';

/** RFC 7591 §3.1: a token of the operator, the metadata of a tool, and it is a client of that token's service. */
export async function register(ctx: Context, needs: Needs): Promise<void> {
  const { db, random, clock, snapshot, logger } = needs;
  const initial = bearerToken(ctx.req.headers.authorization);
  const permission = await permissionOf(db, initial, clock());
  if (permission === undefined || !snapshot().services.has(permission.service)) throw noUseLeft();
  const metadata = await readJson(ctx);

  const secret = newSecret(random);
  const client = readMetadata(metadata, {
    // Its own name for all time, which says what it is: none that is declared looks like it.
    clientId: `dyn-${random(16).toString('hex')}`,
    service: permission.service,
    scope: permission.scope,
    secretSha256: hash('sha256', secret),
  });
  await assertAcceptable(client, needs);
  const token = newSecret(random);
  // To the second, as it is answered.
  const registeredAt = new Date(Math.floor(clock().getTime() / 1000) * 1000);
  const added = await addClient(
    db,
    { client, scope: permission.scope, registeredAt },
    { initial, registration: token },
  );
  if (!added) throw noUseLeft();
  await needs.refresh();
  logger.info(
    { event: 'client.registered', client: client.client_id, service: client.service },
    'a client registered itself',
  );
  ctx.status = 201;
  ctx.body = registered(
    { client, registeredAt },
    {
      issuer: needs.issuer,
      token,
      secret: methodsWithSecret.includes(client.token_endpoint_auth_method) ? secret : undefined,
    },
  );
}

const noUseLeft = () =>
  new RegistrationError('invalid_token', 'this initial access token is unknown, used up or expired');
