/**
 * What people ask and what is decided for them: files, lots, guests, members, personal data, and the mails that tell them.
 * Wired here for compose.ts, once there is somebody who ends what was issued.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { createBatches } from './batches/batches.ts';
import { createBlocking } from './blocking/blocking.ts';
import type { BlockingNeeds } from './blocking/blocking.ts';
import { mailOf } from './beside-requests.ts';
import { createFingerprints } from './config/config.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import { createDns, createDomains } from './domains/domains.ts';
import type { DnsLookups } from './domains/domains.ts';
import { isDisposable } from './homerealm/homerealm.ts';
import type { OneTimeCodes } from './codes/codes.ts';
import type { Http } from './http/http.ts';
import { createInviting } from './invitations/invitations.ts';
import { createJoining } from './joining/joining.ts';
import type { Knowledge } from './knowledge.ts';
import { createMembers } from './members/members.ts';
import { chargeToDecide, domainDeciders } from './operators/operators.ts';
import { createPersonalData } from './personal-data/personal-data.ts';
import type { PersonalDataNeeds } from './personal-data/personal-data.ts';
import { lifetimes } from './provider/provider.ts';
import type { OpenIdProvider } from './provider/provider.ts';
import { createRegistrations } from './registrations/registrations.ts';
import type { Stores } from './storage/storage.ts';

export type Casework = ReturnType<typeof createCasework>;

export function createCasework(needs: {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly databaseClock: (() => Promise<Date>) | undefined;
  readonly db: Stores['db'];
  readonly http: Http;
  readonly knowledge: Knowledge;
  readonly issuer: string;
  readonly codes: OneTimeCodes;
  /** That of the machine when absent. */
  readonly dns?: DnsLookups | undefined;
  /** Of the provider in force, which comes later. */
  readonly ending: Pick<OpenIdProvider, 'endLostAccess'> &
    Pick<PersonalDataNeeds, 'sessions'> &
    Pick<BlockingNeeds, 'endAccess'>;
}) {
  const { config, logger, clock, db, http, knowledge, issuer, ending } = needs;
  const { snapshot, organization, approvals } = knowledge;
  const { mailer, bounces, readMails } = mailOf({ config, db, clock, logger, http });
  const onCommit = () => mailer.wake();
  const fingerprints = createFingerprints(config.encryptionKeys, 'refused memberships');
  const effects = { db, clock, logger, randomId: randomUUID, snapshot, onCommit };

  const registrations = createRegistrations({
    ...effects,
    databaseClock: needs.databaseClock,
    randomBytes,
    organization,
    chargeOf: chargeToDecide({ snapshot, clock }),
    silence: config.silence,
    examinationTargetDays: config.examinationTargetDays,
    authority: config.authority,
    issuer,
    onAccessChanged: async (right) => {
      approvals.forget(right.siren);
      await ending.endLostAccess(right);
      await joining.followMandates(right.siren);
    },
  });
  const inviting = createInviting({
    ...effects,
    onChanged: (address) => knowledge.invitations.forget(address),
    onEnded: ending.endLostAccess,
  });
  const members = createMembers({
    ...effects,
    organizationName: knowledge.organizationName,
    inviting,
    onChanged: (accountId) => knowledge.revokedMemberships.forget(accountId),
    onRevoked: (accountId) => ending.endLostAccess({ accountId }),
  });
  const joining = createJoining({
    ...effects,
    random: randomBytes,
    codes: needs.codes,
    facts: (siret) => knowledge.registry.lookUp(siret),
    organization,
    isDisposable,
    fingerprints,
    onEnded: (accountId) => ending.endLostAccess({ accountId }),
    issuer,
  });
  return {
    mailer,
    readMails,
    joining,
    registrations,
    inviting,
    members,
    domains: createDomains({
      ...effects,
      randomBytes,
      issuer,
      codes: needs.codes,
      dns: createDns(needs.dns ?? new Resolver({ timeout: 3_000, tries: 2 })),
      isDisposable,
      providers: () => snapshot().identityProviders.values(),
      representativesOf: (siren) => members.representativesOf(siren),
      deciders: domainDeciders({ snapshot, clock }),
      organizationName: knowledge.organizationName,
      // Who came by that domain acts for the organization no more.
      onLost: () => joining.watch(),
    }),
    blocking: createBlocking({
      ...effects,
      sessionSeconds: lifetimes.sessionAbsolute,
      endAccess: ending.endAccess,
      onChanged: (accountId) => knowledge.revokedMemberships.forget(accountId),
      onBlocked: () => inviting.watch(),
    }),
    batches: createBatches({
      ...effects,
      issuer,
      randomBytes,
      territories: knowledge.territories.current,
      registrations,
    }),
    /** What is known of an organization has changed by our own hand: who has no access any more loses it now. */
    onFactsChanged: (siren: string) => ending.endLostAccess({ siren }),
    personalData: createPersonalData({
      ...effects,
      issuer,
      registrations,
      inviting,
      fingerprints,
      bounces,
      ...ending,
    }),
  };
}
