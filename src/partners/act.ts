import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { appendAudit, rowsNow } from '../audit/audit.ts';
import type { AuditActor, RowKey } from '../audit/audit.ts';
import { partnerProviderId } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import type { PartnersNeeds } from './needs.ts';
import { noticeMail } from './notices.ts';
import type { Notice } from './notices.ts';
import type { Partner } from './partner.ts';
import { isPartnerId, readPartner } from './rows.ts';

/** What was done to a partner, for the record and for the partner. */
export interface Done {
  /** `partner.add_address`. */
  readonly act: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Why, by whoever acts upon somebody else: for the record, and in no mail. */
  readonly reason?: string | undefined;
  readonly rows?: readonly RowKey[];
  readonly notice?: Notice | undefined;
  /** Told as well: addresses that the partner had before. */
  readonly also?: readonly string[];
}

export interface Acting {
  readonly trx: Kysely<Database>;
  readonly at: Date;
  /** As they were when the transaction began. */
  readonly partner: Partner;
  /** Mails and entries are written at the end, in the order in which they were told. */
  readonly tell: (done: Done) => void;
}

/**
 * One transaction about one partner, one at a time: the work, then notices to every proven address of before and after,
 * then the record.
 *
 * @param actor absent: the partner
 * @throws BrokerError M-PART-002 when there is no such partner
 */
export async function change<T>(
  needs: PartnersNeeds,
  id: string,
  work: (acting: Acting) => Promise<T>,
  actor?: AuditActor,
): Promise<T> {
  const at = needs.clock();
  let mails = 0;
  const result = await needs.db.transaction().execute(async (trx) => {
    if (!isPartnerId(id)) throw notThere(`no partner ${id.slice(0, 40)}`);
    await trx.selectFrom('partner').select('id').where('id', '=', id).forUpdate().execute();
    const partner = await readPartner(trx, id);
    if (partner === undefined) throw notThere(`no partner ${id}`);
    const all: Done[] = [];
    const done = await work({ trx, at, partner, tell: (one) => void all.push(one) });
    mails = await record(trx, needs, { at, before: partner, all, actor });
    return done;
  });
  if (mails > 0) needs.onCommit?.();
  return result;
}

async function record(
  trx: Kysely<Database>,
  needs: PartnersNeeds,
  {
    at,
    before,
    all,
    actor,
  }: {
    readonly at: Date;
    readonly before: Partner;
    readonly all: readonly Done[];
    readonly actor: AuditActor | undefined;
  },
): Promise<number> {
  if (all.length === 0) return 0;
  const now = all.some(({ notice }) => notice !== undefined) ? await readPartner(trx, before.id) : undefined;
  const [account, help] = [accountPage(needs.issuer), helpPage(needs.issuer)];
  const mails = all.flatMap(({ notice, also = [] }) => {
    if (notice === undefined) return [];
    const to = new Set([...(now ?? before).addresses.map(({ address }) => address), ...also]);
    return [...to].map((address) => noticeMail(address, notice, { at, partnerId: before.id, account, help }));
  });
  await queueMail(trx, at, mails, needs.randomId);
  const by = actor ?? (await partnerActor(trx, before.id));
  const events = [];
  for (const { act, before: was, after, reason, rows = [] } of all) {
    events.push({
      act,
      subject: `partner:${before.id}`,
      actor: by,
      before: was,
      after,
      reason,
      // An erasure lets them go without an entry of theirs.
      rows: (await rowsNow(trx, rows)).map((row) => ({ ...row, mayGo: true as const })),
    });
  }
  await appendAudit(trx, at, events);
  return mails.length;
}

const under = (issuer: URL, path: string): string => issuer.href.replace(/\/$/u, '') + path;
/** Where a partner sees and changes what they sign in with. */
export const accountPage = (issuer: URL): string => under(issuer, '/compte/securite');
/** Where it says whom to ask: whoever cannot sign in reads it too. */
const helpPage = (issuer: URL): string => under(issuer, '/aide');

const accountOf = (id: string) => sql<{ readonly account_id: string }>`
  select account_id::text as account_id from identity where idp_id = ${partnerProviderId} and subject = ${id}`;

/** By their account, once they have one: what somebody did is found by it. */
export async function partnerActor(db: Kysely<Database>, id: string): Promise<AuditActor> {
  const accountId = await accountIdOf(db, id);
  return accountId === undefined ? { kind: 'partner', partnerId: id } : { kind: 'account', accountId };
}

/** The account that a partner signs in to; undefined: they never came so far. */
export async function accountIdOf(db: Kysely<Database>, id: string): Promise<string | undefined> {
  return (await accountOf(id).execute(db)).rows.at(0)?.account_id;
}

export const notThere = (detail: string): BrokerError => new BrokerError('M-PART-002', { detail });
