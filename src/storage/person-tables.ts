import type { Generated } from 'kysely';

/** See `src/personal-data/`. */
export interface PersonTables {
  erasure: ErasureTable;
  erasure_request: ErasureRequestTable;
  reconciliation: ReconciliationTable;
}

/** See `src/identity/reconcile.ts`. */
export interface ReconciliationTable {
  id: string;
  idp_id: string;
  issuer: string;
  subject: string;
  from_account_id: string | null;
  to_account_id: string;
  at: Date;
  undone_at: Date | null;
}

/** An account whose data was erased; its number never comes back. */
export interface ErasureTable {
  account_id: string;
  erased_at: Date;
  /** JSON text: subjects of the record whose details are to go later. */
  kept: string;
  /** First civil day (Paris) on which something more may go. */
  again_on: Generated<string | null>;
}

/** Prepared by one administrator, for another one to confirm. */
export interface ErasureRequestTable {
  id: string;
  account_id: string;
  /** By which the person was found, when it is proven to be theirs. */
  address: string | null;
  reason: string;
  /** Id of the operator. */
  asked_by: string;
  /** JSON text: identity and address of that operator as of then. */
  author: string;
  asked_at: Date;
}
