import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { newSecret, tokenDigest } from './bearer.ts';
import type { Random } from './bearer.ts';

/** What a token lets its bearer do. */
export interface Permission {
  readonly service: string;
  /** The most that a client registered with it may ask for. */
  readonly scope: string;
}

export interface InitialAccessToken extends Permission {
  /** Registrations left. */
  readonly usesLeft: number;
  readonly expiresAt: Date;
}

/**
 * Makes a token that allows to register (RFC 7591 §3), and forgets those that no longer do.
 * @returns the token, which nobody can read again
 */
export async function createInitialAccessToken(
  db: Kysely<Database>,
  { service, scope, usesLeft, expiresAt }: InitialAccessToken,
  { random, now }: { readonly random: Random; readonly now: Date },
): Promise<string> {
  const token = newSecret(random);
  await db
    .deleteFrom('initial_access_token')
    .where((eb) => eb.or([eb('uses_left', '=', 0), eb('expires_at', '<=', now)]))
    .execute();
  await db
    .insertInto('initial_access_token')
    .values({
      token_sha256: tokenDigest(token),
      service_id: service,
      scope,
      uses_left: usesLeft,
      created_at: now,
      expires_at: expiresAt,
    })
    .execute();
  return token;
}

/** What this token allows now; undefined when it is unknown, used up or expired. Takes nothing. */
export async function permissionOf(
  db: Kysely<Database>,
  token: string,
  now: Date,
): Promise<Permission | undefined> {
  return db
    .selectFrom('initial_access_token')
    .select(['service_id as service', 'scope'])
    .where('token_sha256', '=', tokenDigest(token))
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

/** Takes one use, whatever the concurrency. @returns whether there was one left */
export async function takeUse(db: Kysely<Database>, token: string, now: Date): Promise<boolean> {
  const taken = await db
    .updateTable('initial_access_token')
    .set(({ eb }) => ({ uses_left: eb('uses_left', '-', 1) }))
    .where('token_sha256', '=', tokenDigest(token))
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .returning('uses_left')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Those that still allow something, the first to expire first. */
export async function openInitialAccessTokens(
  db: Kysely<Database>,
  now: Date,
): Promise<readonly InitialAccessToken[]> {
  return db
    .selectFrom('initial_access_token')
    .select(['service_id as service', 'scope', 'uses_left as usesLeft', 'expires_at as expiresAt'])
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .orderBy('expires_at')
    .execute();
}
