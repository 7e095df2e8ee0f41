import type Provider from 'oidc-provider';
import type { Logger, Seal } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Approval } from '../eligibility/eligibility.ts';
import type { Http } from '../http/http.ts';
import type { Accounts } from '../identity/identity.ts';
import type { AccessOf, SessionEnding, SessionIdentities } from '../provider/provider.ts';
import type { PartnerSignIn } from './partner-needs.ts';
import type { FileSummary } from '../registrations/registrations.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** Everything that the steps of a login use, handed over by `compose.ts`. */
export interface InteractionNeeds {
  readonly library: Provider;
  readonly identities: SessionIdentities;
  readonly accessOf: AccessOf;
  readonly sessionEnding: SessionEnding;
  readonly snapshot: () => Snapshot;
  readonly upstream: Upstream;
  /** For the cookie of remembered-idp.ts. */
  readonly rememberedIdpSeal: Seal;
  readonly accounts: Accounts;
  /** For people without an identity provider. */
  readonly partnerSignIn: PartnerSignIn;
  /** Files that this person sent, the newest first. */
  readonly filesOf: (accountId: string) => Promise<readonly FileSummary[]>;
  readonly approvals: (siren: string) => Promise<readonly Approval[]>;
  readonly http: Http;
  readonly logger: Logger;
  readonly clock: () => Date;
  /** '' or the issuer's path, in front of every address that we write. */
  readonly basePath: string;
  /** The issuer without trailing slash. */
  readonly issuer: string;
  readonly secureCookies: boolean;
}
