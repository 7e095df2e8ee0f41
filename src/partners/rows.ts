import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { Authenticator, Partner } from './partner.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const isPartnerId = (id: string): boolean => uuid.test(id);

/** Undefined for whoever is not there, and for what is no number of anybody. */
export async function readPartner(db: Kysely<Database>, id: string): Promise<Partner | undefined> {
  if (!isPartnerId(id)) return undefined;
  const rows = await db
    .selectFrom('partner')
    .innerJoin('partner_address', 'partner_address.partner_id', 'partner.id')
    .select([
      'partner.given_name',
      'partner.usual_name',
      'partner.created_at',
      'partner_address.id as address_id',
      'partner_address.address',
      'partner_address.proven_at',
      'partner_address.is_primary',
    ])
    .where('partner.id', '=', id)
    .orderBy('partner_address.is_primary', 'desc')
    .orderBy('partner_address.proven_at')
    .orderBy('partner_address.id')
    .execute();
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    id,
    givenName: first.given_name,
    usualName: first.usual_name,
    address: first.address,
    addresses: rows.map((row) => ({
      id: row.address_id,
      address: row.address,
      provenAt: row.proven_at,
      primary: row.is_primary,
    })),
    createdAt: first.created_at,
  };
}

export async function readAuthenticators(
  db: Kysely<Database>,
  id: string,
): Promise<readonly Authenticator[]> {
  if (!isPartnerId(id)) return [];
  const rows = await db
    .selectFrom('partner_authenticator')
    .select(['id', 'kind', 'name', 'created_at', 'last_used_at', 'backed_up', 'user_verification'])
    .where('partner_id', '=', id)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    ...(row.backed_up === null ? {} : { backedUp: row.backed_up }),
    ...(row.user_verification === null ? {} : { userVerification: row.user_verification }),
  }));
}
