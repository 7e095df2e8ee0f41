import type { Clock, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Http } from '../http/http.ts';
import type { OrganizationPage, SearchAnswer, SearchRequest } from '../register/register.ts';
import type { MembersRead, Registrations, Silence } from '../registrations/registrations.ts';
import type { Visitors } from '../visitor/visitor.ts';

export interface ApplicantNeeds {
  readonly registrations: Registrations;
  readonly visitors: Visitors;
  readonly snapshot: () => Snapshot;
  /** By SIREN, RNA number or entry in a court's register. */
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  /** Reads a list of members, and what it shows. */
  readonly readMembers: (bytes: Buffer, department: string | undefined) => Promise<MembersRead>;
  readonly silence: Silence;
  /** Who answers the requests, as letters name it; undefined: nobody yet, and none is received. */
  readonly authority: { readonly name: string; readonly email: string } | undefined;
  readonly http: Http;
  readonly logger: Pick<Logger, 'info'>;
  readonly clock: Clock;
  readonly basePath: string;
}
