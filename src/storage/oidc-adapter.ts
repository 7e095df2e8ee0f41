import type { Kysely } from 'kysely';
import Provider from 'oidc-provider';
import type { Adapter } from 'oidc-provider';
import type { Clock } from '../config/config.ts';
import { createArtifacts } from './artifacts.ts';
import type { EphemeralStore } from './ephemeral.ts';
import { createFamilies } from './families.ts';
import { createGrants } from './grants.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { createReplayMarks } from './replay-marks.ts';
import { createRevocation } from './revocation.ts';
import { createSessions } from './sessions.ts';
import type { Database } from './tables.ts';
import { unsupported } from './unsupported.ts';

export interface OidcAdapterNeeds {
  readonly db: Kysely<Database>;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
  /**
   * The client that is redeeming a refresh token now, if one is and its tokens rotate; by default the library's context
   * tells, and everybody's do.
   */
  readonly refreshingClient?: () => string | undefined;
}

function clientAtTokenEndpoint(): string | undefined {
  const oidc = Provider.ctx?.oidc;
  return oidc?.route === 'token' ? oidc.client?.clientId : undefined;
}

/** The adapter of oidc-provider: model name → its store. Clients are not kept here, so that none is ever found. */
export function createOidcAdapter(needs: OidcAdapterNeeds): (model: string) => Adapter {
  const { db, ephemeral, clock, refreshingClient = clientAtTokenEndpoint } = needs;
  const families = createFamilies({ db, ephemeral, clock });
  const revocation = createRevocation({ db, ephemeral, clock });
  const create = (model: string): Adapter => {
    switch (model) {
      case 'Client':
        return noClients;
      case 'Grant':
        return createGrants({ db, clock, families });
      case 'RefreshToken':
        return createRefreshTokens({ db, clock, families, refreshingClient });
      case 'Session':
        return createSessions({ ephemeral, revoke: (grants) => revocation.grants(grants) });
      case 'ReplayDetection':
        return createReplayMarks({ ephemeral });
      default:
        return createArtifacts({ model, ephemeral, clock, families });
    }
  };
  const adapters = new Map<string, Adapter>();
  return (model) => {
    const adapter = adapters.get(model) ?? create(model);
    adapters.set(model, adapter);
    return adapter;
  };
}

const noClients: Adapter = { ...unsupported('Client'), find: async () => undefined };
