/**
 * blocking/: an account that nobody may use, until it is given back; and a mail domain in which nobody is believed, because others
 * may read its mailboxes.
 *
 * What it does: blocks an account and unblocks it, by an administrator in the console or on the server, with a reason; has
 * everything that was issued to it end, in this process and in all others. Holds a domain and gives it back, on the server.
 *
 * Flow: operators/ (the page of a person) or cli/ (`maillon account block`) ──▶ change(): row, end of grants and refresh
 * tokens, and audit entry in one transaction (block.ts) ──▶ after its commit, onChanged(): memory forgets ──▶ endAccess():
 * sessions and access tokens end, tools are told. In processes where nobody did it the watch finds it (watch.ts), and each
 * decision asks (identity/revoked-memberships.ts), from 30 s ago at most. A new sign-in is refused by identity/accounts.ts.
 * What was open before stays ended when the account is given back: only a new sign-in opens anything. The same watch ends what an
 * account had open when its owner was given it back (cli/ `maillon account restore`, partners/), at each look for as long as a session
 * lives: what failed is tried again, and sessions that were opened since are left alone.
 * cli/ (`maillon domain hold`) ──▶ holdDomain(): row, revision of what is declared, and audit entry (held-domains.ts) ──▶ the
 * snapshot of each process: codes, sign-ins and tokens are refused (homerealm/held-domain.ts), what a mailbox there proved ties
 * nobody to an organization (identity/declared-people.ts) ──▶ the same watch ends what its people have open.
 *
 * May import: identity (what rests on a mailbox), declarations (their revision), audit, storage, config, errors. It decides about no organization and no membership.
 */
import { lookAgain } from '../storage/storage.ts';
import { changeBlock } from './block.ts';
import type { BlockRequest, BlockingNeeds } from './block.ts';
import { readBlock } from './block.ts';
import type { Block } from './block.ts';
import { createBlockWatch } from './watch.ts';

export { giveBackDomain, heldDomains, holdDomain } from './held-domains.ts';
export type { DomainRequest, HeldSince } from './held-domains.ts';
export { changeBlock, hasBlockReason, longestBlockReason } from './block.ts';
export type { Block, BlockingNeeds, BlockRequest } from './block.ts';

export interface Blocking {
  /** Undefined for an account that is not there, or that was erased and to which nothing leads. */
  of(accountId: string): Promise<Block | undefined>;
  change(request: BlockRequest): Promise<void>;
  /** Has those who were blocked, or whose domain is held, lose what was issued to them; now. */
  watch(): Promise<void>;
  /** The same, again and again. @returns what stops it */
  start(everyMs?: number): () => void;
}

/** With the 30 s that a process may believe what it remembers, a blocked account has lost everything everywhere within 60 s. */
const watchMs = 20_000;

export function createBlocking(needs: BlockingNeeds): Blocking {
  const { db, logger } = needs;
  const watcher = createBlockWatch(needs);

  async function end(accountId: string, openedUntil?: Date): Promise<void> {
    needs.onChanged(accountId);
    try {
      await needs.endAccess(accountId, openedUntil);
    } catch (error) {
      // It is over all the same: each use asks, and the watch ends the rest.
      logger.error(
        { event: 'account.blocked', err: error, account: accountId },
        'what a blocked account has open ends later',
      );
    }
  }

  async function watch(): Promise<void> {
    for (const { accountId, openedUntil } of await watcher.look()) await end(accountId, openedUntil);
  }

  return {
    of: (accountId) => readBlock(db, accountId),
    async change(request) {
      await changeBlock(needs, request);
      logger.info({ event: `account.${request.act}`, account: request.accountId }, 'an account was changed');
      // After an unblock too: a sign-in that was under way meanwhile may have left a session.
      await end(request.accountId);
      if (request.act === 'block') await needs.onBlocked();
    },
    watch,
    start(everyMs = watchMs) {
      const loop = lookAgain({
        read: watch,
        pollMs: everyMs,
        onProblem: (error) =>
          logger.error({ event: 'account.watch', err: error }, 'blocked accounts could not be looked at'),
      });
      return () => loop.stop();
    },
  };
}
