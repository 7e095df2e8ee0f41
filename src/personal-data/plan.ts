import { createHash } from 'node:crypto';
import { canonicalJson } from '../config/config.ts';
import type { InvitationOfPerson } from '../invitations/invitations.ts';
import type { FileOfPerson } from '../registrations/registrations.ts';

/** What an erasure has to look at. */
export interface ErasureFacts {
  /** The person is an operator now, or is proposed as one. */
  readonly charged: boolean;
  /** An operator blocked the account, or somebody's right to act was taken away under it. */
  readonly held: 'blocked' | 'revoked' | undefined;
  /** The person signs in here itself, without another provider. */
  readonly partner?: boolean | undefined;
  readonly declaredMemberships: number;
  readonly files: readonly FileOfPerson[];
  readonly invitations: readonly InvitationOfPerson[];
  /** Of each organization that said no lately, the first civil day on which nothing is left of it. */
  readonly refusals?: readonly string[] | undefined;
  readonly mails: number;
  readonly waitingMails: number;
  /** Where to tell what was done. */
  readonly told: boolean;
}

/** `words` name texts of `locales/`, `data.erased` and `data.kept`. */
export type ErasedWords =
  'access' | 'account' | 'partner' | 'partnerHeld' | 'drafts' | 'sponsor' | 'guest' | 'mails' | 'record';
export type KeptWords =
  | 'blocked'
  | 'revoked'
  | 'refused'
  | 'declared'
  | 'running'
  | 'alone'
  | 'ended'
  | 'destroyed'
  | 'invitations'
  | 'waiting'
  | 'notice'
  | 'logouts'
  | 'acts';

export interface ErasurePlan {
  readonly refused: 'operator' | undefined;
  readonly erased: readonly { readonly words: ErasedWords; readonly count: number }[];
  readonly kept: readonly {
    readonly words: KeptWords;
    readonly count: number;
    /** Number of a file, and whom it is for. */
    readonly file?: string | undefined;
    readonly organization?: string | undefined;
    /** First civil day on which it goes; undefined while nothing is counted, or for good. */
    readonly until?: string | undefined;
  }[];
  /** What a page says that it has shown: a plan that became another one is read again first. */
  readonly digest: string;
}

/**
 * What goes at once, and what has to stay (GDPR art. 17(3)(b), (e)): files that are examined or in force, and after them
 * for as long as every file (evidence/retention.ts); who invited whom; that acts were done. Pure.
 */
export function erasurePlan(facts: ErasureFacts): ErasurePlan {
  const { files, invitations, held, refusals = [] } = facts;
  const open = (side: InvitationOfPerson['side']) =>
    invitations.filter((one) => one.open && one.side === side).length;
  const drafts = files.filter(({ standing }) => standing === 'draft').length;
  const erased = [
    { words: 'access', count: 1 },
    ...(held === undefined ? [{ words: 'account', count: 1 } as const] : []),
    { words: held === undefined ? 'partner' : 'partnerHeld', count: facts.partner === true ? 1 : 0 },
    { words: 'drafts', count: drafts },
    { words: 'sponsor', count: open('sent') },
    { words: 'guest', count: open('received') },
    { words: 'mails', count: facts.mails },
    { words: 'record', count: 1 },
  ] as const;
  const last = invitations
    .map(({ until }) => until)
    .toSorted()
    .at(-1);
  const kept = [
    ...(held === undefined ? [] : [{ words: held, count: 1 }]),
    ...files.flatMap(fileKept),
    { words: 'refused', count: refusals.length, until: refusals.toSorted().at(-1) },
    { words: 'invitations', count: invitations.length, until: last },
    { words: 'declared', count: facts.declaredMemberships },
    { words: 'waiting', count: facts.waitingMails },
    { words: 'notice', count: facts.told ? 1 : 0 },
    { words: 'logouts', count: 1 },
    { words: 'acts', count: 1 },
  ] as const;
  const plan = {
    refused: facts.charged ? ('operator' as const) : undefined,
    erased: erased.filter(({ count }) => count > 0),
    kept: kept.filter(({ count }) => count > 0),
  };
  // A mail that leaves meanwhile changes nothing that matters.
  const told = {
    ...plan,
    erased: plan.erased.filter(({ words }) => words !== 'mails'),
    kept: plan.kept.filter(({ words }) => words !== 'waiting'),
  };
  return { ...plan, digest: createHash('sha256').update(canonicalJson(told)).digest('base64url') };
}

function fileKept({
  id,
  organizationName: organization,
  standing,
  until,
  alone,
}: FileOfPerson): ErasurePlan['kept'] {
  const about = { count: 1, file: id, organization };
  switch (standing) {
    case 'draft':
      return [];
    case 'running':
      return [{ words: alone ? 'alone' : 'running', ...about }];
    case 'ended':
      return [{ words: 'ended', ...about, until }];
    case 'destroyed':
      return [{ words: 'destroyed', ...about }];
  }
}

/** Subjects of the record whose details stay for now: they go with the file, or with the invitation. */
export const subjectsKept = ({
  files,
  invitations,
}: Pick<ErasureFacts, 'files' | 'invitations'>): readonly string[] => [
  ...files
    .filter(({ standing }) => standing === 'running' || standing === 'ended')
    .map(({ id }) => `registration:${id}`),
  ...invitations.map(({ id }) => `invitation:${id}`),
];
