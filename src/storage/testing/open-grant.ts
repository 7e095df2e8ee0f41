import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { hashId } from '../keys.ts';
import type { Database } from '../tables.ts';

/** As the provider writes it: somebody, signed in for an establishment, opened a tool in a browser. */
export async function openGrant(
  db: Kysely<Database>,
  {
    account,
    client = 'docs',
    siret,
    session = randomUUID(),
    until = new Date('2030-01-01'),
    revokedAt = null,
  }: {
    readonly account: string;
    readonly client?: string;
    readonly siret: string;
    readonly session?: string;
    readonly until?: Date;
    readonly revokedAt?: Date | null;
  },
): Promise<void> {
  await db
    .insertInto('oidc_grant')
    .values({
      id: hashId(randomUUID()),
      account_id: account,
      client_id: client,
      payload: '{}',
      snapshot: JSON.stringify({ membership: { siret }, session }),
      expires_at: until,
      revoked_at: revokedAt,
    })
    .execute();
}
