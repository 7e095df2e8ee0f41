/**
 * operators/: the console, `/operateur`, where people of the operator examine and decide.
 *
 * What it does: lets in declared operators and nobody else, signed in through Maillon itself with several factors; says
 * what each may do, and to what; shows them the parts of the console that are theirs.
 *
 * Flow: a request ──▶ gate.ts: who (visitor/) ──▶ operator-of.ts: which declared operator ──▶ delegation, factors, age of
 * the sign-in ──▶ sign-in-record.ts ──▶ a row of the table of routes (route.ts) of a section (section.ts: todo.ts, file.ts…):
 * each says which action it is, of which file or organization, and is asked for it before its handler runs. roles.ts has the
 * one table of roles and actions, perimeter.ts says what lies within. act-forms.ts lists what may be done to a file,
 * acts.ts reads it, preview.ts shows it (letter, claim, people concerned), file.ts does it unless the page is stale
 * (stale.ts). What is read leaves a trace (read-record.ts). One decision for many organizations: lots.ts. Rules of access: policies.ts, policy-draft.ts. Who is an
 * operator: appointed-list.ts, appoint-form.ts, appoint-proposal.ts. Exceptions to the registers: exceptions.ts, exception-form.ts.
 * A form sent too late after the sign-in waits in kept-form.ts until the person has signed in again.
 *
 * May import: visitor, provider, batches, blocking, joining, members, registrations, invitations, policies, corrections, domains, declarations, identity, register, eligibility, organizations, http, audit, mail,
 * storage, config, errors. It decides about no organization: registrations/ does, by the hand of an operator.
 */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import type { Kysely } from 'kysely';
import { createAppointments } from '../appointments/appointments.ts';
import { recordAccess } from '../audit/audit.ts';
import type { Batches } from '../batches/batches.ts';
import type { Blocking } from '../blocking/blocking.ts';
import type { Clock, Logger } from '../config/config.ts';
import { createCorrections } from '../corrections/corrections.ts';
import type { CorrectionsNeeds } from '../corrections/corrections.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Domains } from '../domains/domains.ts';
import type { Http } from '../http/http.ts';
import { subjectsOf } from '../identity/identity.ts';
import type { Inviting } from '../invitations/invitations.ts';
import type { Joining } from '../joining/joining.ts';
import type { Members } from '../members/members.ts';
import type { KnownOrganization } from '../eligibility/eligibility.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { PersonalData } from '../personal-data/personal-data.ts';
import type { PeopleWhoLose, PolicyDrafts, PreviewWithin } from '../policies/policies.ts';
import { federationOf } from '../register/register.ts';
import type { Numbered, OrganizationPage, SearchAnswer, SearchRequest } from '../register/register.ts';
import type { Registrations } from '../registrations/registrations.ts';
import type { Database, EphemeralStore } from '../storage/storage.ts';
import type { Visitors } from '../visitor/visitor.ts';
import { appointmentRoutes, operators } from './appointed-list.ts';
import { correctorsOf } from './corrector.ts';
import { fileRoutes } from './file.ts';
import { createGate } from './gate.ts';
import { createKeptForms } from './kept-form.ts';
import { letGoFiles } from './let-go.ts';
import { lotRoutes, lots } from './lots.ts';
import { me } from './me.ts';
import { joiningRoutes } from './joining.ts';
import { organizationRoutes, organizations } from './organization.ts';
import { createPassedOver } from './passed-over.ts';
import { placesOf } from './places.ts';
import { persons, personRoutes } from './persons.ts';
import { policies, policyRoutes } from './policies.ts';
import { providerRoutes, providers } from './providers.ts';
import type { ProviderStatuses } from './providers.ts';
import { createReadRecord } from './read-record.ts';
import { record, recordRoutes } from './record.ts';
import { mayAnywhere } from './roles.ts';
import type { Route } from './route.ts';
import { frameOf } from './section.ts';
import type { ConsoleNeeds, Section } from './section.ts';
import { createSignInRecord } from './sign-in-record.ts';
import { statistics, statisticsRoutes } from './statistics.ts';
import { todo, todoRoutes } from './todo.ts';

export { correctorsOf } from './corrector.ts';
export { domainDeciders } from './verified-domains.ts';
export { chargeToDecide } from './charge.ts';

export interface OperatorNeeds {
  readonly visitors: Visitors;
  readonly snapshot: () => Snapshot;
  readonly db: Kysely<Database>;
  /** What the register knows of an organization. */
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  /** What it holds of many numbers. */
  readonly numbered: (numbers: readonly string[]) => Promise<Numbered>;
  /** What it holds of an establishment, without asking elsewhere. */
  readonly facts: (siret: Siret) => Promise<KnownOrganization>;
  readonly foresee: CorrectionsNeeds['foresee'];
  readonly factNow: CorrectionsNeeds['factNow'];
  /** What was issued under rights that facts gave, and that are gone, ends. */
  readonly onFactsChanged: CorrectionsNeeds['onFactsChanged'];
  readonly policyDrafts: PolicyDrafts;
  readonly previewPolicy: PreviewWithin;
  /** Who has the service open and would not after a draft. */
  readonly peopleWhoLose: PeopleWhoLose;
  readonly registrations: Registrations;
  readonly batches: Batches;
  readonly personalData: PersonalData;
  readonly blocking: Blocking;
  readonly domains: Domains;
  readonly members: Members;
  readonly joining: Joining;
  readonly inviting: Pick<Inviting, 'list'>;
  readonly providerStatuses: ProviderStatuses;
  readonly ephemeral: EphemeralStore;
  readonly http: Http;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
  /** Reads what is declared again, in this process. */
  readonly readAgain: () => Promise<void>;
  /** After commits that may have queued mails. */
  readonly onCommit: () => void;
  /** Without trailing slash. */
  readonly issuer: string;
  readonly basePath: string;
}

/** The parts of the console, in the order of its bar. */
const sections: readonly Section[] = [
  todo,
  lots,
  organizations,
  policies,
  statistics,
  providers,
  record,
  operators,
  persons,
  me,
];

/** Every route but two: `/operateur`, which leads whoever has no queue elsewhere, and `/operateur/moi`, for all. */
export const consoleRoutes: readonly Route[] = [
  ...todoRoutes,
  ...fileRoutes,
  ...organizationRoutes,
  ...lotRoutes,
  ...policyRoutes,
  ...statisticsRoutes,
  ...providerRoutes,
  ...recordRoutes,
  ...appointmentRoutes,
  ...personRoutes,
  ...joiningRoutes,
];

/** Koa routes of the room; paths are relative to the issuer's. */
export function createOperatorRoutes(needs: OperatorNeeds): Router {
  const router = new Router();
  const gate = createGate({
    ...needs,
    subjectsOf: (accountId, idp) =>
      subjectsOf(needs.db, accountId, needs.snapshot().identityProviders.get(idp)),
    recordSignIn: createSignInRecord({
      ...needs,
      record: (at, entry) => recordAccess(needs.db, at, entry),
    }),
    keptForms: createKeptForms(needs.ephemeral),
  });
  const frame = frameOf(sections, needs.basePath);
  const federationsAbove = async (id: string) => (await federationOf(needs.db, id)).above.parents;
  const consoleNeeds: ConsoleNeeds = {
    ...needs,
    gate,
    frame,
    appointments: createAppointments({
      ...needs,
      randomId: randomUUID,
      manages: (operator, today) => mayAnywhere(operator, 'operator.manage', today),
      letGo: (id, actor) => letGoFiles(needs.registrations, id, actor),
      consoleHref: `${needs.issuer}/operateur`,
    }),
    corrections: createCorrections({
      ...needs,
      randomId: randomUUID,
      approvals: (siren) => needs.registrations.organizationApprovals(siren),
      inCharge: correctorsOf({ ...needs, federationsAbove }),
      consoleHref: `${needs.issuer}/operateur`,
    }),
    recordRead: createReadRecord({
      ...needs,
      record: (at, entry) => recordAccess(needs.db, at, entry),
    }),
    passedOver: createPassedOver(needs.ephemeral),
    organizationName: async (id) => (await needs.organization(id))?.name,
    federationsAbove,
    places: async (numbers) => placesOf(needs.db, (await needs.numbered(numbers)).found),
  };
  for (const section of sections) section.routes(router, consoleNeeds);
  return router;
}
