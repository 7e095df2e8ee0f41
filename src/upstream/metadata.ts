import { createHash } from 'node:crypto';
import type { Clock, Logger } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { connect } from './connection.ts';
import type { Connection, ConnectionNeeds } from './connection.ts';
import { createDoor, isAnswer } from './door.ts';
import type { Door } from './door.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { createKeys } from './keys.ts';
import type { Keys } from './keys.ts';

/** Milliseconds during which metadata are served without asking again. */
export const freshFor = 30 * 60_000;
/** Milliseconds after which old metadata no longer serve even when the IdP cannot be asked. */
export const usableFor = 24 * 60 * 60_000;
/** Milliseconds during which an IdP that failed is not asked again: a login waits at most once for its timeout. */
export const restAfterFailure = 5_000;
/** Looks in a row at which nothing of an IdP answered, after which nobody is sent there. */
export const silentLooks = 2;

interface Entry {
  readonly digest: string;
  readonly keys: Keys;
  readonly door: Door;
  connection: Connection | undefined;
  readAt: number;
  failure: BrokerError | undefined;
  failedAt: number;
  reading: Promise<Connection> | undefined;
  /** Whether keys came at the last look. */
  keysCame: boolean;
  /** Looks in a row at which nothing answered. */
  silent: number;
  /** An exchange found nobody since the last look. */
  doubted: boolean;
}

/** What is held of one IdP. */
export interface HeldMetadata {
  readonly readAt: Date | undefined;
  readonly keysReadAt: Date | undefined;
  /** Why they could not be read again. */
  readonly failure: { readonly at: Date; readonly error: BrokerError } | undefined;
  /** Something is wrong: it is looked at again soon. */
  readonly isFailing: boolean;
  readonly isAway: boolean;
  /** It is looked at again soon: something is wrong, or may be since an exchange found nobody. */
  readonly isDue: boolean;
}

export interface Metadata {
  /** @throws BrokerError M-UPST-001, M-UPST-002 */
  readonly of: (idp: IdentityProvider) => Promise<Connection>;
  /** In the background: metadata and keys, whatever their age. Never rejects. */
  readonly look: (idp: IdentityProvider) => Promise<void>;
  /**
   * Before a browser is sent there.
   *
   * @throws BrokerError M-UPST-001 when it answered before, and does not now
   */
  readonly assertThere: (idp: IdentityProvider, connection: Connection) => Promise<void>;
  /** Whether nothing answers there now, of one that answered before. Never rejects. */
  readonly isGone: (idp: IdentityProvider) => Promise<boolean>;
  /** Whether an exchange with it brought an answer. */
  readonly note: (idp: IdentityProvider, answered: boolean) => void;
  readonly held: (idpId: string) => HeldMetadata | undefined;
}

export interface MetadataNeeds extends ConnectionNeeds {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly onKeyChange: (idp: IdentityProvider) => void;
}

/**
 * Metadata of IdPs, one entry per IdP, thrown away when its record changes. One reader at a time (fifty people who sign
 * in at once make one request), the former metadata when the IdP cannot be asked, and a short rest after a failure. Keys
 * live beside them (keys.ts), and so does what is known of the page to which people are sent (door.ts). An IdP of which
 * nothing answers, or whose page does no more, seen twice in the background, is away: nobody is sent there or waits for it, until a look finds it again.
 */
export function createMetadata(needs: MetadataNeeds): Metadata {
  const entries = new Map<string, Entry>();
  const now = () => needs.clock().getTime();

  async function read(idp: IdentityProvider, entry: Entry, andKeys: boolean): Promise<Connection> {
    try {
      const connection = await connect(idp, needs);
      if (andKeys) entry.keysCame = await entry.keys.read(connection.config, Math.ceil(idp.timeout_s) * 1000);
      entry.keys.serve(connection.config);
      entry.connection = connection;
      entry.readAt = now();
      if (idp.metadata === undefined) entry.door.note(true);
      entry.failure = undefined;
      return connection;
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      entry.failure = error;
      entry.failedAt = now();
      needs.logger.warn(
        { idp: idp.id, error: error.message },
        'metadata of an identity provider could not be read',
      );
      return former(entry, error);
    }
  }

  function former(entry: Entry, failure: BrokerError): Connection {
    if (entry.connection === undefined || now() - entry.readAt >= usableFor) throw failure;
    return entry.connection;
  }

  function entryOf(idp: IdentityProvider): Entry {
    const digest = digestOf(idp);
    const known = entries.get(idp.id);
    if (known?.digest === digest) return known;
    const keys = createKeys({
      now,
      onChange: (change) => {
        needs.logger.info(
          { event: 'idp_keys', idp: idp.id, ...change },
          'an identity provider changed its keys',
        );
        needs.onKeyChange(idp);
      },
    });
    const entry: Entry = {
      digest,
      keys,
      door: createDoor(now),
      connection: undefined,
      readAt: 0,
      failure: undefined,
      failedAt: 0,
      reading: undefined,
      keysCame: true,
      silent: 0,
      doubted: false,
    };
    entries.set(idp.id, entry);
    return entry;
  }

  const readOnce = (idp: IdentityProvider, entry: Entry, andKeys: boolean): Promise<Connection> => {
    entry.reading ??= read(idp, entry, andKeys).finally(() => {
      entry.reading = undefined;
    });
    return entry.reading;
  };

  async function letsIn(idp: IdentityProvider, connection: Connection): Promise<boolean> {
    const entry = entryOf(idp);
    const isOpen = await entry.door.letsIn(connection, idp);
    if (!isOpen) entry.silent = Math.max(entry.silent, 1);
    return isOpen;
  }

  return {
    async of(idp) {
      const entry = entryOf(idp);
      const { connection, failure, readAt, failedAt } = entry;
      if (isAway(entry)) throw failure ?? nothingAnswers(idp);
      if (connection !== undefined && now() - readAt < freshFor) return connection;
      // One finds out whether it is back; the others do not wait.
      if (failure !== undefined && (now() - failedAt < restAfterFailure || entry.reading !== undefined))
        return former(entry, failure);
      return readOnce(idp, entry, false);
    },

    async look(idp) {
      const entry = entryOf(idp);
      const wasAway = isAway(entry);
      const connection = await readOnce(idp, entry, true).catch(() => entry.connection);
      // Metadata that the record spells out are not asked for: then keys say whether somebody is there.
      const heard =
        entry.failure === undefined ? idp.metadata === undefined || entry.keysCame : isAnswer(entry.failure);
      const opens = await entry.door.knock(connection, idp);
      entry.silent = opens || (heard && !entry.door.isKnown()) ? 0 : entry.silent + 1;
      entry.doubted = false;
      if (isAway(entry) !== wasAway) {
        const fields = { event: 'idp_reach', idp: idp.id, status: wasAway ? 'back' : 'away' };
        if (wasAway) needs.logger.info(fields, 'an identity provider answers again');
        else needs.logger.warn(fields, 'an identity provider does not answer: nobody is sent there');
      }
    },

    async assertThere(idp, connection) {
      if (!(await letsIn(idp, connection))) throw nothingAnswers(idp);
    },

    async isGone(idp) {
      const { connection } = entryOf(idp);
      return connection !== undefined && !(await letsIn(idp, connection));
    },

    note(idp, answered) {
      const entry = entryOf(idp);
      entry.door.note(answered);
      entry.doubted = !answered;
    },

    held(idpId) {
      const entry = entries.get(idpId);
      if (entry === undefined) return undefined;
      const { failure, readAt } = entry;
      const isFailing = failure !== undefined || entry.silent > 0 || !entry.keysCame;
      return {
        readAt: readAt === 0 ? undefined : new Date(readAt),
        keysReadAt: entry.keys.readAt(),
        failure: failure === undefined ? undefined : { at: new Date(entry.failedAt), error: failure },
        isFailing,
        isAway: isAway(entry),
        isDue: isFailing || entry.doubted,
      };
    },
  };
}

const nothingAnswers = (idp: IdentityProvider): BrokerError =>
  new BrokerError('M-UPST-001', { detail: `${idp.id}: nothing of it answers`, values: { idp: idp.name } });

const isAway = (entry: Entry): boolean => entry.silent >= silentLooks;

const digests = new WeakMap<IdentityProvider, string>();

/** Records are immutable and live as long as a revision of the declarations: each is hashed once. */
function digestOf(idp: IdentityProvider): string {
  const known = digests.get(idp);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(JSON.stringify(idp)).digest('base64url');
  digests.set(idp, digest);
  return digest;
}
