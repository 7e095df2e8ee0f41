/**
 * codes/: one-time codes, sent by mail.
 *
 * What it does: makes a code of 8 digits for whoever asks in one browser, about one address; says of what is typed
 * whether it is that code, once; and writes the mail that carries it. It stores nothing that could be typed: a keyed hash,
 * in the ephemeral store. It mails nothing and limits no network: the caller queues the mail and asks limits/.
 *
 * Flow: issue() ──▶ codeMail() into the caller's mail queue ──▶ the person types ──▶ check() ──▶ 'right', exactly once.
 * A code serves its own holder (the browser that asked), purpose and address alone: link scanners and forwarded mails
 * are harmless. It lives 1 h, is tried 10 times in 5 min, and another one is made after 10 min (one rule a file).
 *
 * May import: http (plain mails), mail, storage, config, errors.
 */
import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import { checkCode } from './check-code.ts';
import type { Checked } from './check-code.ts';
import type { CodeHolder } from './code-holder.ts';
import { forgetCode } from './code-record.ts';
import { issueCode } from './issue-code.ts';
import type { Issued } from './issue-code.ts';

export { codeDigits } from './code-digits.ts';
export { codePurposes } from './code-holder.ts';
export type { CodeHolder, CodePurpose } from './code-holder.ts';
export { codeMail } from './code-mail.ts';
export type { CodeMail } from './code-mail.ts';
export { maximumTries, triesWindowSeconds } from './check-code.ts';
export { codeSeconds, resendSeconds } from './issue-code.ts';
export type { Checked, Issued };

export interface OneTimeCodes {
  /**
   * Makes a code, which replaces the former one of this holder.
   *
   * @param permit called when a code is due, before it is made; what it throws is thrown, and none is made
   * @returns 'wait', and no code, until 10 minutes after the last one that was not used
   */
  readonly issue: (holder: CodeHolder, permit?: () => Promise<void>) => Promise<Issued>;
  /**
   * What `typed` is, blanks and dashes left out. Each call is a try, whatever was typed.
   *
   * @returns 'right' exactly once, whatever the concurrency
   */
  readonly check: (holder: CodeHolder, typed: string) => Promise<Checked>;
  /** The holder has no code any more, and may ask for one. */
  readonly forget: (holder: CodeHolder) => Promise<void>;
}

export interface CodeNeeds {
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  /** Key of the hash, 32 bytes: a store that leaks tells no code (10^8 of them are tried in a second). */
  readonly pepper: Uint8Array;
  /** Throws when nothing is sent to an address, nor what was sent there believed. */
  readonly assertTrusted: (address: string) => void;
}

/** Failures of the store are BrokerError M-STOR-002. Neither makes nor takes a code of an address that `assertTrusted` refuses. */
export function createOneTimeCodes(needs: CodeNeeds): OneTimeCodes {
  return {
    async issue(holder, permit) {
      needs.assertTrusted(holder.address);
      return issueCode(needs, holder, permit);
    },
    async check(holder, typed) {
      needs.assertTrusted(holder.address);
      return checkCode(needs, holder, typed);
    },
    forget: (holder) => forgetCode(needs.ephemeral, holder),
  };
}
