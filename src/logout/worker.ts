import type { Clock, Logger } from '../config/config.ts';
import type { GuardedFetch } from '../http/http.ts';
import { workOff } from '../storage/storage.ts';
import type { WorkingOff } from '../storage/storage.ts';
import { nextAttempt, outcomeOf } from './attempts.ts';
import type { Answer } from './attempts.ts';
import { deliver, problemOf } from './deliver.ts';
import type { Message, MessageOf } from './deliver.ts';
import type { Claimed, Outcome, Queue } from './queue.ts';

/** Deliveries under way at once in one process. */
const atOnce = 16;

/**
 * Delivers what is due. When a process dies in the middle a tool may hear twice of one logout: its token says the same,
 * and to end an ended session again does no harm (§2.6).
 */
export function createWorker(needs: {
  readonly queue: Queue;
  readonly messageOf: MessageOf;
  readonly fetch: GuardedFetch;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}): WorkingOff {
  const { queue, messageOf, fetch, clock, logger } = needs;

  async function attempt(claimed: Claimed): Promise<void> {
    const { id, client_id: clientId, account_id: accountId, sid, attempts, created_at: createdAt } = claimed;
    let message: Message | undefined;
    let answer: Answer;
    let gone = false;
    try {
      message = await messageOf({ clientId, accountId, sid: sid ?? undefined });
      gone = message === undefined;
      answer =
        message === undefined
          ? { problem: 'the tool no longer declares where to be told' }
          : await deliver(fetch, message);
    } catch (error) {
      answer = { problem: `no token: ${problemOf(error)}` };
    }
    const now = clock();
    const outcome = outcomeOf(answer);
    const next = outcome === 'failed' && !gone ? nextAttempt(attempts, createdAt, now) : undefined;
    const delivered = outcome === 'delivered';
    const written: Outcome = {
      ...(message === undefined ? {} : { uri: message.uri }),
      delivered_at: delivered ? now : null,
      given_up_at: delivered || next !== undefined ? null : now,
      next_attempt_at: next ?? null,
      last_status: answer.status ?? null,
      last_problem: answer.problem ?? null,
    };
    await queue.settle(claimed, written);
    const said = { delivery: id, client: clientId, account: accountId, attempts, ...answer };
    if (delivered) logger.info({ event: 'backchannel.delivered', ...said }, 'a tool was told of a logout');
    else if (next === undefined)
      logger.error({ event: 'backchannel.given_up', ...said }, 'a tool could not be told of a logout');
    else logger.warn({ event: 'backchannel.retry', ...said, next }, 'a tool will be told of a logout later');
  }

  return workOff({
    claim: (limit) => queue.claim(limit),
    attempt,
    atOnce,
    onUnwritten: (error, { id }) =>
      logger.error({ err: error, delivery: id }, 'the outcome of a logout could not be written'),
    onUnread: (error) => logger.warn({ err: error }, 'the logouts to deliver could not be read'),
  });
}
