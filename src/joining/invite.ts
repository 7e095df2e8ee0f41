import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import { representatives } from '../registrations/registrations.ts';
import { assertProvenNow, begun, closedWay, consider, own } from './ask.ts';
import { mailboxesOf } from './gather.ts';
import type { JoinFacts } from './join-facts.ts';
import { joinRoute, joinVersion, nothingPending } from './join-route.ts';
import { joiningMail } from './mails.ts';
import type { JoiningAuthor, JoiningNeeds, JoiningPerson } from './needs.ts';
import type { Joined } from './rows.ts';
import { step } from './step.ts';

export const invitationSeconds = 7 * 24 * 3600;
/** Somebody from outside is looked at again after a year. */
export const externalDays = 365;

/** A link that a representative sent to one address. */
export interface JoiningInvitation {
  readonly id: string;
  readonly siren: string;
  readonly siret: string;
  readonly address: string;
  readonly external: boolean;
  readonly until: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly sponsor: string;
  readonly ended: 'accepted' | 'withdrawn' | 'replaced' | undefined;
}

const rowSchema = z
  .object({
    id: z.string(),
    siren: z.string(),
    siret: z.string(),
    address: z.string(),
    is_external: z.boolean(),
    until: z.string().nullable(),
    created_at: z.date(),
    expires_at: z.date(),
    sponsor_account_id: z.string(),
    ended: z.enum(['accepted', 'withdrawn', 'replaced']).nullable(),
  })
  .transform((row): JoiningInvitation => ({
    id: row.id,
    siren: row.siren,
    siret: row.siret,
    address: row.address,
    external: row.is_external,
    until: row.until ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    sponsor: row.sponsor_account_id,
    ended: row.ended ?? undefined,
  }));
const columns = sql`id::text as id, siren, siret, address, is_external, until::text as until, created_at, expires_at,
  sponsor_account_id::text as sponsor_account_id, ended`;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Open invitations of an organization, the newest first. */
export async function invitationsOf(
  { db, clock }: JoiningNeeds,
  siren: string,
): Promise<readonly JoiningInvitation[]> {
  const { rows } = await sql`
    select ${columns} from joining_invitation
    where siren = ${siren} and ended is null and expires_at > ${clock()}::timestamptz
    order by created_at desc limit 100`.execute(db);
  return z.array(rowSchema).parse(rows);
}

export type InviteProblem =
  'address_malformed' | 'address_own' | 'until_missing' | 'until_past' | 'until_far';

/** What is wrong with an invitation, before anything is written. */
export function inviteProblem(
  asked: { readonly address: string; readonly external: boolean; readonly until: string },
  { own: mine, today }: { readonly own: string; readonly today: string },
): InviteProblem | undefined {
  const read = canonicalEmail(asked.address.trim());
  if (read === undefined) return 'address_malformed';
  if (read.address.toLowerCase() === mine.toLowerCase()) return 'address_own';
  if (!asked.external) return undefined;
  if (!z.iso.date().safeParse(asked.until).success) return 'until_missing';
  if (asked.until < today) return 'until_past';
  return asked.until > addDays(today, externalDays) ? 'until_far' : undefined;
}

/**
 * Whoever represents the organization invites one address. The link holds 256 bits; here only their hash is kept.
 *
 * @throws BrokerError M-JOIN-001 when they do not represent it: nobody invites to another organization, themself included
 */
export async function invite(
  needs: JoiningNeeds,
  author: Extract<JoiningAuthor, { kind: 'applicant' }>,
  asked: {
    readonly siren: string;
    readonly address: string;
    readonly external: boolean;
    readonly until: string;
  },
): Promise<void> {
  const { db, clock } = needs;
  const at = clock();
  const { siren, external } = asked;
  const page = await needs.organization(siren);
  const address = canonicalEmail(asked.address.trim())?.address.toLowerCase();
  const problem = inviteProblem(asked, { own: author.email, today: parisDate(at) });
  if (address === undefined || problem !== undefined || page?.siret === undefined || !page.active)
    throw new BrokerError('M-JOIN-004', { detail: problem ?? 'the organization is not active' });
  const { siret, name: organization } = page;
  const token = needs.random(32).toString('base64url');
  const id = needs.randomId();
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`joining-invitation ${siren} ${address}`}, 0))`.execute(
      trx,
    );
    const represent = await representatives(trx, at, { siren });
    if (!represent.some(({ accountId }) => accountId === author.accountId))
      throw new BrokerError('M-JOIN-001', { detail: `${author.accountId} does not represent ${siren}` });
    await trx
      .updateTable('joining_invitation')
      .set({ ended: 'replaced', ended_at: at })
      .where('siren', '=', siren)
      .where('address', '=', address)
      .where('ended', 'is', null)
      .execute();
    await trx
      .insertInto('joining_invitation')
      .values({
        id,
        siren,
        siret,
        address,
        token_sha256: hashOf(token),
        sponsor_account_id: author.accountId,
        is_external: external,
        until: external ? asked.until : null,
        created_at: at,
        expires_at: new Date(at.getTime() + invitationSeconds * 1000),
      })
      .execute();
    const link = `${needs.issuer}/compte/organisations/invitation?jeton=${token}`;
    await queueMail(
      trx,
      at,
      [joiningMail('invited', { to: address, organization, link, id })],
      needs.randomId,
    );
    await appendAudit(trx, at, [
      {
        act: 'joining.invite',
        subject: `organization:${siren}`,
        actor: { kind: 'account', accountId: author.accountId },
        after: { invitation: id, external, ...(external ? { until: asked.until } : {}) },
      },
    ]);
  });
  needs.onCommit?.();
}

/** What a link leads to; undefined for one that was altered. */
export async function invitationOf(
  { db }: JoiningNeeds,
  token: string,
): Promise<JoiningInvitation | undefined> {
  if (!/^[A-Za-z0-9_-]{43}$/u.test(token)) return undefined;
  const { rows } = await sql`
    select ${columns} from joining_invitation where token_sha256 = ${hashOf(token)}`.execute(db);
  return z.array(rowSchema).parse(rows).at(0);
}

/**
 * Whoever was invited takes it: signed in with that very mailbox, once, in time, while whoever invited still represents the
 * organization.
 *
 * @throws BrokerError M-JOIN-006 (altered), M-JOIN-007 (used, withdrawn or replaced), M-JOIN-008 (too late), M-JOIN-009 (for
 * another address), M-JOIN-004 (the rules refuse)
 */
export async function acceptInvitation(
  needs: JoiningNeeds,
  person: JoiningPerson,
  token: string,
): Promise<Joined> {
  const { db, clock } = needs;
  const seen = await invitationOf(needs, token);
  if (seen === undefined) throw new BrokerError('M-JOIN-006', { detail: 'no such invitation' });
  assertStands(seen, person, needs);
  assertProvenNow(needs, person, seen.address);
  const { facts } = await consider(needs, person, seen.siret);
  const answer = joinRoute(nothingInTheWay(facts));
  // What the rules refuse, an invitation does not open; a request that waits, or a weaker proof, it overtakes.
  if (answer.route === 'refused' || answer.name === 'already_member') throw closedWay(answer);
  const { siren, siret } = seen;
  const at = clock();
  const done = await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update joining_invitation set ended = 'accepted', ended_at = ${at}::timestamptz, accepted_by = ${person.accountId}::uuid
      where id = ${seen.id}::uuid and ended is null and expires_at > ${at}::timestamptz returning id`.execute(
      trx,
    );
    if (rows.length === 0) throw new BrokerError('M-JOIN-007', { detail: seen.id });
    const represent = await representatives(trx, at, { siren });
    if (!represent.some(({ accountId }) => accountId === seen.sponsor))
      throw new BrokerError('M-JOIN-007', { detail: `${seen.id}: whoever invited represents no more` });
    const from = await begun(trx, needs, person, { siren, siret, answer, facts });
    const joined = await step(trx, needs, from, {
      ...own(person, { rule: `${joinVersion}/invitation`, reasons: [] }),
      voucher: seen.sponsor,
      act: { act: 'prove', method: 'invitation', until: seen.until, external: seen.external },
      change: { siret, address: seen.address, ...(seen.external ? { sponsor: seen.sponsor } : {}) },
    });
    // What the person has lasts longer: the invitation stays open for when it is over.
    if (joined.method !== 'invitation') throw closedWay(alreadyMember);
    return joined;
  });
  needs.onCommit?.();
  return done;
}

/** A request that waits, or a membership about to end, keeps nobody from it, and hides nothing that the rules refuse. */
function nothingInTheWay(facts: JoinFacts): JoinFacts {
  const { standing, ...others } = nothingPending(facts);
  return { ...others, standing: { ...standing, member: standing.member && !standing.endsSoon } };
}

const alreadyMember = { rule: `${joinVersion}/already_member` } as const;

/** @throws BrokerError M-JOIN-007, M-JOIN-008, M-JOIN-009, M-JOIN-003 */
export function assertStands(
  seen: JoiningInvitation,
  person: JoiningPerson,
  { clock, isDisposable }: Pick<JoiningNeeds, 'clock' | 'isDisposable'>,
): void {
  if (seen.sponsor === person.accountId) throw new BrokerError('M-JOIN-003', { detail: seen.id });
  const mine = mailboxesOf(person, isDisposable).some(({ address }) => address === seen.address);
  // First, whoever holds the link: what became of it is told to the one for whom it was.
  if (!mine) throw new BrokerError('M-JOIN-009', { detail: seen.id });
  if (seen.ended !== undefined) throw new BrokerError('M-JOIN-007', { detail: `${seen.id} ${seen.ended}` });
  const now = clock();
  if (seen.expiresAt <= now || (seen.until !== undefined && seen.until < parisDate(now)))
    throw new BrokerError('M-JOIN-008', { detail: seen.id });
}
