/**
 * partners/: accounts of people without an identity provider, and what they sign in with. No password, ever.
 *
 * What it does: keeps partners, the addresses whose mailboxes they have proven, their names; passkeys (WebAuthn), applications
 * that show codes (TOTP) and recovery codes; says what proofs are worth together (proofs.ts, pure) and what a sign-in lacks
 * before it may change any of this (rules.ts, pure). Whoever lost every second factor waits three days, told to every address; or
 * an operator, who has checked who they are, takes them off on the server (lost-factors.ts).
 *
 * Flow: interaction/ proves a mailbox (codes/) ──▶ ofMailbox() or create() ──▶ passkeys, totp, recoveryCodes: each verify()
 * gives a proof, once ──▶ authenticationOf(proofs) ──▶ partnerIdentity() ──▶ identity/ makes the account, as for any
 * provider. Each change is one transaction: rows, entry of the record (act.ts), a notice to every proven address (notices.ts).
 * A challenge is the caller's: kept in the browser that asked, and taken once. Pages are those of interaction/ and account/.
 *
 * May import: identity (what a provider asserts), declarations (id of the built-in provider), eligibility (acr), limits
 * (comparable addresses), http (mails, dates), audit, mail, storage, config, errors.
 */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { AuditActor } from '../audit/audit.ts';
import { change } from './act.ts';
import {
  addAddress,
  createPartner,
  makePrimary,
  partnerOfMailbox,
  removeAddress,
  renamePartner,
} from './addresses.ts';
import { cancelLost, createLostFactors } from './lost-factors.ts';
import type { PartnersNeeds } from './needs.ts';
import type { Authenticator, DeviceSeen, Partner, PartnerNames } from './partner.ts';
import { createPasskeys } from './passkeys.ts';
import type { MailProof, Proof } from './proofs.ts';
import { createRecoveryCodes } from './recovery-codes.ts';
import { removeAuthenticator } from './remove-authenticator.ts';
import { renameAuthenticator } from './rename-authenticator.ts';
import { readAuthenticators, readPartner } from './rows.ts';
import { createTotp } from './totp.ts';

export { partnerIdentity } from './identity-of.ts';
export { coolingOffHours, readyDays } from './lost-factors.ts';
export { authenticatorNameProblem, longestAuthenticatorName, longestName, nameProblem } from './names.ts';
export type { NameProblem } from './names.ts';
export { erasePartners, partnerIdsOf, partnerKept, partnerSubject } from './of-person.ts';
export type { PartnerKept } from './of-person.ts';
export { partnerSealPurpose } from './needs.ts';
export type { PartnersNeeds } from './needs.ts';
export type { Authenticator, DeviceSeen, Partner, PartnerAddress, PartnerNames } from './partner.ts';
export { authenticationOf } from './proofs.ts';
export type { Authentication, MailProof, Proof } from './proofs.ts';
export { freshMinutes, lackingToAdd, lackingToChange, mayAddAuthenticator, mayRemove } from './rules.ts';
export type { Lacking } from './rules.ts';
export { assertSecondFactorAllowed } from './second-factor-tries.ts';

export interface Partners {
  /** By any proven address, whatever its letter case; undefined: nobody. To be asked once the mailbox is proven, or silently. */
  ofMailbox(provenAddress: string): Promise<Partner | undefined>;
  /**
   * Two at once make one partner, whom both get.
   *
   * @throws BrokerError M-PART-003 (names), M-PART-004 (another spelling of this address is somebody's)
   */
  create(provenAddress: string, names: PartnerNames): Promise<Partner>;
  find(id: string): Promise<Partner | undefined>;
  /** @throws BrokerError M-PART-002 (no such partner), M-PART-003 */
  rename(id: string, names: PartnerNames, actor: AuditActor): Promise<Partner>;
  /** @throws BrokerError M-PART-002, M-PART-004 (somebody's already), M-PART-005 (too many) */
  addAddress(id: string, provenAddress: string, actor: AuditActor): Promise<Partner>;
  /** @throws BrokerError M-PART-002 */
  makePrimary(id: string, addressId: string, actor: AuditActor): Promise<Partner>;
  /** @throws BrokerError M-PART-002, M-PART-006 (the primary one stays) */
  removeAddress(id: string, addressId: string, actor: AuditActor): Promise<Partner>;
  /** Oldest first. */
  authenticators(id: string): Promise<readonly Authenticator[]>;
  readonly passkeys: {
    /** The caller keeps the challenge, bound to the browser, and takes it once, whatever comes of it. */
    creation(partner: Partner): Promise<{
      readonly options: PublicKeyCredentialCreationOptionsJSON;
      readonly challenge: string;
    }>;
    /**
     * @param answer what the browser gave, as JSON text or parsed
     * @throws BrokerError M-PART-005 (too many), M-PART-007 (refused), M-PART-009 (kept already)
     */
    add(partner: Partner, answer: unknown, challenge: string, name: string): Promise<Authenticator>;
    /** Without a partner: a passkey that the browser finds, which verifies its owner. */
    request(partner?: Partner): Promise<{
      readonly options: PublicKeyCredentialRequestOptionsJSON;
      readonly challenge: string;
    }>;
    /**
     * @param expected whose mailbox was proven: any other passkey is refused; absent: the passkey says who, and must have verified them
     * @throws BrokerError M-PART-007 (refused), M-PART-008 (its counter went back: perhaps a copy)
     */
    verify(
      answer: unknown,
      challenge: string,
      expected?: Partner,
    ): Promise<{ readonly partner: Partner; readonly proof: Proof & { readonly method: 'passkey' } }>;
  };
  readonly totp: {
    /** `sealed` goes into the form and comes back with the first code, within 15 minutes. `secret` is base32, to be typed. */
    begin(
      partner: Partner,
    ): Promise<{ readonly secret: string; readonly uri: string; readonly sealed: string }>;
    /** What the page shows again after a wrong code; undefined: expired, or not theirs. */
    begun(
      partner: Partner,
      sealed: string,
    ): Promise<{ readonly secret: string; readonly uri: string } | undefined>;
    /** @throws BrokerError M-PART-005, M-PART-010 (wrong code), M-PART-012 (begin again) */
    add(partner: Partner, sealed: string, typed: string, name: string): Promise<Authenticator>;
    /** @throws BrokerError M-PART-010 (wrong), M-PART-011 (this code was used) */
    verify(partner: Partner, typed: string): Promise<Proof>;
  };
  readonly recoveryCodes: {
    /** Ten, to be shown once; the former ones are worth nothing any more. */
    make(partner: Partner): Promise<readonly string[]>;
    left(id: string): Promise<number>;
    /** @throws BrokerError M-PART-013 (wrong, or used) */
    use(partner: Partner, typed: string): Promise<Proof>;
  };
  /** @throws BrokerError M-PART-002, M-PART-003 (no such name) */
  renameAuthenticator(id: string, authenticatorId: string, name: string, actor: AuditActor): Promise<void>;
  /**
   * The last one takes the recovery codes with it: they replace what is there no more.
   *
   * @throws BrokerError M-PART-002, M-PART-014 (a second factor has to stay)
   */
  removeAuthenticator(
    id: string,
    authenticatorId: string,
    need: { readonly mfaRequired: boolean },
    actor: AuditActor,
  ): Promise<void>;
  /** No second factor any more: 72 h after it was asked, with a mailbox proven at both ends. Any use of one, or too many tries, call it off. */
  readonly lostFactors: {
    /** Asking again changes nothing. @throws BrokerError M-PART-015 (nothing to lose), M-PART-016 (mailbox proven too long ago) */
    ask(partner: Partner, proven: MailProof): Promise<{ readonly readyAt: Date }>;
    /** Undefined: nobody asked, it was called off, or it was left for seven days once ready. */
    state(id: string): Promise<{ readonly readyAt: Date } | undefined>;
    /** Done by each verify() of a second factor. */
    cancel(id: string): Promise<void>;
    /** Removes every authenticator and recovery code. @throws BrokerError M-PART-016, M-PART-017 (not asked, or not yet) */
    finish(partner: Partner, proven: MailProof): Promise<void>;
    /**
     * The same at once, for somebody whose identity was checked elsewhere, and whose mailbox others may read: what their account has
     * open ends too, here and, within a minute, in every process (blocking/).
     *
     * @param by.reason for the record; no mail says it
     * @returns how many authenticators there were
     * @throws BrokerError M-PART-002, M-PART-015 (nothing to take off)
     */
    restore(
      id: string,
      by: { readonly reason: string; readonly actor: AuditActor },
    ): Promise<{ readonly authenticators: number }>;
  };
  /** A sign-in from a browser that was never seen with this partner. */
  noticeNewDevice(partner: Partner, device: DeviceSeen, at: Date): Promise<void>;
  /**
   * Second factors were tried so often within a day that they are refused (second-factor-tries.ts): a request to lose them is called off.
   *
   * @param first whether it is the first that is refused: every address is told of that one
   */
  noticeLimited(partner: Partner, first: boolean): Promise<void>;
}

export function createPartners(needs: PartnersNeeds): Partners {
  const { db } = needs;
  return {
    ofMailbox: (address) => partnerOfMailbox(db, address),
    create: (address, names) => createPartner(needs, address, names),
    find: (id) => readPartner(db, id),
    rename: (id, names, actor) => renamePartner(needs, id, names, actor),
    addAddress: (id, address, actor) => addAddress(needs, id, address, actor),
    makePrimary: (id, addressId, actor) => makePrimary(needs, id, addressId, actor),
    removeAddress: (id, addressId, actor) => removeAddress(needs, id, addressId, actor),
    authenticators: (id) => readAuthenticators(db, id),
    passkeys: createPasskeys(needs),
    totp: createTotp(needs),
    recoveryCodes: createRecoveryCodes(needs),
    renameAuthenticator: (id, authenticatorId, name, actor) =>
      renameAuthenticator(needs, id, authenticatorId, name, actor),
    removeAuthenticator: (id, authenticatorId, need, actor) =>
      removeAuthenticator(needs, id, authenticatorId, need, actor),
    lostFactors: createLostFactors(needs),
    noticeNewDevice: (partner, device, at) =>
      change(needs, partner.id, async ({ tell }) =>
        tell({
          act: 'partner.new_device',
          after: { device, at: at.toISOString() },
          notice: { kind: 'new_device', device },
        }),
      ),
    noticeLimited: (partner, first) =>
      change(needs, partner.id, async (acting) => {
        if (first)
          acting.tell({ act: 'partner.limit_second_factor', notice: { kind: 'second_factor_limited' } });
        await cancelLost(acting, 'limited');
      }),
  };
}
