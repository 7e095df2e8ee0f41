import { hash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import type { Client } from '../declarations/declarations.ts';
import { assertAllowed } from '../limits/limits.ts';
import { assertAcceptable } from './assert-acceptable.ts';
import { bearerToken, newSecret } from './bearer.ts';
import { registered } from './client-information.ts';
import type { Needs } from './dynamic-clients.ts';
import { serverMembers } from './members.ts';
import { readJson } from './read-json.ts';
import { methodsWithSecret, readMetadata } from './read-metadata.ts';
import type { Metadata } from './read-metadata.ts';
import { changeClient, findClient, removeClient } from './registered-clients.ts';
import { RegistrationError } from './registration-error.ts';

/** RFC 7592 §2.1. */
export async function read(ctx: Context, needs: Needs, clientId: string): Promise<void> {
  const token = bearerToken(ctx.req.headers.authorization);
  const found = await findClient(needs.db, clientId, token);
  if (found === undefined) throw notItsToken();
  ctx.body = registered(found, { issuer: needs.issuer, token });
}

/**
 * RFC 7592 §2.2: the metadata that is sent replaces all of the former, and what is left out falls back to its default.
 * The token stays: a new one, lost on the way, would leave a client that nobody can manage.
 *
 * @throws BrokerError M-LIMI-001
 */
export async function update(ctx: Context, needs: Needs, clientId: string): Promise<void> {
  const { db, clock, random, limits, logger } = needs;
  const token = bearerToken(ctx.req.headers.authorization);
  if ((await findClient(db, clientId, token)) === undefined) throw notItsToken();
  assertAllowed(await limits.attempt('client_changed', { ip: ctx.ip, account: clientId }));
  const metadata = await readJson(ctx);

  const fresh = newSecret(random);
  let secret: string | undefined;
  const changed = await changeClient(db, { clientId, token, now: clock() }, async ({ client, scope }) => {
    refuseForeignIdentity(metadata, client);
    const next = readMetadata(metadata, {
      clientId,
      service: client.service,
      scope,
      secretSha256: client.client_secret_sha256 ?? hash('sha256', fresh),
    });
    await assertAcceptable(next, needs);
    // It had none, and needs one now.
    const gets =
      client.client_secret_sha256 === undefined &&
      methodsWithSecret.includes(next.token_endpoint_auth_method);
    secret = gets ? fresh : undefined;
    return next;
  });
  if (changed === undefined) throw notItsToken();
  await needs.refresh();
  logger.info({ event: 'client.updated', client: clientId }, 'a registered client changed itself');
  ctx.body = registered(changed, { issuer: needs.issuer, token, secret });
}

/** RFC 7592 §2.3: the client goes, with its tokens and all that people granted it. */
export async function remove(ctx: Context, needs: Needs, clientId: string): Promise<void> {
  const { db, clock, logger } = needs;
  const token = bearerToken(ctx.req.headers.authorization);
  if (!(await removeClient(db, { clientId, token, now: clock() }))) throw notItsToken();
  await needs.refresh();
  logger.info({ event: 'client.removed', client: clientId }, 'a registered client removed itself');
  ctx.status = 204;
}

/** RFC 7592 §2.2: it says who it is, and carries nothing that is the server's to say. */
function refuseForeignIdentity(metadata: Metadata, client: Client): void {
  const foreign = serverMembers.find((name) => name in metadata);
  if (foreign !== undefined)
    throw new RegistrationError('invalid_client_metadata', `${foreign} must not be sent (RFC 7592 §2.2)`);
  if (metadata['client_id'] !== client.client_id)
    throw new RegistrationError('invalid_client_metadata', 'client_id must be that of this client');
  const secret = metadata['client_secret'];
  if (secret === undefined) return;
  if (typeof secret !== 'string' || !isSecretOf(client, secret))
    throw new RegistrationError('invalid_client_metadata', 'client_secret must be that of this client');
}

function isSecretOf({ client_secret_sha256: expected }: Client, secret: string): boolean {
  if (expected === undefined) return false;
  return timingSafeEqual(Buffer.from(hash('sha256', secret, 'hex')), Buffer.from(expected));
}

/** One answer for all: whether the client exists, only its token tells (RFC 7592 §2.1, §5). */
const notItsToken = () =>
  new RegistrationError('invalid_token', 'this registration access token does not stand for this client');
