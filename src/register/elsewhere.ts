import type { Siren, Siret, Source } from '../organizations/organizations.ts';
import type { EstablishmentRecord, OrganizationRecord } from './applying.ts';

/** What a register that is asked over the network (connectors/) says of one establishment and its legal unit. */
interface Described {
  readonly source: Source;
  /** ISO date: the day on which the source said so. */
  readonly asOf: string;
  readonly organization: OrganizationRecord;
  readonly establishment: EstablishmentRecord;
}

export interface Found extends Described {
  readonly kind: 'found';
}

/** The SIREN asked is a duplicate (HTTP 301 of INSEE): the records are those of the head office of its successor. */
export interface Moved extends Described {
  readonly kind: 'moved';
  readonly successor: Siren;
}

export type Answer =
  | Found
  | Moved
  /** The source knows no such establishment. */
  | { readonly kind: 'not_found' }
  /** It exists, and its person asked that nothing be said of it (HTTP 403 of INSEE). */
  | { readonly kind: 'not_diffusible' };

/** `sign_in`: nothing is known and a person waits. `renewal`: a copy is there; leave room for those who wait. */
export type Urgency = 'sign_in' | 'renewal';

/**
 * Asks the registers that are configured, in their order.
 *
 * @throws RegistersUnavailable when none of them could answer: the answer is then unknown, never "no"
 */
export type Elsewhere = (siret: Siret, urgency: Urgency) => Promise<Answer>;

export class RegistersUnavailable extends Error {
  override readonly name = 'RegistersUnavailable';
  /** When it makes sense to ask again; undefined when nobody knows. */
  readonly retryAt: Date | undefined;

  constructor(message: string, retryAt?: Date) {
    super(message);
    this.retryAt = retryAt;
  }
}
