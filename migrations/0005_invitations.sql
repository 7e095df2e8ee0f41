-- Guests: an agent invites one address to one service, until a day. Expands only: a process of the version before runs
-- beside this one.

create table invitation (
  id uuid primary key,
  service_id text not null check (service_id <> ''),
  -- What is compared with the address that somebody has proven: canonical, in lower case.
  address text not null check (address = lower(address) and address ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  -- Canonical, in the letters of the sponsor: where the mails go.
  written_address text not null check (lower(written_address) = address),
  sponsor_account_id uuid not null references account (id) on delete cascade,
  -- As they were when the invitation was sent.
  sponsor_name text not null,
  sponsor_email text not null,
  sponsor_siret text not null check (sponsor_siret ~ '^[0-9]{14}$'),
  sponsor_organization text not null,
  reason text not null check (reason <> ''),
  -- Civil days in Paris, both inclusive.
  starts_on date not null,
  ends_on date not null,
  created_at timestamptz not null,
  renewed_at timestamptz,
  revoked_at timestamptz,
  -- Without a name: 'account:…', 'operator:anne'.
  revoked_by text,
  -- Another invitation of the same address to the same service took its place once it had ended.
  replaced_at timestamptz,
  check (ends_on >= starts_on),
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index invitation_open on invitation (service_id, address)
  where revoked_at is null and replaced_at is null;
create index invitation_address on invitation (address) where replaced_at is null;
create index invitation_sponsor on invitation (sponsor_account_id);
create index invitation_organization on invitation ((left(sponsor_siret, 9)));
create index invitation_end on invitation (ends_on);
create index invitation_revoked on invitation (revoked_at) where revoked_at is not null;
