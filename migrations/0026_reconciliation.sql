-- An identity that was linked to an account which its person already had (src/identity/reconcile.ts). Expands only: a process of
-- the version before reads the identity where it stands now.

create table reconciliation (
  id uuid primary key,
  idp_id text not null,
  issuer text not null,
  subject text not null,
  -- Where the identity stood; gone once that account was erased: then the way back makes a new one.
  from_account_id uuid references account (id) on delete set null,
  to_account_id uuid not null references account (id) on delete cascade,
  at timestamptz not null,
  undone_at timestamptz
);
create unique index reconciliation_open on reconciliation (issuer, subject) where undone_at is null;
create index reconciliation_to on reconciliation (to_account_id);
create index reconciliation_from on reconciliation (from_account_id);
