import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Revocation } from '../storage/storage.ts';
import type { Departure } from '../logout/logout.ts';
import { wasOpenedBy } from './session-identity.ts';
import type { SessionIdentities } from './session-identity.ts';

/** Ends sessions from outside of the library's own logout: from afar, or because somebody else signs in. */
export interface SessionEnding {
  /**
   * Ends one session, of whichever browser: the tools opened in it are told, every grant given in it, replaced ones
   * included, is revoked with all that was issued under it, its cookie opens nothing any more.
   *
   * @returns false when there was no such session
   */
  end(sessionUid: string, reason: Departure['reason']): Promise<boolean>;
  /**
   * Every session of the account, and every grant that outlives sessions (`offline_access`).
   *
   * @param openedUntil only sessions that were opened until then, with the grants given in them
   */
  endAll(accountId: string, reason: Departure['reason'], openedUntil?: Date): Promise<void>;
}

export function createSessionEnding(needs: {
  readonly library: Provider;
  readonly identities: SessionIdentities;
  readonly revocation: Revocation;
  readonly tell: (...departures: readonly Departure[]) => Promise<void>;
}): SessionEnding {
  const { library, identities, revocation, tell } = needs;

  async function departuresOf(session: Session, reason: Departure['reason']): Promise<readonly Departure[]> {
    const { accountId } = session;
    if (accountId === undefined) return [];
    const found = await Promise.all(
      Object.keys(session.authorizations ?? {}).map(async (clientId): Promise<readonly Departure[]> => {
        const sid = session.sidFor(clientId);
        const client = sid === undefined ? undefined : await library.Client.find(clientId);
        const uri = client?.backchannelLogoutUri;
        return uri === undefined ? [] : [{ clientId, uri, accountId, sid, reason }];
      }),
    );
    return found.flat();
  }

  async function end(sessionUid: string, reason: Departure['reason']): Promise<boolean> {
    const session = await library.Session.findByUid(sessionUid);
    if (session === undefined) {
      await identities.forget(sessionUid);
      return false;
    }
    // Told first: if the rest fails the person tries again, and a tool hears twice rather than never.
    await tell(...(await departuresOf(session, reason)));
    const grants = Object.keys(session.authorizations ?? {}).flatMap(
      (clientId) => session.grantIdFor(clientId) ?? [],
    );
    // Grants of a former version do not name their session.
    await revocation.grants(grants);
    if (session.accountId !== undefined) await revocation.session(session.accountId, session.uid);
    await session.destroy();
    await identities.forget(sessionUid);
    return true;
  }

  return {
    end,
    async endAll(accountId, reason, openedUntil) {
      for (const uid of await identities.uidsOf(accountId)) {
        const record = await identities.ofSession(uid);
        // The session may have gone to somebody else since: their sign-in replaced the record.
        if (record !== undefined && record.signIn.accountId !== accountId) continue;
        if (record !== undefined && openedUntil !== undefined && !wasOpenedBy(record, openedUntil)) continue;
        await end(uid, reason);
      }
      if (openedUntil === undefined) await revocation.account(accountId);
    },
  };
}
