import type Router from '@koa/router';
import type { Kysely } from 'kysely';
import type { Appointments } from '../appointments/appointments.ts';
import type { Batches } from '../batches/batches.ts';
import type { Blocking } from '../blocking/blocking.ts';
import type { Clock } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Domains } from '../domains/domains.ts';
import type { KnownOrganization } from '../eligibility/eligibility.ts';
import type { Corrections } from '../corrections/corrections.ts';
import type { ConsoleFrame, ConsoleSection, Http } from '../http/http.ts';
import type { Inviting } from '../invitations/invitations.ts';
import type { Joining } from '../joining/joining.ts';
import type { Members } from '../members/members.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { PersonalData } from '../personal-data/personal-data.ts';
import type { PeopleWhoLose, PolicyDrafts, PreviewWithin } from '../policies/policies.ts';
import type { OrganizationPage, SearchAnswer, SearchRequest } from '../register/register.ts';
import type { Registrations } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import type { Gate, SignedOperator } from './gate.ts';
import type { PassedOver } from './passed-over.ts';
import type { NamedPlace } from './places.ts';
import type { ProviderStatuses } from './providers.ts';
import type { RecordRead } from './read-record.ts';
import type { Action } from './roles.ts';

/** What the pages of the console share. */
export interface ConsoleNeeds {
  readonly gate: Gate;
  /** The bar above a page of this section. */
  readonly frame: (me: SignedOperator, current: ConsoleSection) => ConsoleFrame;
  readonly http: Http;
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  readonly basePath: string;
  /** What the register calls an organization. */
  readonly organizationName: (id: string) => Promise<string | undefined>;
  readonly registrations: Registrations;
  /** What is kept of people. */
  readonly personalData: PersonalData;
  readonly blocking: Blocking;
  /** Tables that no other room shows: the record, live grants, saved views. */
  readonly db: Kysely<Database>;
  /** By SIREN, RNA number or entry in a court's register. */
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  /** Federations above an organization, the nearest first. */
  readonly federationsAbove: (id: string) => Promise<readonly string[]>;
  /** Where many organizations lie, by the numbers asked for: as many statements for one as for a thousand. */
  readonly places: (numbers: readonly string[]) => Promise<ReadonlyMap<string, NamedPlace>>;
  /** What the register holds, without asking elsewhere. */
  readonly facts: (siret: Siret) => Promise<KnownOrganization>;
  /** Leaves a trace of what somebody read of an organization. */
  readonly recordRead: RecordRead;
  /** Who has acted for an organization, and the guests of its agents. */
  readonly members: Members;
  /** Requests of people to act for an organization. */
  readonly joining: Joining;
  readonly inviting: Pick<Inviting, 'list'>;
  /** One decision for many organizations. */
  readonly batches: Batches;
  readonly passedOver: PassedOver;
  readonly policyDrafts: PolicyDrafts;
  readonly appointments: Appointments;
  readonly providerStatuses: ProviderStatuses;
  /** Exceptions, which two people make. */
  readonly corrections: Corrections;
  /** Domains that organizations have proven. */
  readonly domains: Domains;
  /** What a draft would change, as far as there is time to see. */
  readonly previewPolicy: PreviewWithin;
  /** Who has the service open and would not after a draft. */
  readonly peopleWhoLose: PeopleWhoLose;
}

/** A part of the console: an entry of the bar, and its routes. */
export interface Section {
  readonly name: ConsoleSection;
  /** Under the issuer. */
  readonly path: string;
  /** Without it the section is not shown; absent: shown to every operator. */
  readonly action?: Action;
  /** Routes under `path`. */
  readonly routes: (router: Router, needs: ConsoleNeeds) => void;
}

export const frameOf =
  (sections: readonly Section[], basePath: string) =>
  (me: SignedOperator, current: ConsoleSection): ConsoleFrame => ({
    sections: sections
      .filter(({ action }) => action === undefined || me.mayAnywhere(action))
      .map(({ name, path }) => ({
        words: name,
        href: `${basePath}${path}`,
        current: name === current,
      })),
  });
