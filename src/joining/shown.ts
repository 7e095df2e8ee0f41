import type { Fingerprints } from '../config/config.ts';
import type { JoinReason } from './join-codes.ts';
import type { JoiningEvidence } from './of-person.ts';

/** What whoever answers is told of how a request came; `words` and `ground` name texts of `locales/`. */
export interface KnownOfRequest {
  /** Of the last rule that said any. */
  readonly reasons: readonly { readonly words: JoinReason }[];
  readonly history: readonly {
    readonly at: Date;
    readonly words: string;
    readonly ground: string | undefined;
  }[];
}

export const knownOf = (evidence: readonly JoiningEvidence[] = []): KnownOfRequest => ({
  reasons: (evidence.findLast(({ reasons }) => reasons.length > 0)?.reasons ?? []).map((words) => ({
    words,
  })),
  history: evidence.map(({ at, act, method }) => ({ at, words: act, ground: method })),
});

/** `b•••@asso.example`: enough for whoever knows the mailbox, for anybody else the name of a service. */
export function maskedMailbox(address: string): string {
  const at = address.lastIndexOf('@');
  return `${Array.from(address.slice(0, at)).at(0) ?? ''}•••${address.slice(at)}`;
}

/** An official mailbox on a page: `key` names it in the form, and tells nobody who tries addresses which one it is. */
export interface ContactShown {
  readonly key: string;
  readonly masked: string;
}

export const contactShown = (address: string, fingerprints: Fingerprints): ContactShown => ({
  key: fingerprints(`official mailbox ${address}`)[0] ?? '',
  masked: maskedMailbox(address),
});

/** The one that a form names; a key of the house that was replaced meanwhile still finds it. */
export const contactNamed = (
  contacts: readonly string[],
  key: string,
  fingerprints: Fingerprints,
): string | undefined =>
  contacts.find((address) => fingerprints(`official mailbox ${address}`).includes(key));
