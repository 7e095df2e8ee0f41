import type Provider from 'oidc-provider';
import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Client, Snapshot } from '../declarations/declarations.ts';
import type { Assess, ReasonCode } from '../eligibility/eligibility.ts';
import type { DeclaredMemberships, RevokedMemberships } from '../identity/identity.ts';
import type { Departure } from '../logout/logout.ts';
import { isGrant, liveGrantsOf } from '../storage/storage.ts';
import type { Database, Holders, LiveGrant, Revocation } from '../storage/storage.ts';
import { createAccess, takingEmailCode } from './access.ts';
import type { AccessOf } from './access.ts';
import { snapshotSchema } from './grants.ts';
import type { GrantSnapshot } from './grants.ts';

/** Whose right may have ended (an approval, an invitation, a membership); to every service when none is named. */
export type LostAccess = Holders & { readonly service?: string | undefined };

/** Ends what was issued under a right that has ended. @returns how many grants it ended or told of */
export type EndLostAccess = (lost: LostAccess) => Promise<number>;

/** Grants read in one statement, and looked at at the same time. */
const page = 200;
const atOnce = 20;

/** Outages and faults of ours: the next request is refused too, but nothing is taken away for good. */
const passing: readonly ReasonCode[] = ['registry_unavailable_stale', 'policy_missing'];

/**
 * Asks for every live grant of an organization or a person, as if its tool had just asked, whether the person still has access. Who
 * has lost it: the tool is told by back-channel logout, and for a tool that leaves the door to us the grant ends with all
 * that was issued under it. A tool that decides by itself (`claims`) keeps its grant: its tokens say that access is
 * denied. Of a membership that was revoked nothing is kept anywhere: there is no token that would be true.
 */
export function createEndLostAccess(needs: {
  readonly library: Provider;
  readonly db: Kysely<Database>;
  readonly snapshot: () => Snapshot;
  /** Made for each call: it remembers nothing from before. */
  readonly assessNow: () => Assess;
  readonly declaredMemberships: DeclaredMemberships;
  readonly revokedMemberships: RevokedMemberships;
  readonly revocation: Revocation;
  readonly tell: (...departures: readonly Departure[]) => Promise<void>;
  readonly logger: Pick<Logger, 'info'>;
  readonly clock: Clock;
}): EndLostAccess {
  const { library, db, snapshot, revocation, tell, logger, clock } = needs;
  /** Grants of tools that decide by themselves, and that were told: not each time that somebody asks. */
  const told = new Set<string>();

  async function departureOf(grant: LiveGrant, { session: uid }: GrantSnapshot): Promise<Departure[]> {
    const { clientId, accountId } = grant;
    const client = await library.Client.find(clientId);
    const uri = client?.backchannelLogoutUri;
    if (client === undefined || uri === undefined) return [];
    const reason = 'access_lost';
    const session = uid === undefined ? undefined : await library.Session.findByUid(uid);
    if (session === undefined) {
      // Our session has ended, the tool's perhaps not: without its `sid` a tool is told of the person, or of nothing.
      return client.backchannelLogoutSessionRequired === true
        ? []
        : [{ clientId, uri, accountId, sid: undefined, reason }];
    }
    // In the same session the person may have come back for another organization: that one goes on.
    const current = session.grantIdFor(clientId);
    if (current === undefined || !isGrant(grant, current)) return [];
    return [{ clientId, uri, accountId, sid: session.sidFor(clientId), reason }];
  }

  async function look(grant: LiveGrant, client: Client, accessOf: AccessOf): Promise<boolean> {
    const read = snapshotSchema.safeParse(JSON.parse(grant.snapshot));
    if (!read.success) return false;
    const { decision, passes } = await accessOf(undefined, { client, ...read.data });
    const { reason } = decision;
    if (decision.decision !== 'deny' || (reason !== undefined && passing.includes(reason))) {
      told.delete(grant.id);
      return false;
    }
    if (told.has(grant.id)) return false;
    // Told first: if the rest fails it is done again, and a tool hears twice rather than never.
    await tell(...(await departureOf(grant, read.data)));
    if (passes) remember(grant.id);
    else await revocation.stored([grant.id]);
    logger.info(
      {
        event: 'access.lost',
        client: client.client_id,
        account: grant.accountId,
        siret: read.data.membership.siret,
        reason,
      },
      'what was issued under a right that has ended has ended',
    );
    return true;
  }

  function remember(id: string): void {
    const [oldest] = told;
    if (told.size >= 100_000 && oldest !== undefined) told.delete(oldest);
    told.add(id);
  }

  return async (lost) => {
    const { service } = lost;
    const clients = new Map(
      [...snapshot().clients].filter(([, client]) => service === undefined || client.service === service),
    );
    const accessOf = createAccess({
      assess: needs.assessNow(),
      declaredMemberships: needs.declaredMemberships,
      revokedMemberships: needs.revokedMemberships,
      takesEmailCode: takingEmailCode(needs),
    });
    let ended = 0;
    let after = '';
    for (;;) {
      const clientIds = [...clients.keys()];
      const grants = await liveGrantsOf(db, { ...lost, clientIds, now: clock(), after, limit: page });
      for (let start = 0; start < grants.length; start += atOnce) {
        const lost = await Promise.all(
          grants.slice(start, start + atOnce).map(async (grant) => {
            const client = clients.get(grant.clientId);
            return client !== undefined && (await look(grant, client, accessOf));
          }),
        );
        ended += lost.filter(Boolean).length;
      }
      after = grants.at(-1)?.id ?? '';
      if (grants.length < page) return ended;
    }
  };
}
