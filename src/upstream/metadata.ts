import { createHash } from 'node:crypto';
import type { Clock, Logger } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { connect } from './connection.ts';
import type { Connection, ConnectionNeeds } from './connection.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

/** Milliseconds during which metadata are served without asking again. */
export const freshFor = 30 * 60_000;
/** Milliseconds after which old metadata no longer serve even when the IdP cannot be asked. */
export const usableFor = 24 * 60 * 60_000;
/** Milliseconds during which an IdP that failed is not asked again: a login waits at most once for its timeout. */
export const restAfterFailure = 5_000;

interface Entry {
  readonly digest: string;
  connection: Connection | undefined;
  readAt: number;
  failure: BrokerError | undefined;
  failedAt: number;
  reading: Promise<Connection> | undefined;
}

/**
 * Metadata of IdPs, one entry per IdP, thrown away when its record changes. One reader at a time (fifty people who sign
 * in at once make one request), the former metadata when the IdP cannot be asked, and a short rest after a failure.
 * Signing keys are the library's: cached 300 s, read again when a token names an unknown key.
 */
export function createMetadata(
  needs: ConnectionNeeds & { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> },
): (idp: IdentityProvider) => Promise<Connection> {
  const entries = new Map<string, Entry>();
  const now = () => needs.clock().getTime();

  async function read(idp: IdentityProvider, entry: Entry): Promise<Connection> {
    try {
      entry.connection = await connect(idp, needs);
      entry.readAt = now();
      entry.failure = undefined;
      return entry.connection;
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

  return async (idp) => {
    const digest = digestOf(idp);
    let entry = entries.get(idp.id);
    if (entry?.digest !== digest) {
      entry = {
        digest,
        connection: undefined,
        readAt: 0,
        failure: undefined,
        failedAt: 0,
        reading: undefined,
      };
      entries.set(idp.id, entry);
    }
    const known = entry;
    if (known.connection !== undefined && now() - known.readAt < freshFor) return known.connection;
    if (known.failure !== undefined && now() - known.failedAt < restAfterFailure)
      return former(known, known.failure);
    known.reading ??= read(idp, known).finally(() => {
      known.reading = undefined;
    });
    return known.reading;
  };
}

const digests = new WeakMap<IdentityProvider, string>();

/** Records are immutable and live as long as a revision of the declarations: each is hashed once. */
function digestOf(idp: IdentityProvider): string {
  const known = digests.get(idp);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(JSON.stringify(idp)).digest('base64url');
  digests.set(idp, digest);
  return digest;
}
