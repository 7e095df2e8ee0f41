/**
 * What people ask and what is decided for them: files, lots, guests, members, personal data, and the mails that tell them.
 * Wired here for compose.ts, once there is somebody who ends what was issued.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createBatches } from './batches/batches.ts';
import { mailOf } from './beside-requests.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import type { Http } from './http/http.ts';
import { createInviting } from './invitations/invitations.ts';
import type { Knowledge } from './knowledge.ts';
import { createMembers } from './members/members.ts';
import { chargeToDecide } from './operators/operators.ts';
import { createPersonalData } from './personal-data/personal-data.ts';
import type { PersonalDataNeeds } from './personal-data/personal-data.ts';
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
  /** Of the provider in force, which comes later. */
  readonly ending: Pick<OpenIdProvider, 'endLostAccess'> & Pick<PersonalDataNeeds, 'sessions' | 'endAccess'>;
}) {
  const { config, logger, clock, db, http, knowledge, issuer, ending } = needs;
  const { snapshot, organization, approvals } = knowledge;
  const { mailer, readMails } = mailOf({ config, db, clock, logger, http });
  const onCommit = () => mailer.wake();
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
  return {
    mailer,
    readMails,
    registrations,
    inviting,
    members,
    batches: createBatches({
      ...effects,
      issuer,
      randomBytes,
      territories: knowledge.territories.current,
      registrations,
    }),
    /** What is known of an organization has changed by our own hand: who has no access any more loses it now. */
    onFactsChanged: (siren: string) => ending.endLostAccess({ siren }),
    personalData: createPersonalData({ ...effects, issuer, registrations, inviting, ...ending }),
  };
}
