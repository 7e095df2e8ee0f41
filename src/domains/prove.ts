import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { claimFacts } from './claim.ts';
import { deciderMail, tell, toldOf } from './domain-mails.ts';
import type { Told } from './domain-mails.ts';
import { openHandover } from './handover-rows.ts';
import { objectionDays } from './handover-rules.ts';
import { transition } from './lifecycle.ts';
import { mayClaim } from './may-claim.ts';
import type { ClaimRefusal } from './may-claim.ts';
import type { DomainsNeeds } from './needs.ts';
import { holdsProof, recordName } from './proof.ts';
import { holderOf, lockDomain, readDomain, stale, writeDomain } from './rows.ts';
import type { OrganizationDomain, ProofMethod } from './rows.ts';

const day = 24 * 3600 * 1000;
/** Between two looks at a domain that is verified. */
export const checkEveryMs = day;

export type Proven =
  /** `asked_again`: it was verified already, and still is. */
  | { readonly outcome: 'verified' | 'asked_again' }
  /** Another organization holds it: its representatives are told, then two operators decide. */
  | { readonly outcome: 'handover'; readonly objectionsUntil: Date }
  /** A third one asks for it already. */
  | { readonly outcome: 'other_handover' }
  /** No such record; others than ours; nobody answers. */
  | { readonly outcome: 'none' | 'other' | 'unanswered' }
  | { readonly outcome: 'refused'; readonly because: ClaimRefusal };

/** What the DNS says of a claim. */
export async function lookAtRecord(
  { dns }: Pick<DomainsNeeds, 'dns'>,
  { domain, token }: Pick<OrganizationDomain, 'domain' | 'token'>,
): Promise<'there' | 'none' | 'other' | 'unanswered'> {
  const answer = await dns.txt(recordName(domain));
  if (answer.kind !== 'found') return answer.kind;
  return holdsProof(answer.values, token) ? 'there' : 'other';
}

/** Looks at the DNS now, for whoever represents the organization. @throws BrokerError M-DOMN-001 */
export async function checkRecord(
  needs: DomainsNeeds,
  { id, siren, actor }: { readonly id: string; readonly siren: string; readonly actor: AuditActor },
): Promise<Proven> {
  const claim = await readDomain(needs.db, { id, siren });
  const found = await lookAtRecord(needs, claim);
  if (found !== 'there') return { outcome: found };
  return proveDomain(needs, { id, siren, method: 'dns_txt', actor });
}

/**
 * What a proof makes of a claim: verified when nobody else holds the domain, which two at once cannot both be; else the way
 * to a handover.
 *
 * @throws BrokerError M-DOMN-001, M-DOMN-002 when nothing can be proven any more
 */
export async function proveDomain(
  needs: DomainsNeeds,
  {
    id,
    siren,
    method,
    actor,
  }: {
    readonly id: string;
    readonly siren: string;
    readonly method: ProofMethod;
    readonly actor: AuditActor;
  },
): Promise<Proven> {
  const { domain, withSubdomains } = await readDomain(needs.db, { id, siren });
  const because = mayClaim({ domain, withSubdomains }, claimFacts(domain, needs));
  if (because !== undefined) return { outcome: 'refused', because };
  const told = await toldOf(needs, siren);
  const at = needs.clock();
  const held = await holderOf(needs.db, domain);
  const holderTold = held === undefined ? undefined : await toldOf(needs, held.siren);
  const done = await needs.db.transaction().execute(async (trx): Promise<Proven> => {
    await lockDomain(trx, domain);
    const claim = await readDomain(trx, { id, siren }, 'wait');
    const holder = await holderOf(trx, domain);
    const isOther = holder !== undefined && holder.id !== claim.id;
    if (claim.state === 'proven') return (await waiting(trx, domain)) ?? { outcome: 'other_handover' };
    const state = transition(claim.state, isOther ? 'contest' : 'prove');
    if (state === undefined) throw stale(id);
    if (isOther) {
      if ((await openHandover(trx, domain)) !== undefined) return { outcome: 'other_handover' };
      // They are told first, or nothing happens: whoever asks again in a moment is heard.
      if (holderTold?.siren !== holder.siren) throw stale(id);
      return contest(trx, needs, at, { claim, holder, method, actor, told: holderTold });
    }
    await writeDomain(
      trx,
      id,
      {
        state,
        method,
        verified_at: claim.state === 'verified' ? (claim.verifiedAt ?? at) : at,
        proven_at: at,
        checked_at: at,
        next_check_at: new Date(at.getTime() + checkEveryMs),
        failures: 0,
        failing_since: null,
      },
      claim.state === 'verified' ? 'look' : 'act',
    );
    if (claim.state === 'verified') return { outcome: 'asked_again' };
    await tell(trx, needs, at, { kind: 'verified', told, domain });
    await appendAudit(trx, at, [
      {
        act: 'domain.verify',
        subject: `organization:${siren}`,
        actor,
        before: { domain, state: claim.state },
        after: { domain, state, method, withSubdomains },
      },
    ]);
    return { outcome: 'verified' };
  });
  needs.onCommit();
  return done;
}

async function waiting(trx: Kysely<Database>, domain: string): Promise<Proven | undefined> {
  const open = await openHandover(trx, domain);
  return open && { outcome: 'handover', objectionsUntil: open.objectionsUntil };
}

async function contest(
  trx: Kysely<Database>,
  needs: DomainsNeeds,
  at: Date,
  {
    claim,
    holder,
    method,
    actor,
    told,
  }: {
    readonly claim: OrganizationDomain;
    readonly holder: OrganizationDomain;
    readonly method: ProofMethod;
    readonly actor: AuditActor;
    readonly told: Told;
  },
): Promise<Proven> {
  const { domain, siren } = claim;
  const objectionsUntil = new Date(at.getTime() + objectionDays * day);
  await writeDomain(trx, claim.id, { state: 'proven', method, proven_at: at, checked_at: at });
  const id = needs.randomId();
  await trx
    .insertInto('domain_handover')
    .values({
      id,
      domain,
      from_id: holder.id,
      to_id: claim.id,
      state: 'open',
      told_at: at,
      objections_until: objectionsUntil,
    })
    .execute();
  const until = parisDate(objectionsUntil);
  await tell(trx, needs, at, { kind: 'contested', told, domain, until });
  const { issuer, randomId } = needs;
  const mails = needs.deciders().map(({ email }) => deciderMail(email, { id, issuer }));
  await queueMail(trx, at, mails, randomId);
  await appendAudit(trx, at, [
    {
      act: 'domain.ask_handover',
      subject: `organization:${siren}`,
      actor,
      after: { domain, method, heldBy: holder.siren, objectionsUntil, told: told.addresses.length },
    },
  ]);
  return { outcome: 'handover', objectionsUntil };
}
