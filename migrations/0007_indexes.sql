-- Outside a transaction.
-- Indexes over tables that every sign-in reads or writes, or that hold a row for every organization of the country: nobody
-- waits while they are built.

-- Whose right has ended: the grants of one legal unit, to end what was issued under them.
create index concurrently if not exists oidc_grant_siren
  on oidc_grant ((left(snapshot_text(snapshot, '{membership,siret}'), 9))) where revoked_at is null;

-- What was issued to a guest is found by the address that they proved when they signed in.
create index concurrently if not exists oidc_grant_email
  on oidc_grant ((lower(snapshot_text(snapshot, '{signIn,email}')))) where revoked_at is null;

-- Organizations that are suspended, few among millions.
create index concurrently if not exists organization_suspended
  on organization (siren) where suspended_at is not null;

-- Whose invitations end with their account.
create index concurrently if not exists account_blocked
  on account (blocked_at) where blocked_at is not null;

-- Rights that end by their date.
create index concurrently if not exists approval_end
  on approval (ends_on) where status = 'active';
