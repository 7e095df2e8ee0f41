/**
 * domains/: the mail domains that organizations have proven to be theirs.
 *
 * What it does: whoever represents an organization claims a domain (may-claim.ts: nobody claims a service open to all, a
 * shared host, a public suffix, or what an identity provider speaks for), proves it by a DNS record (proof.ts) or by a code
 * sent to the official mailbox that the registers know there (official-code.ts); one organization holds it at a time. The proof
 * is looked for every day (watch.ts, drift.ts). What another organization proves too is handed over by two operators, once
 * the representatives of the former one were told and had a week to object (answer-handover.ts, handover-rules.ts).
 *
 * Flow: representatives/ and operators/ (pages) ──▶ claim.ts ──▶ prove.ts ──▶ verified, or a handover ──▶ joining/ asks
 * verifiedDomainsOf() and organizationOfDomain(). Rows, mails and audit entries of an act are written in one transaction,
 * one act at a time about a domain; what may follow what is one table (lifecycle.ts).
 *
 * May import: identity, declarations, register, eligibility, organizations, codes, http (mails), audit, mail, storage, config,
 * errors. It knows no page: who represents an organization is asked (`representativesOf`), as is which operator is whose.
 */
import { sql } from 'kysely';
import { lookAgain } from '../storage/storage.ts';
import type { OneTimeCodes } from '../codes/codes.ts';
import { answerHandover } from './answer-handover.ts';
import type { HandoverAnswered } from './answer-handover.ts';
import { claimDomain } from './claim.ts';
import type { Claimed } from './claim.ts';
import { giveUpDomain } from './give-up.ts';
import { openHandover, readHandover, readHandovers } from './handover-rows.ts';
import type { Handover } from './handover-rows.ts';
import { objectToHandover } from './object.ts';
import type { DomainsNeeds } from './needs.ts';
import { sendOfficialCode, tryOfficialCode } from './official-code.ts';
import { organizationOfDomain, verifiedDomainsOf } from './of-domain.ts';
import type { VerifiedDomain } from './of-domain.ts';
import { checkRecord } from './prove.ts';
import { purgeDomains } from './purge.ts';
import { readDomain, readDomains } from './rows.ts';
import type { OrganizationDomain } from './rows.ts';
import { officialMailbox } from './see-proof.ts';
import { checkDue } from './watch.ts';

export { createDns } from './dns.ts';
export type { Dns, DnsLookups } from './dns.ts';
export { deciderMail, domainMail, domainMailKinds } from './domain-mails.ts';
export type { DomainAuthor, DomainsNeeds, OperatorAtWork, ProviderDomains } from './needs.ts';
export { possibleAnswers, objectionDays } from './handover-rules.ts';
export type { HandoverAnswer } from './handover-rules.ts';
export type { Handover } from './handover-rows.ts';
export type { HandoverAnswered } from './answer-handover.ts';
export { isEnd, isHeld } from './lifecycle.ts';
export type { DomainState } from './lifecycle.ts';
export { longestReason, reasonProblem } from './object.ts';
export type { ReasonProblem } from './object.ts';
export { organizationOfDomain, verifiedDomainsOf } from './of-domain.ts';
export type { VerifiedDomain } from './of-domain.ts';
export { recordName, recordValue } from './proof.ts';
export type { Proven } from './prove.ts';
export type { OrganizationDomain } from './rows.ts';

export interface Domains {
  /** Of a legal unit, what has not ended first. */
  list(siren: string): Promise<readonly OrganizationDomain[]>;
  /** Every one that somebody holds, or has asked for; the first `limit` by name. */
  all(limit: number): Promise<readonly OrganizationDomain[]>;
  /** @throws BrokerError M-DOMN-001 */
  one(id: string, siren?: string): Promise<OrganizationDomain>;
  verifiedDomainsOf(siren: string): Promise<readonly VerifiedDomain[]>;
  organizationOfDomain(domain: string): Promise<VerifiedDomain | undefined>;
  claim(asked: Parameters<typeof claimDomain>[1]): Promise<Claimed>;
  check(asked: Parameters<typeof checkRecord>[1]): ReturnType<typeof checkRecord>;
  /** Where a code may be sent for this domain of this organization. */
  officialMailbox(siren: string, domain: string): Promise<string | undefined>;
  sendCode(
    asked: Parameters<typeof sendOfficialCode>[1],
    permit?: (mailbox: string) => Promise<void>,
  ): ReturnType<typeof sendOfficialCode>;
  tryCode(asked: Parameters<typeof tryOfficialCode>[1], typed: string): ReturnType<typeof tryOfficialCode>;
  giveUp(asked: Parameters<typeof giveUpDomain>[1]): Promise<OrganizationDomain>;
  object(asked: Parameters<typeof objectToHandover>[1]): Promise<void>;
  /** That waits for operators, about a domain; or all of them, the oldest first. */
  openHandover(domain: string): Promise<Handover | undefined>;
  handovers(): Promise<readonly Handover[]>;
  /** @throws BrokerError M-DOMN-001 */
  handover(id: string): Promise<Handover>;
  answer(asked: Parameters<typeof answerHandover>[1]): Promise<HandoverAnswered>;
  /** Looks at the proofs that are due. @returns how many */
  checkDue(): Promise<number>;
  /** The same, again and again. @returns what stops it */
  start(everyMs?: number): () => void;
  /** @returns how many */
  purge(limit: number): Promise<number>;
}

/** What is due is looked at within ten minutes. */
const watchMs = 10 * 60_000;

export function createDomains(needs: DomainsNeeds & { readonly codes: OneTimeCodes }): Domains {
  const { db, clock, logger } = needs;
  return {
    list: (siren) =>
      readDomains(db, sql`where siren = ${siren} order by ended_at desc nulls first, domain limit 100`),
    all: (limit) =>
      readDomains(
        db,
        sql`where state in ('verified', 'unverified', 'proven') order by domain, claimed_at limit ${limit}::int`,
      ),
    one: (id, siren) => readDomain(db, { id, siren }),
    verifiedDomainsOf: (siren) => verifiedDomainsOf(db, siren),
    organizationOfDomain: (domain) => organizationOfDomain(db, domain),
    claim: (asked) => claimDomain(needs, asked),
    check: (asked) => checkRecord(needs, asked),
    officialMailbox: (siren, domain) => officialMailbox(db, siren, domain),
    sendCode: (asked, permit) => sendOfficialCode(needs, asked, permit),
    tryCode: (asked, typed) => tryOfficialCode(needs, asked, typed),
    giveUp: (asked) => giveUpDomain(needs, asked),
    object: (asked) => objectToHandover(needs, asked),
    openHandover: (domain) => openHandover(db, domain),
    handovers: () => readHandovers(db, sql`where state = 'open' order by told_at limit 100`),
    handover: (id) => readHandover(db, id),
    answer: (asked) => answerHandover(needs, asked),
    checkDue: () => checkDue(needs),
    start(everyMs = watchMs) {
      const loop = lookAgain({
        read: async () => {
          await checkDue(needs);
        },
        pollMs: everyMs,
        onProblem: (error) =>
          logger.error({ event: 'domain.watch', err: error }, 'domains could not be looked at'),
      });
      return () => loop.stop();
    },
    purge: (limit) => purgeDomains(db, clock(), limit),
  };
}
