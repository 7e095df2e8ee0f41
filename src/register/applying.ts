import type { Author, Rna, Siren, Siret, Source, StatedFacts } from '../organizations/organizations.ts';

/** Who says it, as of when, and by which way it came. The same for all records of one batch. */
export interface Applying {
  readonly source: Source;
  /** ISO date of the source. */
  readonly asOf: string;
  readonly now: Date;
  readonly importId?: number | undefined;
  /** Only for connectors. */
  readonly fetchedAt?: string | undefined;
  /** How the source is named to people, where it is not the usual name. */
  readonly label?: string | undefined;
  /** Only for what a person decided. */
  readonly author?: Author | undefined;
  readonly reason?: string | undefined;
  /**
   * Words that the table is known to hold, kept by the caller from batch to batch so that they are not sent again; begun
   * anew when a transaction of the caller failed.
   */
  readonly knownWords?: Set<string> | undefined;
  /** Called while only the database has work, perhaps several times: the moment to read on. */
  readonly whileWriting?: (() => void) | undefined;
  /** Only for establishments: who makes legal units follow their head offices, in place of the batch itself. */
  readonly seats?: LaterSeats | undefined;
}

/** The communes of legal units, written batch by batch beside the next batch. */
export interface LaterSeats {
  /** SIRETs of head offices that this batch wrote: the communes of their legal units follow once it is committed. */
  later(sirets: readonly string[]): void;
  /** The batch under way is the only writer from here on: what the batches before it left is done meanwhile. */
  begin(): void;
  /** That is done: the batch may change legal units itself, or end. */
  done(): Promise<void>;
}

/** One organization as one source describes it. At least one of the three identifiers. */
export interface OrganizationRecord {
  readonly siren?: Siren | undefined;
  readonly rna?: Rna | undefined;
  /** `AM-COURT-VOLUME-FOLIO`. */
  readonly localRegister?: string | undefined;
  readonly facts: StatedFacts;
}

export interface EstablishmentRecord {
  readonly siret: Siret;
  readonly state: 'A' | 'F';
  readonly headOffice: boolean;
  readonly communeCode?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly naf?: string | undefined;
  readonly naf25?: string | undefined;
  readonly sizeBand?: string | undefined;
  readonly usualName?: string | undefined;
  readonly createdOn?: string | undefined;
  readonly diffusion?: 'O' | 'P' | undefined;
}

/** What became of a batch: each record is counted once. */
export interface Outcome {
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly refused: readonly RefusedRecord[];
}

export interface RefusedRecord {
  /** In the batch, from 0. */
  readonly index: number;
  readonly reason: 'unit_unknown' | 'older_than_held' | 'twice_in_batch';
  readonly detail: string;
}
