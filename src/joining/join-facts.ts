import type { LegalSector } from '../organizations/organizations.ts';
import type { JoinLevel, JoinState } from './lifecycle.ts';

/** A mailbox of the person that was proven here, or that their identity provider answers for: no other one counts. */
export interface ProvenMailbox {
  /** Canonical. */
  readonly address: string;
  readonly domain: string;
  /** Anybody opens a mailbox there, or it lasts an hour. */
  readonly openToAll: boolean;
}

/** What the register holds of the establishment that was asked for. Codes, never labels. */
export interface OrganizationAsked {
  readonly siren: string;
  readonly siret: string;
  /** INSEE, four digits; undefined when no register holds one. */
  readonly legalCategory: string | undefined;
  readonly sector: LegalSector;
  readonly publicService: boolean;
  /** An administration of the State (`facets` of organizations/). */
  readonly ofState: boolean;
  /** Legal unit and establishment. */
  readonly active: boolean;
  readonly suspended: boolean;
  readonly headOffice: boolean;
  /** NAF rev. 2 of the establishment, with its dot. */
  readonly naf: string | undefined;
  /** INSEE tranche d'effectifs of the legal unit: NN, 00, 01… 53; undefined: unknown. */
  readonly sizeBand: string | undefined;
}

/** How what was typed was understood. `foreign`: the number of another country. `no_siret`: nobody can act for it yet. */
export type Asked =
  | { readonly found: 'malformed' | 'foreign' | 'unknown' | 'unavailable' | 'no_siret' }
  | { readonly found: 'one'; readonly organization: OrganizationAsked };

export interface JoinFacts {
  readonly asked: Asked;
  readonly mailboxes: readonly ProvenMailbox[];
  /** What there is already between this person and this legal unit. */
  readonly standing: {
    /** By their identity provider, by an operator's declaration or by joining. */
    readonly member: boolean;
    /** It rests on a mailbox of theirs, and ends within a month (`reminderDays`). */
    readonly endsSoon: boolean;
    /** Of the membership that was joined here; undefined for any other, and for none. */
    readonly level: JoinLevel | undefined;
    /** Somebody took it away. */
    readonly revoked: boolean;
    readonly pending: Exclude<JoinState, 'active' | 'ended'> | undefined;
    /** Whoever answers for the organization said no, less than `askAgainDays` ago. */
    readonly refusedLately: boolean;
  };
  readonly domains: {
    /** Refused for this legal unit by an operator; none that is open to all. */
    readonly refused: readonly string[];
    /** Verified for this legal unit (domains/). */
    readonly verified: readonly string[];
    /** That public lists name for this legal unit and for no other. */
    readonly listed: readonly string[];
  };
  /** Official mailboxes of the legal unit that the registers know, canonical. */
  readonly contacts: readonly string[];
  /** A representative invited one of the mailboxes, and the invitation stands. */
  readonly invited: boolean;
  /** How many others represent the legal unit. */
  readonly representatives: number;
}

/** Before its last day: people are told, and may prove it again. */
export const reminderDays = 30;

/** After a refusal; an invitation is heard before. */
export const askAgainDays = 30;

export const domainIsUnder = (domain: string, zone: string): boolean =>
  domain === zone || domain.endsWith(`.${zone}`);
