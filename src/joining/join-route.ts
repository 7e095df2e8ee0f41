import { domainIsUnder } from './join-facts.ts';
import type { JoinFacts, OrganizationAsked, ProvenMailbox } from './join-facts.ts';
import {
  executiveReasons,
  isSchool,
  mailboxReasons,
  placeReasons,
  reservedEstablishments,
} from './join-codes.ts';
import type { JoinReason } from './join-codes.ts';
import { isWorth } from './lifecycle.ts';
import type { ProofMethod } from './lifecycle.ts';

/** What stands for the whole table below: another order, or another rule, is another version. */
export const joinVersion = 'join.v2';

export type JoinRoute =
  'already' | 'refused' | 'domain' | 'official_contact' | 'invitation' | 'representative' | 'operator';

export const joinRuleNames = [
  'number_malformed',
  'foreign_number',
  'register_unavailable',
  'organization_unknown',
  'no_siret',
  'already_member',
  'membership_revoked',
  'request_pending',
  'organization_closed',
  'organization_suspended',
  'foreign_organization',
  'address_unproven',
  'domain_refused',
  'reserved_establishment',
  'state_needs_work_address',
  'refused_lately',
  'verified_domain',
  'listed_domain',
  'official_address',
  'official_code',
  'invitation',
  'representative',
  'operator',
] as const;
export type JoinRuleName = (typeof joinRuleNames)[number];

export interface JoinAnswer {
  readonly route: JoinRoute;
  /** `join.v2/verified_domain`: what the evidence keeps. */
  readonly rule: `${typeof joinVersion}/${JoinRuleName}`;
  readonly name: JoinRuleName;
  readonly reasons: readonly JoinReason[];
  /** By which mailbox the person is a member at once; absent: somebody has to answer first. */
  readonly proof?: { readonly method: ProofMethod; readonly address: string } | undefined;
  /** For whoever cannot read the official mailbox. */
  readonly otherwise?: 'representative' | 'operator' | undefined;
}

interface Found extends JoinFacts {
  readonly organization: OrganizationAsked;
}
type Fires = Pick<JoinAnswer, 'reasons' | 'proof' | 'otherwise'>;
interface Rule {
  readonly name: JoinRuleName;
  readonly route: JoinRoute;
  /** Undefined: the rule says nothing, the next one is asked. */
  readonly fires: (facts: Found) => Fires | undefined;
}

const plain: Fires = { reasons: [] };
const when = (holds: boolean): Fires | undefined => (holds ? plain : undefined);

/** Mailboxes whose domain may say something of this organization: none that anybody opens, none that schools share. */
const telling = ({ mailboxes, organization }: Found): readonly ProvenMailbox[] =>
  isSchool(organization)
    ? []
    : mailboxes.filter((mailbox) => mailboxReasons(mailbox, organization).length === 0);

/** A weaker proof than what a membership rests on would change nothing of it (lifecycle.ts): it is not offered. */
const provenBy = (
  { standing }: Found,
  method: ProofMethod,
  mailbox: ProvenMailbox | undefined,
): Fires | undefined =>
  mailbox !== undefined && isWorth(method, standing.level)
    ? { reasons: [], proof: { method, address: mailbox.address } }
    : undefined;

/** The official mailbox is that of the legal unit: it speaks for its seat, not for its swimming pool or its school. */
const seatContacts = ({ organization, contacts }: Found): readonly string[] =>
  organization.headOffice && !isSchool(organization) ? contacts : [];

const byVerifiedDomain = (facts: Found): Fires | undefined =>
  provenBy(
    facts,
    'verified_domain',
    telling(facts).find(({ domain }) => facts.domains.verified.includes(domain)),
  );
const byListedDomain = (facts: Found): Fires | undefined =>
  provenBy(
    facts,
    'listed_domain',
    telling(facts).find(({ domain }) => facts.domains.listed.includes(domain)),
  );
const byOfficialAddress = (facts: Found): Fires | undefined =>
  provenBy(
    facts,
    'official_address',
    facts.mailboxes.find(({ address }) => seatContacts(facts).includes(address)),
  );

/** What rests on a mailbox is about to end, and may be proven again: the rules below say whether, and how. */
const renews = (facts: Found): boolean =>
  facts.standing.endsSoon &&
  [byVerifiedDomain, byListedDomain, byOfficialAddress].some((by) => by(facts) !== undefined);

const asks = ({ representatives }: JoinFacts): 'representative' | 'operator' =>
  representatives > 0 ? 'representative' : 'operator';

/** Why nothing above was enough: read by whoever answers, and told to whoever asks. */
function whyAsked(facts: Found): readonly JoinReason[] {
  const { organization, mailboxes } = facts;
  const ofMailboxes = mailboxes.flatMap((mailbox) => {
    const reasons = mailboxReasons(mailbox, organization);
    return reasons.length > 0 ? reasons : (['domain_not_verified'] as const);
  });
  return [
    ...new Set<JoinReason>([
      ...ofMailboxes,
      ...placeReasons(organization),
      ...executiveReasons(organization),
      ...(facts.representatives > 0 ? [] : (['no_representative'] as const)),
    ]),
  ];
}

/** In order; the first one that fires answers. */
const rules: readonly Rule[] = [
  {
    name: 'already_member',
    route: 'already',
    fires: (facts) => when(facts.standing.member && !facts.standing.revoked && !renews(facts)),
  },
  { name: 'membership_revoked', route: 'refused', fires: ({ standing }) => when(standing.revoked) },
  {
    name: 'request_pending',
    route: 'already',
    fires: ({ standing }) => when(standing.pending !== undefined && standing.pending !== 'requested'),
  },
  { name: 'organization_closed', route: 'refused', fires: ({ organization }) => when(!organization.active) },
  {
    name: 'organization_suspended',
    route: 'refused',
    fires: ({ organization }) => when(organization.suspended),
  },
  {
    name: 'foreign_organization',
    route: 'refused',
    fires: ({ organization }) => when(organization.sector === 'foreign_or_international'),
  },
  { name: 'address_unproven', route: 'refused', fires: ({ mailboxes }) => when(mailboxes.length === 0) },
  {
    name: 'domain_refused',
    route: 'refused',
    fires: ({ mailboxes, domains }) =>
      when(mailboxes.some(({ domain }) => domains.refused.some((zone) => domainIsUnder(domain, zone)))),
  },
  {
    name: 'reserved_establishment',
    route: 'refused',
    fires({ organization, mailboxes }) {
      const zones = reservedEstablishments.get(organization.siret);
      return when(
        zones !== undefined &&
          !mailboxes.some(({ domain }) => zones.some((zone) => domainIsUnder(domain, zone))),
      );
    },
  },
  {
    name: 'state_needs_work_address',
    route: 'refused',
    fires: ({ organization, mailboxes }) =>
      when(organization.ofState && mailboxes.every(({ openToAll }) => openToAll)),
  },
  {
    name: 'refused_lately',
    route: 'refused',
    fires: ({ standing, invited }) => when(standing.refusedLately && !invited),
  },
  { name: 'verified_domain', route: 'domain', fires: byVerifiedDomain },
  { name: 'listed_domain', route: 'domain', fires: byListedDomain },
  { name: 'official_address', route: 'official_contact', fires: byOfficialAddress },
  {
    name: 'official_code',
    route: 'official_contact',
    // Whoever was invited has an answer already: nobody has to look for a code in the mailbox of the town hall.
    fires: (facts) =>
      facts.invited || seatContacts(facts).length === 0
        ? undefined
        : { reasons: whyAsked(facts), otherwise: asks(facts) },
  },
  { name: 'invitation', route: 'invitation', fires: ({ invited }) => when(invited) },
  {
    name: 'representative',
    route: 'representative',
    fires: (facts) => (facts.representatives > 0 ? { reasons: whyAsked(facts) } : undefined),
  },
  { name: 'operator', route: 'operator', fires: (facts) => ({ reasons: whyAsked(facts) }) },
];

/** As if nothing waited: a request, or a code that was sent, hides nothing that the rules refuse. */
export const nothingPending = (facts: JoinFacts): JoinFacts => ({
  ...facts,
  standing: { ...facts.standing, pending: undefined },
});

/** Whether a code that was read at this mailbox makes a member, as things stand now. */
export function takesCodeOf(facts: JoinFacts, contact: string): boolean {
  const { asked } = facts;
  if (asked.found !== 'one') return false;
  const { route } = joinRoute(nothingPending(facts));
  return (
    route !== 'refused' &&
    route !== 'already' &&
    seatContacts({ ...facts, organization: asked.organization }).includes(contact)
  );
}

const notFound = {
  malformed: 'number_malformed',
  foreign: 'foreign_number',
  unavailable: 'register_unavailable',
  unknown: 'organization_unknown',
  no_siret: 'no_siret',
} as const;

const answer = (name: JoinRuleName, route: JoinRoute, fires: Fires): JoinAnswer => ({
  route,
  name,
  rule: `${joinVersion}/${name}`,
  ...fires,
});

/**
 * By which way somebody may come to act for an organization, and why. Pure. No rule makes a member of whoever merely says
 * so: each way ends at the organization (its domain, its official mailbox, whoever represents it) or at an operator.
 */
export function joinRoute(facts: JoinFacts): JoinAnswer {
  const { asked } = facts;
  if (asked.found !== 'one') return answer(notFound[asked.found], 'refused', plain);
  const found: Found = { ...facts, organization: asked.organization };
  for (const { name, route, fires } of rules) {
    const fired = fires(found);
    if (fired !== undefined) return answer(name, route, fired);
  }
  throw new TypeError('the last rule answers for everybody');
}
