import { queueMail } from '../mail/mail.ts';
import { representatives } from '../registrations/registrations.ts';
import { closedWay } from './ask.ts';
import { refusableDomain, refuseDomain } from './domain-refusals.ts';
import { gatherFacts } from './gather.ts';
import { joinRoute, nothingPending } from './join-route.ts';
import type { JoinRuleName } from './join-route.ts';
import type { ProofMethod } from './lifecycle.ts';
import { joiningMail } from './mails.ts';
import type { JoiningAuthor, JoiningNeeds, JoiningPerson } from './needs.ts';
import { takeAway } from './revocation.ts';
import { readOne } from './rows.ts';
import type { Joined } from './rows.ts';
import { lockedOpen, refused, step, unknownJoined } from './step.ts';

export type JoinAnswerGiven =
  | {
      readonly act: 'accept';
      /** Of an operator: what they were shown. */
      readonly method?: Extract<ProofMethod, 'proof_received' | 'in_official_register'> | undefined;
      readonly external?: boolean | undefined;
      readonly until?: string | undefined;
    }
  /** `domain`: nobody comes for this organization by the domain of that mailbox any more; for operators, where `refusableDomain`. */
  | { readonly act: 'refuse' | 'revoke'; readonly domain?: boolean | undefined };

export interface Answering {
  readonly id: string;
  /** `version` of what the page showed. */
  readonly seen: number;
  readonly author: JoiningAuthor;
  /** Why, for whoever asked. */
  readonly reason?: string | undefined;
  readonly given: JoinAnswerGiven;
  /** Whether an operator acts, or has acted, for the legal unit: the console knows. */
  readonly own?: boolean | undefined;
}

/**
 * Whoever was asked answers: row, evidence, record and mail in one transaction.
 *
 * @throws BrokerError M-JOIN-001 (not theirs to answer), M-JOIN-002 (the page is not true any more), M-JOIN-003 (oneself),
 * M-JOIN-010, M-FILE-005
 */
export async function answerRequest(needs: JoiningNeeds, answering: Answering): Promise<Joined> {
  const { id, seen, author, reason, given, own } = answering;
  const { db, clock } = needs;
  const found = await readOne(db, id);
  if (found === undefined) throw unknownJoined(id);
  const organization = (await needs.organization(found.siren))?.name ?? found.siren;
  if (given.act === 'accept') await assertStillOpen(needs, found, author);
  const done = await db.transaction().execute(async (trx) => {
    const held = await lockedOpen(trx, found);
    const by = author.kind === 'applicant' ? 'representative' : 'operator';
    const represent = (await representatives(trx, clock(), { siren: found.siren })).map(
      ({ accountId }) => accountId,
    );
    if (by === 'representative' && !represent.includes(author.accountId ?? '')) throw unknownJoined(id);
    if (held?.id !== id || held.version !== seen) throw refused('not_now', id);
    // Whoever represents it too is taken out by an operator alone, as in members/.
    if (by === 'representative' && given.act === 'revoke' && represent.includes(held.accountId))
      throw refused('not_theirs', id);
    const oneself = author.accountId === held.accountId;
    const external = given.act === 'accept' && given.external === true;
    const to = await step(trx, needs, held, {
      actor: { by, oneself, own },
      author,
      answer: reason,
      act:
        given.act === 'accept'
          ? { act: 'prove', method: methodOf(by, given), until: given.until, external }
          : { act: given.act },
      change: external ? { sponsor: author.accountId } : {},
    });
    if (given.act !== 'accept' && given.domain === true && author.kind === 'operator') {
      const domain = refusableDomain(held, needs);
      // The page did not offer it, or not for this mailbox any more.
      if (domain === undefined) throw refused('not_now', id);
      await refuseDomain(trx, clock(), { siren: held.siren, domain, operator: author.id });
    }
    if (given.act === 'revoke') await takeAway(trx, clock(), { held, author, reason });
    if (held.address !== undefined) {
      const kind = given.act === 'accept' ? 'accepted' : given.act === 'refuse' ? 'refused' : 'ended';
      const link = `${needs.issuer}/compte/organisations`;
      await queueMail(
        trx,
        clock(),
        [joiningMail(kind, { to: held.address, organization, link, id })],
        needs.randomId,
      );
    }
    return to;
  });
  needs.onCommit?.();
  if (given.act === 'revoke') await needs.onEnded(done.accountId);
  return done;
}

/** Nobody is let in there, whoever answers; what else the rules refuse, an operator may know better. */
const closedToAll: readonly JoinRuleName[] = [
  'membership_revoked',
  'organization_closed',
  'foreign_organization',
];
const closedToRepresentatives: readonly JoinRuleName[] = [
  ...closedToAll,
  'organization_suspended',
  'domain_refused',
  'reserved_establishment',
  'state_needs_work_address',
];

/**
 * Between the request and the answer an organization closes, a domain is refused, members/ takes the person out.
 *
 * @throws BrokerError M-JOIN-004
 */
async function assertStillOpen(
  needs: JoiningNeeds,
  { accountId, siret, address }: Joined,
  author: JoiningAuthor,
): Promise<void> {
  const person: JoiningPerson = {
    ...{ accountId, givenName: '', usualName: '', provenNow: [], named: [] },
    mailboxes: address === undefined ? [] : [address],
  };
  const answer = joinRoute(nothingPending(await gatherFacts(needs, person, siret)));
  const closed = author.kind === 'operator' ? closedToAll : closedToRepresentatives;
  if (closed.includes(answer.name)) throw closedWay(answer);
}

const methodOf = (
  by: 'representative' | 'operator',
  { method = 'proof_received' }: Extract<JoinAnswerGiven, { act: 'accept' }>,
): ProofMethod => (by === 'representative' ? 'representative' : method);
