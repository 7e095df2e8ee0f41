/** How far somebody's coming to act for an organization has got. Only `active` gives claims. */
export const joinStates = [
  'requested',
  'awaiting_code',
  'awaiting_representative',
  'awaiting_operator',
  'active',
  'ended',
] as const;
export type JoinState = (typeof joinStates)[number];

export const endings = ['revoked', 'expired', 'left', 'refused', 'withdrawn'] as const;
export type Ending = (typeof endings)[number];

/** From the weakest to the strongest: what `organization_link.level` says (domain reference §6.2). */
export const linkLevels = ['declared', 'email_domain', 'moderated', 'official_source'] as const;
export type JoinLevel = (typeof linkLevels)[number];

/** Who may bring each proof, and what it is worth: what `organization_link.method` says. */
export const proofMethods = {
  /** A mailbox in a domain that the organization has verified, or that public lists name for it alone. */
  verified_domain: { by: 'person', level: 'email_domain' },
  listed_domain: { by: 'person', level: 'email_domain' },
  /** The official mailbox itself, or a code that was read there. */
  official_address: { by: 'person', level: 'moderated' },
  official_contact_code: { by: 'person', level: 'moderated' },
  invitation: { by: 'person', level: 'moderated' },
  representative: { by: 'representative', level: 'moderated' },
  proof_received: { by: 'operator', level: 'moderated' },
  in_official_register: { by: 'operator', level: 'official_source' },
  /** An operator approved their file, mandate included (registrations/representatives.ts). */
  mandate: { by: 'broker', level: 'moderated' },
} as const satisfies Record<string, { by: JoinBy; level: JoinLevel }>;
export type ProofMethod = keyof typeof proofMethods;

/** Proven by a mailbox of the person alone, which they may read again. */
export const isOwnMailbox = (method: ProofMethod | undefined): boolean =>
  method === 'verified_domain' || method === 'listed_domain' || method === 'official_address';

export type JoinBy = 'person' | 'representative' | 'operator' | 'broker';

/** Who acts. `oneself`: on their own membership; `own`: an operator on an organization of theirs. */
export interface JoinActor {
  readonly by: JoinBy;
  readonly oneself: boolean;
  readonly own?: boolean | undefined;
}

export type JoinAct =
  | { readonly act: 'ask' }
  | { readonly act: 'send_code' }
  | { readonly act: 'ask_representative' }
  | { readonly act: 'ask_operator' }
  | {
      readonly act: 'prove';
      readonly method: ProofMethod;
      /** Last civil day in Paris; absent: until somebody ends it. */
      readonly until?: string | undefined;
      /** Not of the organization: somebody of it answers for them, until a day. */
      readonly external?: boolean | undefined;
    }
  /** What the membership rests on lasts until another day. */
  | { readonly act: 'extend'; readonly method: ProofMethod; readonly until: string | undefined }
  /** What it rests on is in doubt: it ends on that day, unless it is proven again. */
  | { readonly act: 'shorten'; readonly until: string }
  | { readonly act: 'refuse' }
  | { readonly act: 'withdraw' }
  | { readonly act: 'leave' }
  | { readonly act: 'revoke' }
  | { readonly act: 'expire' };
export type JoinActName = JoinAct['act'];

/** What there is between a person and a legal unit. */
export interface Standing {
  readonly state: JoinState;
  readonly ended?: Ending | undefined;
  readonly level?: JoinLevel | undefined;
  readonly method?: ProofMethod | undefined;
  readonly until?: string | undefined;
  readonly external: boolean;
}

export type JoinRefusal =
  /** Done already, or not to be done from here. */
  | 'not_now'
  /** Not for this kind of person. */
  | 'not_theirs'
  /** Nobody answers their own request. */
  | 'oneself'
  /** An operator does not decide about an organization of theirs. */
  | 'own_organization'
  /** Somebody from outside without a last day. */
  | 'external_without_end';

const waiting: readonly JoinState[] = [
  'requested',
  'awaiting_code',
  'awaiting_representative',
  'awaiting_operator',
];
const answered: readonly JoinState[] = ['awaiting_representative', 'awaiting_operator'];
const answerable: readonly JoinState[] = [...answered, 'active'];
const open: readonly JoinState[] = [...waiting, 'active'];

/** Act × who × from which states: the one table. Undefined among the states: nothing is there yet. */
const table: Readonly<
  Record<JoinActName, { readonly by: readonly JoinBy[]; readonly from: readonly (JoinState | undefined)[] }>
> = {
  ask: { by: ['person'], from: [undefined] },
  send_code: { by: ['person'], from: ['requested', 'awaiting_code'] },
  ask_representative: { by: ['person'], from: ['requested', 'awaiting_code'] },
  ask_operator: { by: ['person'], from: ['requested', 'awaiting_code', 'awaiting_representative'] },
  prove: { by: ['person', 'representative', 'operator', 'broker'], from: open },
  extend: { by: ['broker', 'person'], from: ['active'] },
  shorten: { by: ['broker'], from: ['active'] },
  refuse: { by: ['representative', 'operator'], from: answered },
  withdraw: { by: ['person'], from: waiting },
  leave: { by: ['person'], from: ['active'] },
  revoke: { by: ['representative', 'operator'], from: ['active'] },
  expire: { by: ['broker'], from: open },
};

const after: Readonly<Partial<Record<JoinActName, JoinState>>> = {
  ask: 'requested',
  send_code: 'awaiting_code',
  ask_representative: 'awaiting_representative',
  ask_operator: 'awaiting_operator',
};
const endedBy: Readonly<Partial<Record<JoinActName, Ending>>> = {
  refuse: 'refused',
  withdraw: 'withdrawn',
  leave: 'left',
  revoke: 'revoked',
  expire: 'expired',
};

const rank = (level: JoinLevel | undefined): number => (level === undefined ? -1 : linkLevels.indexOf(level));

/** Whether the proof says at least as much as what is known already. */
export const isWorth = (method: ProofMethod, level: JoinLevel | undefined): boolean =>
  rank(proofMethods[method].level) >= rank(level);

/** The same day or a later one; no day is later than any. */
const lastsAsLong = (until: string | undefined, other: string | undefined): boolean =>
  until === undefined || (other !== undefined && until >= other);

export type Transition = { readonly standing: Standing } | { readonly refused: JoinRefusal };

/** What an act makes of a membership, or why it does nothing. Pure; what has ended stays ended. */
export function transition(from: Standing | undefined, act: JoinAct, actor: JoinActor): Transition {
  const refused = refusalOf(from, act, actor);
  if (refused !== undefined) return { refused };
  if (act.act === 'prove') return { standing: proven(from, act) };
  if (act.act === 'extend') {
    if (from?.method !== act.method) return { refused: 'not_now' };
    return { standing: { ...from, until: act.until } };
  }
  if (act.act === 'shorten' && from !== undefined)
    return { standing: lastsAsLong(act.until, from.until) ? from : { ...from, until: act.until } };
  const ended = endedBy[act.act];
  const held = from ?? { state: 'requested', external: false };
  if (ended !== undefined) return { standing: { ...held, state: 'ended', ended } };
  return { standing: { ...held, state: after[act.act] ?? held.state } };
}

function refusalOf(from: Standing | undefined, act: JoinAct, actor: JoinActor): JoinRefusal | undefined {
  const { by, from: states } = table[act.act];
  if (!by.includes(actor.by)) return 'not_theirs';
  if (act.act === 'prove' && proofMethods[act.method].by !== actor.by) return 'not_theirs';
  if ((actor.by === 'person') !== actor.oneself && actor.by !== 'broker')
    return actor.oneself ? 'oneself' : 'not_theirs';
  if (actor.by === 'operator' && actor.own === true) return 'own_organization';
  // A mandate that an operator examined, or an act of whoever was asked, may come before any request.
  const unasked = act.act === 'prove' && from === undefined;
  if (!unasked && !states.includes(from?.state)) return 'not_now';
  // Nobody who was not asked makes somebody a member; of a member, they may say more.
  if (act.act === 'prove' && answers(actor.by) && !answerable.includes(from?.state ?? 'ended'))
    return 'not_now';
  if (act.act === 'prove' && act.external === true && act.until === undefined) return 'external_without_end';
  return undefined;
}

const answers = (by: JoinBy): boolean => by === 'representative' || by === 'operator';

/**
 * New evidence raises the level, or lasts longer at the same one; weaker evidence changes nothing: what was proven is never
 * silently lowered.
 */
function proven(from: Standing | undefined, act: Extract<JoinAct, { act: 'prove' }>): Standing {
  const { level } = proofMethods[act.method];
  const fresh: Standing = {
    state: 'active',
    level,
    method: act.method,
    until: act.until,
    external: act.external ?? false,
  };
  if (from?.state !== 'active') return fresh;
  const higher = rank(level) - rank(from.level);
  const takes = higher > 0 || (higher === 0 && lastsAsLong(act.until, from.until));
  return takes ? fresh : from;
}
