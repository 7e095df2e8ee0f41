import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import { inOneLine } from '../http/http.ts';
import { isUsable } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { representatives } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { gatherFacts, mailboxesOf } from './gather.ts';
import { joinRoute } from './join-route.ts';
import type { JoinAnswer } from './join-route.ts';
import type { JoinFacts } from './join-facts.ts';
import type { JoinAct, ProofMethod } from './lifecycle.ts';
import { joiningMail } from './mails.ts';
import type { JoiningNeeds, JoiningPerson } from './needs.ts';
import type { Joined } from './rows.ts';
import { lockedOpen, step, unknownJoined } from './step.ts';
import type { NewJoined, Step } from './step.ts';

/** What the rules say to somebody of an organization, and of what they were made. */
export interface Considered {
  readonly facts: JoinFacts;
  readonly answer: JoinAnswer;
}

export async function consider(
  needs: JoiningNeeds,
  person: JoiningPerson,
  typed: string,
): Promise<Considered> {
  const facts = await gatherFacts(needs, person, typed);
  return { facts, answer: joinRoute(facts) };
}

/** Months later a mailbox may be somebody else's: what rests on one is proven again each year. */
export const mailboxDays = 365;
/** A representative who does not answer for so long is passed over: the request may go to an operator. */
export const silentDays = 15;
export const longestMessage = 500;

export const lastDayOf = (method: ProofMethod, now: Date): string | undefined =>
  ['verified_domain', 'listed_domain', 'official_address', 'official_contact_code'].includes(method)
    ? addDays(parisDate(now), mailboxDays)
    : undefined;

/** By which way the person goes on: the one that the rules name, or the one for whoever cannot read an official mailbox. */
export type Way = 'proof' | 'representative' | 'operator';

/**
 * The person asks, by the way that the rules leave open now; everything is judged again.
 *
 * @throws BrokerError M-JOIN-004 when the rules refuse, the way is not open any more, or the mailbox was not proven now
 */
export async function ask(
  needs: JoiningNeeds,
  person: JoiningPerson,
  { typed, way, message = '' }: { readonly typed: string; readonly way: Way; readonly message?: string },
): Promise<Joined> {
  const { facts, answer } = await consider(needs, person, typed);
  const open = wayOpen(answer, way);
  if (facts.asked.found !== 'one' || !open) throw closedWay(answer);
  if (way === 'proof') assertProvenNow(needs, person, answer.proof?.address);
  const { siren, siret } = facts.asked.organization;
  const at = needs.clock();
  // Asked before: within the transaction another connection might not be had.
  const organization = (await needs.organization(siren))?.name ?? siren;
  const done = await needs.db.transaction().execute(async (trx) => {
    const from = await begun(trx, needs, person, { siren, siret, answer, facts });
    const said = inOneLine(message).slice(0, longestMessage);
    const asked = await step(trx, needs, from, {
      ...own(person, answer),
      act: actOf(answer, way, at),
      change: { siret, address: answer.proof?.address, ...(said === '' ? {} : { message: said }) },
    });
    if (way === 'representative') await tellRepresentatives(trx, needs, { asked, organization });
    return asked;
  });
  needs.onCommit?.();
  return done;
}

export const closedWay = (answer: Pick<JoinAnswer, 'rule'>): BrokerError =>
  new BrokerError('M-JOIN-004', { detail: answer.rule });

/** @throws BrokerError M-JOIN-004: the pages ask for a code before */
export function assertProvenNow(
  { isDisposable }: Pick<JoiningNeeds, 'isDisposable'>,
  { provenNow }: Pick<JoiningPerson, 'provenNow'>,
  asked: string | undefined,
): void {
  const proven = mailboxesOf({ mailboxes: provenNow }, isDisposable);
  if (!proven.some(({ address }) => address === asked))
    throw new BrokerError('M-JOIN-004', { detail: 'the mailbox was not proven now' });
}

const wayOpen = ({ route, proof, otherwise }: JoinAnswer, way: Way): boolean =>
  way === 'proof' ? proof !== undefined : route === way || otherwise === way;

function actOf({ proof }: JoinAnswer, way: Way, at: Date): JoinAct {
  if (way === 'proof' && proof !== undefined)
    return { act: 'prove', method: proof.method, until: lastDayOf(proof.method, at) };
  return { act: way === 'representative' ? 'ask_representative' : 'ask_operator' };
}

/** The person, about themself; the evidence keeps the rule and its reasons. */
export const own = (
  { accountId }: Pick<JoiningPerson, 'accountId'>,
  { rule, reasons }: Pick<JoinAnswer, 'rule' | 'reasons'>,
): Pick<Step, 'actor' | 'author' | 'rule' | 'reasons'> => ({
  actor: { by: 'person', oneself: true },
  author: { kind: 'account', accountId },
  rule,
  reasons,
});

/** What is open between them, or its beginning; under the lock. */
export async function begun(
  trx: Kysely<Database>,
  needs: JoiningNeeds,
  person: JoiningPerson,
  about: { siren: string; siret: string; answer: JoinAnswer; facts: Pick<JoinFacts, 'mailboxes'> },
): Promise<Joined> {
  const { siren, siret, answer, facts } = about;
  const { accountId, givenName, usualName } = person;
  const held = await lockedOpen(trx, { accountId, siren });
  // Erased or blocked while this waited: what follows would be of nobody.
  if (!(await isUsable(trx, accountId))) throw unknownJoined(`${siren}: the account is gone`);
  if (held !== undefined) return held;
  const address = facts.mailboxes[0]?.address;
  const fresh: NewJoined = { accountId, siren, siret, rule: answer.rule, givenName, usualName, address };
  return step(trx, needs, fresh, { ...own(person, answer), act: { act: 'ask' } });
}

/** Whoever represents the organization, the person apart: nobody answers their own request. */
async function tellRepresentatives(
  trx: Kysely<Database>,
  needs: JoiningNeeds,
  { asked, organization }: { readonly asked: Joined; readonly organization: string },
): Promise<void> {
  const at = needs.clock();
  const all = await representatives(trx, at, { siren: asked.siren });
  const to = [
    ...new Set(all.filter(({ accountId }) => accountId !== asked.accountId).map(({ email }) => email)),
  ];
  const link = `${needs.issuer}/compte/organisations/demandes`;
  const mails = to.map((email) => joiningMail('asked', { to: email, organization, link, id: asked.id }));
  await queueMail(trx, at, mails, needs.randomId);
}

/**
 * The person goes on by themself with what they have: gives up the request, leaves, or turns to an operator when nobody has
 * answered for `silentDays`.
 *
 * @throws BrokerError M-JOIN-001, M-JOIN-002
 */
export async function goOn(
  needs: JoiningNeeds,
  person: Pick<JoiningPerson, 'accountId'>,
  { siren, act }: { readonly siren: string; readonly act: 'withdraw' | 'leave' | 'ask_operator' },
): Promise<Joined> {
  const { accountId } = person;
  const done = await needs.db.transaction().execute(async (trx) => {
    const held = await lockedOpen(trx, { accountId, siren });
    if (held === undefined) throw new BrokerError('M-JOIN-001', { detail: `${siren}: nothing is open` });
    if (act === 'ask_operator' && !isSilent(held, needs.clock()))
      throw new BrokerError('M-JOIN-002', { detail: `${siren}: whoever represents still has time` });
    return step(trx, needs, held, {
      act: { act },
      actor: { by: 'person', oneself: true },
      author: { kind: 'account', accountId },
    });
  });
  needs.onCommit?.();
  if (act === 'leave') await needs.onEnded(accountId);
  return done;
}

export const isSilent = ({ state, changedAt }: Joined, now: Date): boolean =>
  state === 'awaiting_representative' && now.getTime() - changedAt.getTime() >= silentDays * 24 * 3600 * 1000;
