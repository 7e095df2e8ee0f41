import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Author } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { claimFacts } from './claim.ts';
import { tell, toldOf } from './domain-mails.ts';
import type { Told } from './domain-mails.ts';
import { readHandover } from './handover-rows.ts';
import type { Handover } from './handover-rows.ts';
import { refusedAnswer } from './handover-rules.ts';
import type { HandoverAnswer } from './handover-rules.ts';
import { transition } from './lifecycle.ts';
import type { DomainAct } from './lifecycle.ts';
import { mayClaim } from './may-claim.ts';
import type { DomainsNeeds, OperatorAtWork } from './needs.ts';
import { checkEveryMs } from './prove.ts';
import { lockDomain, readDomain, stale, writeDomain } from './rows.ts';
import type { OrganizationDomain } from './rows.ts';
import { seeProof } from './see-proof.ts';

export type HandoverAnswered =
  /** `first`: somebody else has to confirm too. `gone`: the new holder shows its proof no more, nothing changed. */
  { readonly outcome: 'first' | 'done' | 'declined' | 'gone'; readonly domain: string };

interface Asked {
  readonly id: string;
  readonly answer: HandoverAnswer;
  /** Why; of the first and of the second. */
  readonly reason: string;
  readonly person: OperatorAtWork;
}

const authorOf = ({ operator }: OperatorAtWork): Author => ({
  given_name: operator.given_name,
  usual_name: operator.usual_name,
  capacity: operator.capacity,
  organization: operator.organization,
});

/**
 * One of the two operators who decide. The proof of the new holder is looked for again before the second one is heard.
 *
 * @throws BrokerError M-DOMN-001, M-DOMN-002 (answered already), M-DOMN-003 (the same person), M-DOMN-004 (too early),
 * M-FILE-005 (one's own organization)
 */
export async function answerHandover(needs: DomainsNeeds, asked: Asked): Promise<HandoverAnswered> {
  const { id, answer, person } = asked;
  const { db, clock } = needs;
  const before = await readHandover(db, id);
  const { domain } = before;
  const [from, to] = [await readDomain(db, { id: before.fromId }), await readDomain(db, { id: before.toId })];
  const own = (await person.isOwn(from.siren)) || (await person.isOwn(to.siren));
  const answering = { id: person.operator.id, own };
  const told = { from: await toldOf(needs, from.siren), to: await toldOf(needs, to.siren) };
  const judge = (handover: Handover): void => {
    const refused = refusedAnswer(handover, answer, answering, clock());
    if (refused !== undefined)
      throw new BrokerError(refused, { detail: `${person.operator.id}: ${answer} ${id}` });
  };
  judge(before);
  if (answer === 'confirm' && !(await isStillTheirs(needs, to))) return { outcome: 'gone', domain };
  const at = clock();
  const done = await db.transaction().execute(async (trx): Promise<HandoverAnswered> => {
    await lockDomain(trx, domain);
    const handover = await readHandover(trx, id, 'wait');
    judge(handover);
    if (answer === 'decline') return decline(trx, needs, at, { asked, handover, told: told.to, to });
    if (handover.firstId !== undefined) return handOver(trx, needs, at, { asked, handover, told });
    await trx
      .updateTable('domain_handover')
      .set({
        first_id: person.operator.id,
        first: JSON.stringify(authorOf(person)),
        reason: asked.reason,
        first_at: at,
      })
      .where('id', '=', id)
      .execute();
    await record(trx, at, 'domain.approve_handover', asked, { domain, from: from.siren, to: to.siren });
    return { outcome: 'first', domain };
  });
  needs.onCommit();
  if (done.outcome === 'done') await needs.onLost(from.siren, domain);
  return done;
}

/** Seen now, and still a domain that somebody may claim. */
async function isStillTheirs(needs: DomainsNeeds, to: OrganizationDomain): Promise<boolean> {
  if (mayClaim(to, claimFacts(to.domain, needs)) !== undefined) return false;
  return (await seeProof(needs, to)) === 'there';
}

async function record(
  trx: Kysely<Database>,
  at: Date,
  act: string,
  { reason, person }: Asked,
  after: { readonly domain: string; readonly from: string; readonly to: string },
): Promise<void> {
  const { actor } = person;
  await appendAudit(trx, at, [{ act, subject: `organization:${after.to}`, actor, reason, after }]);
}

function next({ id, state }: OrganizationDomain, act: DomainAct) {
  const to = transition(state, act);
  if (to === undefined) throw stale(id);
  return to;
}

async function decline(
  trx: Kysely<Database>,
  needs: DomainsNeeds,
  at: Date,
  {
    asked,
    handover,
    told,
    to: { siren: toSiren },
  }: { asked: Asked; handover: Handover; told: Told; to: OrganizationDomain },
): Promise<HandoverAnswered> {
  const { domain } = handover;
  const to = await readDomain(trx, { id: handover.toId }, 'wait');
  const from = await readDomain(trx, { id: handover.fromId });
  await writeDomain(trx, to.id, { state: next(to, 'refuse'), ended_at: at });
  await close(trx, at, 'declined', asked, handover);
  await tell(trx, needs, at, { kind: 'refused', told, domain });
  await record(trx, at, 'domain.decline_handover', asked, { domain, from: from.siren, to: toSiren });
  return { outcome: 'declined', domain };
}

async function handOver(
  trx: Kysely<Database>,
  needs: DomainsNeeds,
  at: Date,
  {
    asked,
    handover,
    told,
  }: { asked: Asked; handover: Handover; told: { readonly from: Told; readonly to: Told } },
): Promise<HandoverAnswered> {
  const { domain } = handover;
  const from = await readDomain(trx, { id: handover.fromId }, 'wait');
  const to = await readDomain(trx, { id: handover.toId }, 'wait');
  // The former holder first: two never hold it.
  await writeDomain(trx, from.id, { state: next(from, 'hand_over'), ended_at: at, next_check_at: null });
  await writeDomain(trx, to.id, {
    state: next(to, 'receive'),
    verified_at: at,
    proven_at: at,
    checked_at: at,
    next_check_at: new Date(at.getTime() + checkEveryMs),
    failures: 0,
    failing_since: null,
  });
  await close(trx, at, 'done', asked, handover);
  await tell(trx, needs, at, { kind: 'handed_over', told: told.from, domain });
  await tell(trx, needs, at, { kind: 'received', told: told.to, domain });
  await record(trx, at, 'domain.hand_over', asked, { domain, from: from.siren, to: to.siren });
  return { outcome: 'done', domain };
}

async function close(
  trx: Kysely<Database>,
  at: Date,
  state: 'done' | 'declined',
  { reason, person }: Asked,
  { id, firstId }: Handover,
): Promise<void> {
  // Whoever confirmed first and thinks better of it is one person all the same.
  const second = firstId === person.operator.id ? null : person.operator.id;
  await trx
    .updateTable('domain_handover')
    .set({
      state,
      ended_at: at,
      answer: reason,
      second_id: second,
      second: second === null ? null : JSON.stringify(authorOf(person)),
    })
    .where('id', '=', id)
    .execute();
}
