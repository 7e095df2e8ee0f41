import type { Kysely } from 'kysely';
import type { AuditActor } from '../audit/audit.ts';
import { appendAudit, rowsNow } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { mailboxSpelling } from '../limits/limits.ts';
import type { Database } from '../storage/storage.ts';
import { change, notThere } from './act.ts';
import { acceptedNames } from './names.ts';
import type { PartnersNeeds } from './needs.ts';
import type { Partner, PartnerNames } from './partner.ts';
import { readPartner } from './rows.ts';
import { mostAddresses } from './rules.ts';

/*
 * A mailbox is one partner's. Whoever signs in proves the very address that is kept, in any letter case: `anne+x@` and
 * `anne@` are two people's at some mail services, so that neither signs in as the other, nor keeps the other out. Where the
 * mail service is known to read two spellings as one mailbox, nobody has two accounts by them either.
 */

interface Spellings {
  readonly address: string;
  readonly spelling: string;
  readonly comparable: string;
}

/** @throws TypeError: a mailbox that was proven has a canonical address */
function spellingsOf(proven: string): Spellings {
  const address = canonicalEmail(proven)?.address;
  if (address === undefined) throw new TypeError('a proven address is canonical');
  return { address, spelling: address.toLowerCase(), comparable: mailboxSpelling(address) };
}

export async function partnerOfMailbox(db: Kysely<Database>, address: string): Promise<Partner | undefined> {
  const canonical = canonicalEmail(address)?.address;
  if (canonical === undefined) return undefined;
  const row = await db
    .selectFrom('partner_address')
    .select('partner_id')
    .where('spelling', '=', canonical.toLowerCase())
    .executeTakeFirst();
  return row && readPartner(db, row.partner_id);
}

/** Partner and address, or neither: the one that comes second waits for the first, and is the first one's. */
export async function createPartner(
  needs: PartnersNeeds,
  address: string,
  names: PartnerNames,
): Promise<Partner> {
  const { givenName, usualName } = acceptedNames(names);
  const at = needs.clock();
  const id = needs.randomId();
  const made = await needs.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('partner')
      .values({ id, given_name: givenName, usual_name: usualName, created_at: at })
      .execute();
    const addressId = await insertAddress(trx, needs, { id, address, at, primary: true });
    if (addressId === undefined) {
      await trx.deleteFrom('partner').where('id', '=', id).execute();
      return undefined;
    }
    const rows = await rowsNow(trx, [{ table: 'partner_address', key: addressId }]);
    await appendAudit(trx, at, [
      {
        act: 'partner.create',
        subject: `partner:${id}`,
        actor: { kind: 'partner', partnerId: id },
        after: { givenName, usualName, address },
        rows: rows.map((row) => ({ ...row, mayGo: true as const })),
      },
    ]);
    return readPartner(trx, id);
  });
  const partner = made ?? (await partnerOfMailbox(needs.db, address));
  if (partner === undefined) throw taken();
  return partner;
}

/** @returns undefined: it is somebody's */
async function insertAddress(
  trx: Kysely<Database>,
  { randomId }: PartnersNeeds,
  one: { readonly id: string; readonly address: string; readonly at: Date; readonly primary: boolean },
): Promise<string | undefined> {
  const inserted = await trx
    .insertInto('partner_address')
    .values({
      id: randomId(),
      partner_id: one.id,
      ...spellingsOf(one.address),
      proven_at: one.at,
      is_primary: one.primary,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted?.id;
}

export async function renamePartner(
  needs: PartnersNeeds,
  id: string,
  names: PartnerNames,
  actor: AuditActor,
): Promise<Partner> {
  const { givenName, usualName } = acceptedNames(names);
  return change(
    needs,
    id,
    async ({ trx, partner, tell }) => {
      if (partner.givenName === givenName && partner.usualName === usualName) return partner;
      await trx
        .updateTable('partner')
        .set({ given_name: givenName, usual_name: usualName })
        .where('id', '=', id)
        .execute();
      tell({
        act: 'partner.rename',
        before: { givenName: partner.givenName, usualName: partner.usualName },
        after: { givenName, usualName },
      });
      return { ...partner, givenName, usualName };
    },
    actor,
  );
}

export async function addAddress(
  needs: PartnersNeeds,
  id: string,
  typed: string,
  actor: AuditActor,
): Promise<Partner> {
  const { address, spelling } = spellingsOf(typed);
  return change(
    needs,
    id,
    async ({ trx, at, partner, tell }) => {
      if (partner.addresses.some((one) => one.address.toLowerCase() === spelling)) return partner;
      if (partner.addresses.length >= mostAddresses)
        throw new BrokerError('M-PART-005', { detail: 'addresses' });
      const added = await insertAddress(trx, needs, { id, address, at, primary: false });
      if (added === undefined) throw taken();
      tell({
        act: 'partner.add_address',
        after: { address },
        rows: [{ table: 'partner_address', key: added }],
        notice: { kind: 'address_added', address },
      });
      return again(trx, id);
    },
    actor,
  );
}

export function makePrimary(
  needs: PartnersNeeds,
  id: string,
  addressId: string,
  actor: AuditActor,
): Promise<Partner> {
  return change(
    needs,
    id,
    async ({ trx, partner, tell }) => {
      const chosen = addressOf(partner, addressId);
      const former = partner.addresses.find(({ primary }) => primary);
      if (chosen.primary) return partner;
      await trx
        .updateTable('partner_address')
        .set({ is_primary: false })
        .where('partner_id', '=', id)
        .execute();
      await trx
        .updateTable('partner_address')
        .set({ is_primary: true })
        .where('id', '=', chosen.id)
        .execute();
      tell({
        act: 'partner.make_primary',
        before: { address: partner.address },
        after: { address: chosen.address },
        rows: [former, chosen]
          .flatMap((one) => one && [{ table: 'partner_address' as const, key: one.id }])
          .filter((one) => one !== undefined),
        notice: { kind: 'address_primary', address: chosen.address },
      });
      return again(trx, id);
    },
    actor,
  );
}

export function removeAddress(
  needs: PartnersNeeds,
  id: string,
  addressId: string,
  actor: AuditActor,
): Promise<Partner> {
  return change(
    needs,
    id,
    async ({ trx, partner, tell }) => {
      const { address, primary } = addressOf(partner, addressId);
      if (primary) throw new BrokerError('M-PART-006', { detail: addressId });
      await trx.deleteFrom('partner_address').where('id', '=', addressId).execute();
      tell({
        act: 'partner.remove_address',
        before: { address },
        rows: [{ table: 'partner_address', key: addressId }],
        notice: { kind: 'address_removed', address },
        also: [address],
      });
      return again(trx, id);
    },
    actor,
  );
}

function addressOf(partner: Partner, addressId: string): Partner['addresses'][number] {
  const found = partner.addresses.find((one) => one.id === addressId);
  if (found === undefined) throw notThere(`no address ${addressId.slice(0, 40)} of partner ${partner.id}`);
  return found;
}

async function again(trx: Kysely<Database>, id: string): Promise<Partner> {
  const partner = await readPartner(trx, id);
  if (partner === undefined) throw notThere(`no partner ${id}`);
  return partner;
}

const taken = (): BrokerError => new BrokerError('M-PART-004', { detail: 'an address of another partner' });
