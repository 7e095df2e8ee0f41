/**
 * mail/: mails to people, sent once what they tell is sure.
 *
 * What it does: keeps a durable queue of mails in SQL, written in the transaction of what they tell, and hands them to
 * the deployer's mail server beside the requests: nobody waits for a mail server, and one that is down only delays.
 *
 * Flow: queueMail() writes rows in the caller's transaction (queue.ts), addresses and subjects checked (check-mail.ts)
 * ──▶ the worker of any process claims rows that are due, for longer than a sending may take (worker.ts) ──▶ SMTP (send.ts)
 * ──▶ sent, tried again later (attempts.ts) or given up. A process that dies between the mail server's yes and the row sends
 * the same mail a second time, with the same Message-ID. Rows go 30 days after. Without a mail server rows wait 30
 * days, and `mailbox.ts` reads them for the page of development. What carries a one-time code is wiped once it left, and after an
 * hour (secrets.ts). What a mail server refuses for good is noted by address, under a keyed digest (bounces.ts). What it says
 * later, in a delivery status notification (RFC 3464), cli/ reads from the deployer's mail server (delivery-status.ts):
 * only by the id of the envelope, which mail servers are told and recipients are not.
 *
 * May import: storage, config, errors.
 */
import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { purgeBounces } from './bounces.ts';
import type { Bounces } from './bounces.ts';
import { dropWaiting, purgeMails } from './queue.ts';
import { wipeSecrets } from './secrets.ts';
import { createSender } from './send.ts';
import { createWorker } from './worker.ts';

export { bouncePurpose, createBounces, mailHealth, noteDeliveryFailure } from './bounces.ts';
export type { Bounce, Bounces, MailHealth } from './bounces.ts';
export { readDeliveryStatus } from './delivery-status.ts';
export type { DeliveryFailure } from './delivery-status.ts';
export { eraseMailsTo, mailsTo } from './of-person.ts';
export { queueMail } from './queue.ts';
export type { Mail } from './queue.ts';
export { createMailbox } from './mailbox.ts';
export type { KeptMail, Mailbox } from './mailbox.ts';

export interface Mailer {
  /** @returns what stops looking, and resolves once the mails under way are settled (a minute at most) */
  start(): () => Promise<void>;
  /** Looks now for what is due, rather than at the next turn. */
  wake(): void;
  /** Deletes mails sent or given up more than 30 days ago, those that nobody sends, old bounces; wipes secrets; some `limit`. @returns how many */
  purge(limit: number): Promise<number>;
}

export interface MailerNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly bounces: Bounces;
  /** Absent: mails wait in the database. */
  readonly smtpUrl: string | undefined;
  /** Address that mails come from. */
  readonly from: string;
  /** Its host stands in the Message-ID. */
  readonly issuer: URL;
  /** Nobody reads `/dev/mailbox` there: a missing mail server is worth a warning. */
  readonly production: boolean;
}

export function createMailer(needs: MailerNeeds): Mailer {
  const { db, clock, logger, bounces, smtpUrl, from, issuer, production } = needs;
  async function purge(limit: number): Promise<number> {
    const now = clock();
    const done = [
      await wipeSecrets(db, now, limit),
      await purgeBounces(db, now, limit),
      await purgeMails(db, now, limit),
    ];
    return Math.max(...done);
  }
  if (smtpUrl === undefined) {
    return {
      start() {
        if (production)
          logger.warn({ event: 'mail.no_server' }, 'SMTP_URL is not set: mails wait in the database');
        return () => Promise.resolve();
      },
      wake: () => undefined,
      async purge(limit) {
        const dropped = await dropWaiting(db, clock(), limit);
        for (const { id, about } of dropped)
          logger.error(
            { event: 'mail.given_up', mail: id, about },
            'a mail waited 30 days for a mail server',
          );
        return Math.max(dropped.length, await purge(limit));
      },
    };
  }
  const send = createSender({ smtpUrl, from, host: issuer.hostname });
  return { ...createWorker({ db, clock, logger, send, bounces }), purge };
}
