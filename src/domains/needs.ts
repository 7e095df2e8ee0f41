import type { Kysely } from 'kysely';
import type { AuditActor } from '../audit/audit.ts';
import type { Clock, Logger } from '../config/config.ts';
import type { IdentityProvider, Operator } from '../declarations/declarations.ts';
import type { Database } from '../storage/storage.ts';
import type { Dns } from './dns.ts';

/** What a record says of the domains that an identity provider speaks for. */
export type ProviderDomains = Pick<
  IdentityProvider,
  'domains' | 'allow_subdomains' | 'extra_domains' | 'test_addresses'
>;

export interface DomainsNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly randomId: () => string;
  readonly randomBytes: (bytes: number) => Buffer;
  readonly dns: Dns;
  /** All that are declared. */
  readonly providers: () => Iterable<ProviderDomains>;
  /** Mailboxes there last an hour. @param domain canonical */
  readonly isDisposable: (domain: string) => boolean;
  /** Who represents a legal unit now: they are written to. */
  readonly representativesOf: (siren: string) => Promise<readonly { readonly email: string }[]>;
  /** Operators who may decide on a handover today: a mail tells them. */
  readonly deciders: () => readonly Pick<Operator, 'email'>[];
  /** What the register calls a legal unit. */
  readonly organizationName: (siren: string) => Promise<string | undefined>;
  /** After the commit of what takes a domain away from an organization: what rests on it ends. */
  readonly onLost: (siren: string, domain: string) => Promise<unknown>;
  /** After every commit that may have queued mails. */
  readonly onCommit: () => void;
  /** Links in mails begin with it; without a slash at its end. */
  readonly issuer: string;
}

/** Whoever represents an organization. */
export type DomainAuthor = Extract<AuditActor, { kind: 'applicant' }>;

/** Whoever acts in the console. */
export interface OperatorAtWork {
  readonly actor: Extract<AuditActor, { kind: 'operator' }>;
  readonly operator: Pick<Operator, 'id' | 'given_name' | 'usual_name' | 'capacity' | 'organization'>;
  /** Whether they act, or ever acted, for a legal unit. */
  readonly isOwn: (siren: string) => Promise<boolean>;
}

/** Without a name: the entry is about the organization, and outlives what is kept of whoever represented it. */
export const unnamed = ({ accountId }: DomainAuthor): AuditActor => ({ kind: 'account', accountId });
