import type { Kysely } from 'kysely';
import { partnerProviderId } from '../declarations/declarations.ts';
import type { Database } from '../storage/storage.ts';
import { isPartnerId, readAuthenticators, readPartner } from './rows.ts';
import type { Authenticator, Partner } from './partner.ts';

/*
 * What is kept of a partner, for the person themself (GDPR art. 15 and 20), and its erasure (art. 17).
 */

export interface PartnerKept {
  readonly partner: Partner;
  readonly authenticators: readonly (Authenticator & {
    /** Id of the passkey, kind of device, ways in which it speaks. Never a secret, nor what a code is checked with. */
    readonly details: {
      readonly credentialId: string | undefined;
      readonly aaguid: string | undefined;
      readonly deviceType: string | undefined;
      readonly suspectAt: Date | undefined;
    };
  })[];
  readonly recoveryCodes: readonly { readonly madeAt: Date; readonly usedAt: Date | undefined }[];
  readonly resetReadyAt: Date | undefined;
}

/** Subjects of the record that are about this partner alone. */
export const partnerSubject = (id: string): string => `partner:${id}`;

/** The partners that sign in to an account: more than one, once somebody has brought two accounts together. */
export async function partnerIdsOf(db: Kysely<Database>, accountId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('identity')
    .select('subject')
    .where('account_id', '=', accountId)
    .where('idp_id', '=', partnerProviderId)
    .orderBy('created_at')
    .execute();
  return rows.map(({ subject }) => subject).filter(isPartnerId);
}

/** Undefined for a number that nobody has. */
export async function partnerKept(db: Kysely<Database>, id: string): Promise<PartnerKept | undefined> {
  const partner = await readPartner(db, id);
  if (partner === undefined) return undefined;
  const rows = await db
    .selectFrom('partner_authenticator')
    .select(['id', 'credential_id', 'aaguid', 'device_type', 'suspect_at'])
    .where('partner_id', '=', partner.id)
    .execute();
  const codes = await db
    .selectFrom('partner_recovery_code')
    .select(['made_at', 'used_at'])
    .where('partner_id', '=', partner.id)
    .orderBy('used_at')
    .execute();
  const reset = await db
    .selectFrom('partner_lost_factors')
    .select('ready_at')
    .where('partner_id', '=', partner.id)
    .executeTakeFirst();
  return {
    partner,
    authenticators: (await readAuthenticators(db, partner.id)).map((one) => {
      const row = rows.find((each) => each.id === one.id);
      return {
        ...one,
        details: {
          credentialId: row?.credential_id ?? undefined,
          aaguid: row?.aaguid ?? undefined,
          deviceType: row?.device_type ?? undefined,
          suspectAt: row?.suspect_at ?? undefined,
        },
      };
    }),
    recoveryCodes: codes.map((row) => ({ madeAt: row.made_at, usedAt: row.used_at ?? undefined })),
    resetReadyAt: reset?.ready_at,
  };
}

/**
 * Everything of the partner goes, and the addresses are free again. Where a block or a revocation stands under the account,
 * the number and the addresses stay: with a new account by the same mailbox, nobody escapes a decision by an erasure.
 *
 * @returns subjects of the record that are about these partners alone, and the addresses that were theirs
 */
export async function erasePartners(
  trx: Kysely<Database>,
  accountId: string,
  { held }: { readonly held: boolean },
): Promise<{ readonly subjects: readonly string[]; readonly addresses: readonly string[] }> {
  const ids = await partnerIdsOf(trx, accountId);
  const addresses: string[] = [];
  for (const id of ids.toSorted()) {
    await trx.selectFrom('partner').select('id').where('id', '=', id).forUpdate().execute();
    addresses.push(...((await readPartner(trx, id))?.addresses ?? []).map(({ address }) => address));
    if (!held) {
      await trx.deleteFrom('partner').where('id', '=', id).execute();
      continue;
    }
    for (const table of ['partner_authenticator', 'partner_recovery_code', 'partner_lost_factors'] as const)
      await trx.deleteFrom(table).where('partner_id', '=', id).execute();
    await trx.updateTable('partner').set({ given_name: '', usual_name: '' }).where('id', '=', id).execute();
  }
  return { subjects: ids.map(partnerSubject), addresses };
}
