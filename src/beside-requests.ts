/**
 * What goes on beside the requests: tools are told of logouts, mails leave, time acts on files, what has expired is
 * deleted. Wired here for compose.ts.
 */
import type { Middleware } from 'koa';
import type { Batches } from './batches/batches.ts';
import type { Blocking } from './blocking/blocking.ts';
import { createFingerprints } from './config/config.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import type { Domains } from './domains/domains.ts';
import { createDevMailbox } from './http/http.ts';
import type { Http } from './http/http.ts';
import type { Inviting } from './invitations/invitations.ts';
import type { Joining } from './joining/joining.ts';
import { purgeRetiredKeys } from './keys/keys.ts';
import type { Logouts } from './logout/logout.ts';
import { bouncePurpose, createBounces, createMailbox, createMailer } from './mail/mail.ts';
import type { Bounces, Mailer } from './mail/mail.ts';
import type { Members } from './members/members.ts';
import type { Registrations } from './registrations/registrations.ts';
import type { PersonalData } from './personal-data/personal-data.ts';
import { purgeExpired, purgeSignInUses, startPurging } from './storage/storage.ts';
import type { Stores } from './storage/storage.ts';

/** The sending of mails; and where they are read while nobody sends them, never in production. */
export function mailOf(needs: {
  readonly config: Config;
  readonly db: Stores['db'];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly http: Http;
}): { readonly mailer: Mailer; readonly bounces: Bounces; readonly readMails: readonly Middleware[] } {
  const { config, db, clock, logger, http } = needs;
  const { smtpUrl, mailFrom: from, issuer, production } = config;
  const readMails =
    production || smtpUrl !== undefined
      ? []
      : [
          createDevMailbox({
            mailbox: createMailbox(db),
            renderPage: http.renderPage,
            basePath: config.issuerPath,
            issuer,
          }),
        ];
  const bounces = createBounces(createFingerprints(config.encryptionKeys, bouncePurpose));
  const mailer = createMailer({ db, clock, logger, bounces, smtpUrl, from, issuer, production });
  return { mailer, bounces, readMails };
}

/** @returns what stops all of it, and resolves once what was under way has ended */
export function goOnBesideRequests(needs: {
  readonly db: Stores['db'];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logouts: Logouts;
  readonly mailer: Mailer;
  readonly registrations: Registrations;
  readonly inviting: Inviting;
  readonly personalData: Pick<PersonalData, 'purge'>;
  readonly members: Members;
  readonly batches: Batches;
  readonly blocking: Blocking;
  readonly joining: Joining;
  readonly domains: Domains;
  readonly rightsEveryMs: number | undefined;
}): () => Promise<void> {
  const {
    db,
    clock,
    logger,
    logouts,
    mailer,
    registrations,
    inviting,
    personalData,
    members,
    batches,
    blocking,
    joining,
    domains,
    rightsEveryMs,
  } = needs;
  const stopTelling = logouts.start();
  const stopMailing = mailer.start();
  const stopRegistrations = registrations.start({ rightsMs: rightsEveryMs });
  const stopWatching = inviting.start(rightsEveryMs);
  const stopBatches = batches.carryingOut.start();
  const stopMembers = members.start(rightsEveryMs);
  const stopJoining = joining.start(rightsEveryMs);
  const stopBlocking = blocking.start(rightsEveryMs);
  const stopDomains = domains.start();
  const stopPurging = startPurging(
    [
      (limit) => purgeExpired(db, clock(), limit),
      (limit) => purgeSignInUses(db, clock, limit),
      (limit) => logouts.purge(limit),
      (limit) => mailer.purge(limit),
      () => purgeRetiredKeys(db, clock()),
      ...registrations.purges,
      (limit) => inviting.purge(limit),
      (limit) => personalData.purge(limit),
      (limit) => members.purge(limit),
      (limit) => joining.purge(limit),
      (limit) => batches.purge(limit),
      (limit) => domains.purge(limit),
    ],
    (error) => logger.warn({ err: error }, 'expired rows could not be purged'),
  );
  return async () => {
    stopPurging();
    stopWatching();
    stopMembers();
    stopBlocking();
    stopJoining();
    stopDomains();
    // They call registrations/: they stop first.
    await stopBatches();
    await stopRegistrations();
    await Promise.all([stopTelling(), stopMailing()]);
  };
}
