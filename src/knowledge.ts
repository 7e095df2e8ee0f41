/**
 * What every room asks: what is declared, what the registers know, what was approved, and the decision made of them.
 * Wired here for compose.ts, which hands it on.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, Config, Logger } from './config/config.ts';
import { createConnectors } from './connectors/connectors.ts';
import { createDeclarations } from './declarations/declarations.ts';
import type { Declarations } from './declarations/declarations.ts';
import { createApprovals, createAssess, parisDate, publicRights } from './eligibility/eligibility.ts';
import { createInvitations } from './invitations/invitations.ts';
import { createRevokedMemberships } from './identity/identity.ts';
import { loadPublicServiceExceptions } from './organizations/organizations.ts';
import type { Siret } from './organizations/organizations.ts';
import { createBoundedPreview, createPolicyDrafts, peopleWhoLose } from './policies/policies.ts';
import type { PeopleWhoLose } from './policies/policies.ts';
import {
  approvedOrganizations,
  createOrganizationRegistry,
  createSearch,
  createTerritories,
  factNow,
  findNumbered,
  foreseeCorrection,
  organizationPage,
} from './register/register.ts';
import type { CorrectableFact } from './register/register.ts';
import { readMembers } from './registrations/registrations.ts';
import type { Stores } from './storage/storage.ts';

export type Knowledge = Awaited<ReturnType<typeof gatherKnowledge>>;

/** @throws what the database throws, when declarations or the map cannot be read */
export async function gatherKnowledge(needs: {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly factsTtlMs: number;
  readonly db: Stores['db'];
  readonly issuer: string;
}) {
  const { config, logger, clock, factsTtlMs, db, issuer } = needs;
  const declarations = await createDeclarations({
    db,
    clock,
    issuer,
    partnerAccounts: config.partnerAccounts,
    onProblem: (error) => logger.error({ err: error }, 'declarations could not be read'),
  });
  const snapshot = () => declarations.current();
  const territories = await createTerritories({
    db,
    onProblem: (error) => logger.error({ err: error }, 'imported territories could not be read'),
  });
  const registryNeeds = {
    db,
    territories: territories.current,
    exceptions: loadPublicServiceExceptions(),
    clock,
    ttlMs: factsTtlMs,
    elsewhere: createConnectors({ config, clock, logger }).elsewhere,
    onProblem: (error: unknown) => logger.error({ err: error }, 'an answer of a register could not be kept'),
  };
  const registry = createOrganizationRegistry(registryNeeds);
  const approvals = createApprovals({ db, clock, ttlMs: factsTtlMs });
  const invitations = createInvitations({ db, clock, ttlMs: factsTtlMs });
  /** What the register calls a legal unit. */
  const organizationName = async (siren: string) =>
    (await organizationPage(db, territories.current(), siren))?.name;
  const revokedMemberships = createRevokedMemberships({ db, clock, ttlMs: factsTtlMs });
  const assessing = {
    invitations: (email: string) => invitations.forEmail(email),
    approvals: (siren: string) => approvals.forSiren(siren),
    policyFor: (service: string, at: Date) => snapshot().policyFor(service, at),
    clock,
  };
  const assess = createAssess({ ...assessing, organization: (siret) => registry.lookUp(siret) });
  /** The same, with nothing remembered from before. */
  const assessNow = () => {
    const now = createOrganizationRegistry(registryNeeds);
    const approvedNow = createApprovals({ db, clock });
    const invitedNow = createInvitations({ db, clock });
    return createAssess({
      ...assessing,
      approvals: (siren) => approvedNow.forSiren(siren),
      invitations: (email) => invitedNow.forEmail(email),
      organization: (siret) => now.lookUp(siret),
    });
  };

  return {
    declarations: declarations satisfies Declarations,
    snapshot,
    /** Never rejects: what was written stays, the next look finds it. */
    readAgain: () =>
      declarations
        .refresh()
        .catch((error: unknown) => logger.warn({ err: error }, 'declarations could not be read')),
    territories,
    registry,
    approvals,
    invitations,
    revokedMemberships,
    organizationName,
    assess,
    assessNow,
    /** For pages that suppose a person: what the register holds, without asking elsewhere. */
    assessHeld: createAssess({
      ...assessing,
      approvals: async (siren) => publicRights(await approvals.forSiren(siren), parisDate(clock())),
      organization: (siret) => registry.held(siret),
    }),
    /** For the console. */
    ofOperators: {
      factNow: (id: string, fact: CorrectableFact) =>
        factNow(
          db,
          { organization: id, fact, now: clock() },
          { territories: territories.current(), exceptions: registryNeeds.exceptions },
        ),
      foresee: (connection: Stores['db'], asked: Parameters<typeof foreseeCorrection>[1]) =>
        foreseeCorrection(connection, asked, {
          territories: territories.current(),
          exceptions: registryNeeds.exceptions,
        }),
      // Nothing remembered: whoever has just changed the register reads what follows from it.
      facts: (siret: Siret) => createOrganizationRegistry(registryNeeds).held(siret),
      numbered: (numbers: readonly string[]) => findNumbered(db, territories.current(), numbers),
      policyDrafts: createPolicyDrafts({ db, clock, randomId: randomUUID }),
      previewPolicy: createBoundedPreview({
        needs: () => ({
          db,
          territories: territories.current(),
          exceptions: registryNeeds.exceptions,
          now: clock(),
        }),
      }),
      peopleWhoLose: ((versions) =>
        peopleWhoLose(versions, {
          db,
          territories: territories.current(),
          exceptions: registryNeeds.exceptions,
          now: clock(),
          clientIds: [...snapshot().clients.values()]
            .filter(({ service }) => service === versions.after.service)
            .map(({ client_id: id }) => id),
        })) satisfies PeopleWhoLose,
    },
    organization: (id: string) => organizationPage(db, territories.current(), id),
    search: createSearch(db, territories.current),
    readMembers: (bytes: Buffer, department: string | undefined) =>
      readMembers({ db, territories: territories.current(), now: clock() }, bytes, department),
    approved: () =>
      approvedOrganizations(db, {
        now: clock(),
        territories: territories.current(),
        serviceName: (id) => snapshot().services.get(id)?.name.fr,
      }),
    stop: () => {
      declarations.stop();
      territories.stop();
    },
  };
}
