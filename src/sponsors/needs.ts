import type { Clock, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Http } from '../http/http.ts';
import type { Inviting } from '../invitations/invitations.ts';
import type { AccessOf, SessionIdentities } from '../provider/provider.ts';
import type { Visitors } from '../visitor/visitor.ts';

export interface SponsorNeeds {
  readonly inviting: Inviting;
  readonly visitors: Visitors;
  readonly identities: SessionIdentities;
  readonly accessOf: AccessOf;
  readonly snapshot: () => Snapshot;
  readonly http: Http;
  readonly logger: Pick<Logger, 'info'>;
  readonly clock: Clock;
  readonly basePath: string;
}
