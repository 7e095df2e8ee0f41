import type { IdentityProvider } from '../declarations/declarations.ts';
import type { BreakerState } from '../http/http.ts';
import type { Certificates } from './certificates.ts';
import type { Exchanges } from './exchanges.ts';
import type { History, Outcomes } from './history.ts';
import type { Metadata } from './metadata.ts';

/** What this process knows of an IdP: for operators, and for whoever watches the figures. */
export interface IdpStatus extends Omit<Outcomes, 'lastFailure'> {
  readonly lastFailure: { readonly at: Date; readonly code: string } | undefined;
  readonly id: string;
  readonly name: string;
  /** `failing`: its metadata or keys could not be read again, and the former serve. `away`: nobody is sent there. */
  readonly reach: 'unknown' | 'answers' | 'failing' | 'away';
  /** Of the exchanges that end a sign-in. */
  readonly breaker: BreakerState;
  readonly metadataReadAt: Date | undefined;
  readonly keysReadAt: Date | undefined;
  /** Of the host of its issuer; undefined while nobody has connected to it over TLS. */
  readonly certificateEndsAt: Date | undefined;
}

export function statusOf(
  idp: IdentityProvider,
  from: {
    readonly metadata: Metadata;
    readonly exchanges: Exchanges;
    readonly history: History;
    readonly certificates: Certificates;
  },
): IdpStatus {
  const held = from.metadata.held(idp.id);
  const outcomes = from.history.of(idp.id);
  const failures = [
    outcomes.lastFailure,
    held?.failure && { at: held.failure.at, code: held.failure.error.code },
  ].filter((one) => one !== undefined);
  return {
    ...outcomes,
    id: idp.id,
    name: idp.name,
    lastFailure: failures.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0],
    reach: reachOf(held),
    breaker: from.exchanges.state(idp.id),
    metadataReadAt: held?.readAt,
    keysReadAt: held?.keysReadAt,
    certificateEndsAt: from.certificates.endOf(new URL(idp.issuer).hostname),
  };
}

function reachOf(held: ReturnType<Metadata['held']>): IdpStatus['reach'] {
  if (held === undefined) return 'unknown';
  if (held.isAway) return 'away';
  if (held.isFailing) return held.readAt === undefined ? 'away' : 'failing';
  return held.readAt === undefined ? 'unknown' : 'answers';
}
