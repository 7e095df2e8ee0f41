import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import { workOff } from '../storage/storage.ts';
import type { Database, WorkingOff } from '../storage/storage.ts';
import { nextAttempt } from './attempts.ts';
import type { Bounces } from './bounces.ts';
import { claimMails, settleMail } from './queue.ts';
import type { Claimed } from './queue.ts';
import type { Send } from './send.ts';

/** Mails under way at once in one process, each on a connection of its own. */
const atOnce = 4;

/** Sends what is due. The log says which mail and what it is about, never to whom nor what. */
export function createWorker(needs: {
  readonly db: Kysely<Database>;
  readonly send: Send;
  readonly bounces: Bounces;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}): WorkingOff {
  const { db, send, bounces, clock, logger } = needs;

  async function attempt(claimed: Claimed): Promise<void> {
    const { id, about, attempts } = claimed;
    const answer = await send(claimed);
    const now = clock();
    const next = answer.outcome === 'failed' ? nextAttempt(attempts, now) : undefined;
    const sent = answer.outcome === 'sent';
    const problem = answer.outcome === 'sent' ? undefined : answer.problem;
    await settleMail(db, claimed, {
      sent_at: sent ? now : null,
      given_up_at: sent || next !== undefined ? null : now,
      next_attempt_at: next ?? null,
      last_problem: problem ?? null,
    });
    if (answer.outcome === 'refused' && answer.code !== undefined)
      await bounces.note(db, now, { address: claimed.recipient, code: answer.code });
    const said = { mail: id, about, attempts, problem };
    if (sent) logger.info({ event: 'mail.sent', ...said }, 'a mail was sent');
    else if (next === undefined)
      logger.error({ event: 'mail.given_up', ...said }, 'a mail could not be sent');
    else logger.warn({ event: 'mail.retry', ...said, next }, 'a mail will be sent later');
  }

  return workOff({
    claim: (limit) => claimMails(db, clock(), limit),
    attempt,
    atOnce,
    onUnwritten: (error, { id }) =>
      logger.error({ err: error, mail: id }, 'the outcome of a mail could not be written'),
    onUnread: (error) => logger.warn({ err: error }, 'the mails to send could not be read'),
  });
}
