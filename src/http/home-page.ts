import type { Answer } from './pages.ts';

/** `/`: the services, and what one organization may use of them. */
export interface HomePage {
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    /** Who may use it, one sentence. */
    readonly audience: string;
    readonly url?: string | undefined;
  }[];
  /** What the form holds; it asks `/?q=&commune=&type=`. Links ask `/?siret=` and `/?id=`. */
  readonly query?: string | undefined;
  readonly commune?: string | undefined;
  readonly type?: string | undefined;
  readonly types: readonly { readonly value: string; readonly label: string }[];
  readonly error?:
    | 'missing'
    | 'malformed'
    | 'unknown'
    | 'tooShort'
    | 'unknownCommune'
    | 'unknownType'
    | 'unavailable'
    | undefined;
  /** Several communes have the name that was given. */
  readonly communes?:
    readonly { readonly name: string; readonly department: string; readonly href: string }[] | undefined;
  readonly list?: FoundList | undefined;
  readonly result?: CatalogueResult | undefined;
}

/** Enough to tell homonyms apart. */
export interface OrganizationLine {
  readonly name: string;
  readonly acronym?: string | undefined;
  readonly type: string;
  /** « Vannes (56) ». */
  readonly place?: string | undefined;
  readonly active: boolean;
  readonly siren?: string | undefined;
  readonly rna?: string | undefined;
  /** ISO date; where it tells two apart. */
  readonly createdOn?: string | undefined;
}

/** Organizations whose name was typed, twenty a page. */
export interface FoundList {
  /** Empty: the page says what to try. */
  readonly found: readonly (OrganizationLine & { readonly href: string })[];
  readonly total: number;
  /** There are others: a commune brings them. */
  readonly more: boolean;
  readonly page: number;
  readonly pages: number;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
  readonly corrections: readonly { readonly typed: string; readonly instead: readonly string[] }[];
}

/** Who says so: « INSEE, base Sirene », and an ISO date. */
export interface FactSource {
  readonly label: string;
  readonly asOf: string;
  /** An operator corrected it: the capacity and the organization of that person, an ISO date, and the reason. */
  readonly correction?: { readonly by: string; readonly on: string; readonly reason: string } | undefined;
}

export interface CatalogueResult {
  readonly name: string;
  readonly acronym?: string | undefined;
  readonly type: string;
  /** Absent: nobody can sign in for it yet, and there are no rows. */
  readonly siret?: string | undefined;
  readonly rna?: string | undefined;
  readonly commune?: string | undefined;
  readonly createdOn?: string | undefined;
  readonly active: boolean;
  /** Of what has no source of its own. */
  readonly source?: string | undefined;
  readonly sourceDate?: string | undefined;
  /** Of the facts that come from elsewhere, or that an operator corrected. */
  readonly origins?:
    | Readonly<Partial<Record<'name' | 'type' | 'commune' | 'state' | 'rna', FactSource | undefined>>>
    | undefined;
  /** What to know before believing it: whole sentences. */
  readonly doubts?: readonly string[] | undefined;
  /** The source no longer answers: when this copy was fetched. */
  readonly copiedOn?: Date | undefined;
  readonly rows: readonly {
    readonly service: string;
    readonly answer: Answer;
    readonly reason: string;
    /** Last day of the right, as an ISO date. */
    readonly endsOn?: string | undefined;
  }[];
}
