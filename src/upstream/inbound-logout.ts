import { createHash } from 'node:crypto';
import type { Clock, Logger } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { KeySet } from '../keys/keys.ts';
import { createBoundedRecord } from './bounded-record.ts';
import { clockTolerance } from './connection.ts';
import type { Connection } from './connection.ts';
import { claimedName, logoutTokenLifetime, longestLogoutToken, verifyLogoutToken } from './logout-token.ts';
import type { LoggedOut, LogoutToken } from './logout-token.ts';
import { openLogoutToken } from './open-answers.ts';

/** For the record of acts: that an IdP ended sessions, never whose. */
export interface RecordedLogout {
  readonly act: 'upstream.log_out';
  /** `upstream:<idp>` */
  readonly subject: string;
  readonly after: {
    readonly by: 'person' | 'session';
    /** Not recorded one by one, in hours before, by this process. */
    readonly unrecorded_before?: number;
  };
}

export interface InboundLogout {
  /**
   * A logout token that this IdP posted (Back-Channel Logout §2.5), read once: whoever asks ends the sessions that it names.
   *
   * @throws BrokerError M-UPST-042 to M-UPST-045 a token that is refused; those of its keys when they cannot be read
   */
  read(idp: IdentityProvider, logoutToken: string): Promise<LoggedOut>;
}

export function createInboundLogout(needs: {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly metadata: (idp: IdentityProvider) => Promise<Connection>;
  readonly keys: () => Pick<KeySet, 'decryptionKeys'>;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly refused: (idp: IdentityProvider, code: ErrorCode) => Promise<void>;
  readonly record: (at: Date, logout: RecordedLogout) => Promise<void>;
}): InboundLogout {
  const { clock, logger, metadata, keys, once, refused } = needs;
  const record = createBoundedRecord<RecordedLogout>(needs);

  async function verified(idp: IdentityProvider, posted: string): Promise<LogoutToken> {
    if (posted.length > longestLogoutToken) throw refusal(idp, 'M-UPST-042', 'too long');
    const token = await openLogoutToken(idp, keys, posted).catch((error: unknown) => {
      throw error instanceof BrokerError ? refusal(idp, 'M-UPST-042', error.detail ?? '') : error;
    });
    const { config } = await metadata(idp);
    const read = await verifyLogoutToken(token, { config, idp, now: clock() });
    // For as long as it would pass the rule on `iat`, and a little longer.
    const expiresAt = new Date(read.issuedAt.getTime() + (logoutTokenLifetime + 2 * clockTolerance) * 1000);
    if (!(await once(`upstream-logout:${idp.id}:${markOf(read.jti)}`, expiresAt)))
      throw refusal(idp, 'M-UPST-045', 'this jti came before');
    return read;
  }

  async function remember(idp: IdentityProvider, by: 'person' | 'session'): Promise<void> {
    logger.info({ event: 'upstream.log_out', idp: idp.id, by }, 'an identity provider ends sessions');
    try {
      await record({ kind: `upstream-log-out:${idp.id}:${by}`, ceilings: [] }, (unrecorded) => ({
        act: 'upstream.log_out',
        subject: `upstream:${idp.id}`,
        after: { by, ...(unrecorded.ofKind === 0 ? {} : { unrecorded_before: unrecorded.ofKind }) },
      }));
    } catch (error) {
      // The sessions end in any case.
      logger.warn(
        { event: 'upstream.unrecorded', idp: idp.id, err: error },
        'a logout could not be recorded',
      );
    }
  }

  return {
    async read(idp, logoutToken) {
      try {
        const { subject, sid } = await verified(idp, logoutToken);
        await remember(idp, sid === undefined ? 'person' : 'session');
        return { subject, sid };
      } catch (error) {
        if (error instanceof BrokerError) await refused(idp, error.code);
        throw error;
      }
    },
  };
}

const refusal = (idp: IdentityProvider, code: ErrorCode, detail: string): BrokerError =>
  new BrokerError(code, { detail, values: { idp: idp.name } });

const markOf = (jti: string): string => createHash('sha256').update(jti).digest('base64url');

/** As long as a logout token can name it. */
export function idpSessionOf(idToken: Readonly<Record<string, unknown>>): string | undefined {
  return claimedName.safeParse(idToken['sid']).data;
}
