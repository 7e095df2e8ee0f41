-- Members: who has acted for which legal unit. Expands only: a process of the version before runs beside this one, writes
-- nothing here, and lets in whoever is revoked here until it stops.

create table membership (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id) on delete cascade,
  siren text not null check (siren ~ '^[0-9]{9}$'),
  -- Establishment, identity provider and proof of the last sign-in for this organization.
  siret text not null check (siret ~ '^[0-9]{14}$' and left(siret, 9) = siren),
  idp_id text not null,
  origin text not null check (origin in ('idp', 'declared')),
  level text not null check (level in ('declared', 'email_domain', 'moderated', 'official_source')),
  method text not null,
  -- As the identity provider said them at that sign-in. Null once forgotten: only what was revoked is then kept.
  given_name text,
  usual_name text,
  email text,
  -- Whether the identity provider answered for the mailbox then: otherwise the address leads to nobody.
  email_verified boolean not null default false,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- Last confirmation. Without a name: 'account:…', 'operator:anne'.
  confirmed_at timestamptz,
  confirmed_by text,
  -- While this stands, the account acts for the organization nowhere, whatever its identity provider says.
  revoked_at timestamptz,
  revoked_by text,
  -- Null once forgotten; the record of acts keeps it as long as it keeps anything.
  revoked_reason text,
  -- How many acts: what a page says that it has seen.
  version integer not null default 0 check (version >= 0),
  unique (account_id, siren),
  check ((confirmed_at is null) = (confirmed_by is null)),
  check ((revoked_at is null) = (revoked_by is null)),
  check (revoked_at is not null or revoked_reason is null)
);
create index membership_siren on membership (siren, last_seen_at);
create index membership_revoked on membership (revoked_at) where revoked_at is not null;
create index membership_last_seen on membership (last_seen_at);
