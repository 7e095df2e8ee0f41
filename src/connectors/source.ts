import type { Siret, Source } from '../organizations/organizations.ts';
import type { Answer } from '../register/register.ts';

/** The registers that we can ask over the network. */
export const sourceIds = [
  'recherche_entreprises',
  'api_sirene',
  'api_entreprise',
] as const satisfies Source[];
export type SourceId = (typeof sourceIds)[number];

export interface OrganizationSource {
  readonly id: SourceId;
  /** False where the source leaves some establishments out: that it does not hold one then proves nothing. */
  readonly absenceIsProof: boolean;
  /** @throws SourceUnavailable when the source gave no answer that can be believed */
  bySiret(siret: Siret, signal: AbortSignal): Promise<Answer>;
}

export type Unavailability =
  | 'time_out'
  | 'no_connection'
  | 'server_error'
  /** Not the form that the source documents: HTML, broken JSON, a missing field, a redirection, too many bytes. */
  | 'wrong_answer'
  /** The key or token is not accepted. */
  | 'refused'
  /** The source says that we ask wrongly (400, 406, 414, 422). */
  | 'wrong_request'
  | 'rate_limited'
  /** Not asked: it failed too often a moment ago. */
  | 'resting'
  /** Not asked: too many requests wait for it already. */
  | 'busy'
  /** The login had no time left; nothing is wrong with the source. */
  | 'out_of_time';

/** Reasons that lie with us or that the source announced: they do not count towards its breaker. */
const harmless: ReadonlySet<Unavailability> = new Set(['rate_limited', 'resting', 'busy', 'out_of_time']);

export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable';
  readonly source: SourceId;
  readonly reason: Unavailability;
  readonly retryAt: Date | undefined;

  /** @param detail never a key, never a query */
  constructor(source: SourceId, reason: Unavailability, detail: string, retryAt?: Date) {
    super(`${source}: ${reason}: ${detail}`);
    this.source = source;
    this.reason = reason;
    this.retryAt = retryAt;
  }

  get isFailure(): boolean {
    return !harmless.has(this.reason);
  }
}
