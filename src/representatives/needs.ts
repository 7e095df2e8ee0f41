import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Domains } from '../domains/domains.ts';
import type { Http } from '../http/http.ts';
import type { Limits } from '../limits/limits.ts';
import type { Inviting, MayInvite } from '../invitations/invitations.ts';
import type { Members } from '../members/members.ts';
import type { Database } from '../storage/storage.ts';
import type { Visitors } from '../visitor/visitor.ts';

export interface RepresentativeNeeds {
  readonly members: Members;
  readonly domains: Domains;
  readonly limits: Limits;
  readonly visitors: Visitors;
  readonly inviting: Pick<Inviting, 'count'>;
  /** To which services the person of this session may invite for a legal unit, as decided now. */
  readonly invitesFor: (sessionUid: string, siren: string) => Promise<readonly MayInvite[]>;
  /** For the record of what is read. */
  readonly db: Kysely<Database>;
  readonly snapshot: () => Snapshot;
  /** What the register calls a legal unit. */
  readonly organizationName: (siren: string) => Promise<string | undefined>;
  readonly http: Http;
  readonly logger: Pick<Logger, 'info'>;
  readonly clock: Clock;
  readonly basePath: string;
}
