import { createHash } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Device } from '../http/http.ts';
import type { SessionIdentities } from '../provider/provider.ts';

/** A browser in which a person is signed in. */
export interface OwnSession {
  /** What stands for it in a form: neither its cookie nor its uid can be found from it. */
  readonly handle: string;
  readonly uid: string;
  readonly startedAt: Date | undefined;
  readonly device: Device;
  /** Id of the identity provider. */
  readonly idp: string;
  /** Ids of the clients that it opened, and that the person has not left alone since. */
  readonly clients: readonly string[];
}

/** Nobody has more browsers than this; a program that signs in over and over does. */
const shown = 50;

/** The sessions of an account that are open now, the newest first. */
export async function sessionsOf(
  accountId: string,
  { library, identities }: { readonly library: Provider; readonly identities: SessionIdentities },
): Promise<readonly OwnSession[]> {
  const uids = await identities.uidsOf(accountId);
  const found = await Promise.all(
    uids.slice(-shown).map(async (uid): Promise<readonly OwnSession[]> => {
      const session = await library.Session.findByUid(uid);
      const record = await identities.ofSession(uid);
      if (session?.accountId !== accountId || record?.signIn.accountId !== accountId) return [];
      const { startedAt, device = {}, signIn } = record;
      return [
        {
          handle: createHash('sha256').update(`session\u0000${uid}`).digest('base64url'),
          uid,
          startedAt: startedAt === undefined ? undefined : new Date(startedAt * 1000),
          device,
          idp: signIn.idp,
          clients: Object.keys(session.authorizations ?? {}).filter(
            (clientId) => session.grantIdFor(clientId) !== undefined,
          ),
        },
      ];
    }),
  );
  return found.flat().toSorted((one, other) => timeOf(other) - timeOf(one));
}

const timeOf = ({ startedAt }: OwnSession): number => startedAt?.getTime() ?? 0;
