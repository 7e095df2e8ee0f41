import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { nextAttempt } from './attempts.ts';
import { claimMails, settleMail } from './queue.ts';
import type { Claimed } from './queue.ts';
import type { Send } from './send.ts';

/** Milliseconds between two looks: what another process left behind, and what is due again. */
const lookEvery = 5_000;
/** Mails under way at once in one process, each on a connection of its own. */
const atOnce = 4;

/**
 * Claims what is due and sends it. A claim comes first, so that of several processes one sends, and a process that dies
 * in the middle only delays. The log says which mail and what it is about, never to whom nor what.
 */
export function createWorker(needs: {
  readonly db: Kysely<Database>;
  readonly send: Send;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}): { wake(): void; start(): () => Promise<void> } {
  const { db, send, clock, logger } = needs;
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let again = false;
  let running = false;

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
    const said = { mail: id, about, attempts, problem };
    if (sent) logger.info({ event: 'mail.sent', ...said }, 'a mail was sent');
    else if (next === undefined)
      logger.error({ event: 'mail.given_up', ...said }, 'a mail could not be sent');
    else logger.warn({ event: 'mail.retry', ...said, next }, 'a mail will be sent later');
  }

  function begin(claimed: Claimed): void {
    const work = attempt(claimed)
      // Not written: the claim ends by itself, and the mail is sent again.
      .catch((error: unknown) => {
        logger.error({ err: error, mail: claimed.id }, 'the outcome of a mail could not be written');
      })
      .finally(() => {
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  }

  async function look(): Promise<void> {
    try {
      do {
        again = false;
        const room = atOnce - underWay.size;
        if (room <= 0) return;
        const claimed = await claimMails(db, clock(), room);
        claimed.forEach(begin);
        if (claimed.length === room) again = true;
      } while (again && running);
    } catch (error) {
      logger.warn({ err: error }, 'the mails to send could not be read');
    } finally {
      looking = undefined;
    }
  }

  function wake(): void {
    if (!running) return;
    if (looking === undefined) looking = look();
    else again = true;
  }

  return {
    wake,
    start() {
      running = true;
      const timer = setInterval(wake, lookEvery).unref();
      wake();
      return async () => {
        running = false;
        clearInterval(timer);
        await looking;
        await Promise.all(underWay);
      };
    },
  };
}
