import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { isMembershipRevoked } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { invitedMail } from './guest-mail.ts';
import type { GuestFacts } from './guest-mail.ts';
import { invitationRow } from './invitation-row.ts';
import type { InvitingNeeds, MayInvite, Sponsor } from './needs.ts';
import { judge } from './rules.ts';
import type { InvitationProblem, Judgement, Proposal, Terms } from './rules.ts';
import { hasEnded, withSponsor } from './standing.ts';

export type Invited =
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'problems'; readonly problems: readonly InvitationProblem[] };

/** Each invitation sends a mail, and one more when it is taken back. */
const mostADay = 3;
const dayMs = 24 * 3600 * 1000;

/** Before anything is sent: what would stand in the way now. */
export async function checkInvitation(
  { db, clock }: Pick<InvitingNeeds, 'db' | 'clock'>,
  sponsor: Sponsor,
  proposal: Proposal,
  services: readonly MayInvite[],
): Promise<Judgement> {
  const now = clock();
  const judged = await judgeNow(db, now, sponsor, proposal, services);
  if (judged.kind === 'problems') return judged;
  const problem = await guestProblem(db, judged.terms, now);
  return problem === undefined ? judged : { kind: 'problems', problems: [problem] };
}

const judgeNow = async (
  db: Kysely<Database>,
  now: Date,
  sponsor: Sponsor,
  proposal: Proposal,
  services: readonly MayInvite[],
): Promise<Judgement> =>
  judge(proposal, {
    today: parisDate(now),
    sponsorEmail: sponsor.email,
    services: services.map(({ service }) => service),
    count: await countOf(db, sponsor.accountId, now),
  });

/** Invitation, mail and record in one transaction; everything is judged again in it, one of a sponsor at a time. */
export async function invite(
  needs: InvitingNeeds,
  sponsor: Sponsor,
  proposal: Proposal,
  services: readonly MayInvite[],
): Promise<Invited> {
  const at = needs.clock();
  const today = parisDate(at);
  const done = await needs.db.transaction().execute(async (trx): Promise<Invited & { address?: string }> => {
    await lockSponsor(trx, sponsor.accountId);
    const judged = await judgeNow(trx, at, sponsor, proposal, services);
    if (judged.kind === 'problems') return judged;
    const { terms } = judged;
    await lockGuest(trx, terms);
    const problem = await guestProblem(trx, terms, at);
    if (problem !== undefined) return { kind: 'problems', problems: [problem] };
    const here = services.find(({ service }) => service === terms.service);
    const service = needs.snapshot().services.get(terms.service);
    // Taken away while the page was open: whoever takes a membership away waits for this, or comes first.
    const mayNot =
      here !== undefined && (await isMembershipRevoked(trx, sponsor.accountId, here.siret.slice(0, 9)));
    if (here === undefined || service === undefined || mayNot) {
      return { kind: 'problems', problems: [{ field: 'service', words: 'service_missing' }] };
    }
    await replaceEnded(trx, terms, at);
    const id = needs.randomId();
    await trx
      .insertInto('invitation')
      .values({
        id,
        service_id: terms.service,
        address: terms.address,
        written_address: terms.writtenAddress,
        sponsor_account_id: sponsor.accountId,
        sponsor_name: nameOf(sponsor),
        sponsor_email: sponsor.email,
        sponsor_siret: here.siret,
        sponsor_organization: here.organization,
        reason: terms.reason,
        starts_on: today,
        ends_on: terms.endsOn,
        created_at: at,
      })
      .execute();
    const facts: GuestFacts = {
      id,
      to: terms.writtenAddress,
      sponsor: { name: nameOf(sponsor), email: sponsor.email, organization: here.organization },
      service: { name: service.name, url: service.url },
      endsOn: terms.endsOn,
    };
    await queueMail(trx, at, [invitedMail(facts)], needs.randomId);
    await appendAudit(trx, at, [
      {
        act: 'invitation.send',
        subject: `invitation:${id}`,
        actor: actorOf(sponsor),
        reason: terms.reason,
        after: {
          service: terms.service,
          address: terms.address,
          siret: here.siret,
          startsOn: today,
          endsOn: terms.endsOn,
        },
        rows: await invitationRow(trx, id),
      },
    ]);
    return { kind: 'done', id, address: terms.address };
  });
  if (done.address !== undefined) needs.onChanged(done.address);
  if (done.kind === 'done') needs.onCommit?.();
  return done;
}

export const nameOf = ({ givenName, usualName }: Sponsor): string => `${givenName} ${usualName}`.trim();

export const actorOf = (sponsor: Sponsor): AuditActor => ({
  kind: 'applicant',
  accountId: sponsor.accountId,
  givenName: sponsor.givenName,
  usualName: sponsor.usualName,
  email: sponsor.email,
});

export async function lockSponsor(trx: Kysely<Database>, accountId: string): Promise<void> {
  await trx.selectFrom('account').select('id').where('id', '=', accountId).forUpdate().execute();
}

const countSchema = z.array(z.object({ count: z.number() }));

/** What counts against the most: open ones, and those of the last day whatever became of them. */
export async function countOf(db: Kysely<Database>, accountId: string, now: Date): Promise<number> {
  const { rows } = await sql`
    select count(*)::int as count from invitation where sponsor_account_id = ${accountId}::uuid
      and ((revoked_at is null and replaced_at is null and ends_on >= ${parisDate(now)}::date)
        or created_at > ${new Date(now.getTime() - dayMs)}::timestamptz)`.execute(db);
  return countSchema.parse(rows)[0]?.count ?? 0;
}

/** Whoever invites: what another one has sent counts as well. */
async function guestProblem(
  db: Kysely<Database>,
  terms: Terms,
  now: Date,
): Promise<InvitationProblem | undefined> {
  if (await isOpen(db, terms, now)) return { field: 'email', words: 'email_already' };
  const { rows } = await sql`
    select 1 from invitation where service_id = ${terms.service} and address = ${terms.address}
      and created_at > ${new Date(now.getTime() - dayMs)}::timestamptz`.execute(db);
  return rows.length < mostADay ? undefined : { field: 'email', words: 'email_often' };
}

async function isOpen(
  db: Kysely<Database>,
  { address, service }: Pick<Terms, 'address' | 'service'>,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${withSponsor}
    where invitation.service_id = ${service} and invitation.address = ${address}
      and invitation.replaced_at is null and invitation.ends_on >= ${parisDate(now)}::date and not ${hasEnded}`.execute(
    db,
  );
  return rows.length > 0;
}

/** Two who invite the same person to the same service at the same moment, or prolong, do it one after the other. */
export async function lockGuest(
  trx: Kysely<Database>,
  { address, service }: Pick<Terms, 'address' | 'service'>,
): Promise<void> {
  const key = `invitation ${service} ${address}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
}

/** None is open: what has ended makes room for the new one. */
async function replaceEnded(trx: Kysely<Database>, { address, service }: Terms, at: Date): Promise<void> {
  await trx
    .updateTable('invitation')
    .set({ replaced_at: at })
    .where('service_id', '=', service)
    .where('address', '=', address)
    .where('replaced_at', 'is', null)
    .execute();
}
