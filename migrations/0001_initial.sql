-- What must not be lost (see src/storage/tables.ts for the same tables as the code sees them).
-- Runs on PostgreSQL 15 or newer and on PGlite. A migration never changes once applied: write the next one.
-- No key leads from `approval` and `declared_membership` to `organization`: a decision or an assertion may concern a legal unit
-- that the register does not hold yet, and it must survive a new import of the register.

-- Clients, identity providers, services and policies, as `maillon apply` wrote them.
create table declared_object (
  kind text not null check (kind in ('service', 'client', 'identity_provider', 'policy')),
  id text not null check (id <> ''),
  document text not null,
  digest text not null,
  updated_at timestamptz not null,
  primary key (kind, id)
);

-- One row, raised by every change: what the processes poll.
create table declared_revision (
  one boolean primary key default true check (one),
  revision integer not null
);
insert into declared_revision (revision) values (0);

create table organization (
  siren text primary key check (siren ~ '^[0-9]{9}$'),
  name text not null check (name <> ''),
  legal_category text check (legal_category ~ '^[0-9]{4}$'),
  unit_state text not null check (unit_state in ('A', 'C')),
  rna text check (rna ~ '^[0-9A-Z]{6,14}$'),
  created_on date,
  declared_population integer check (declared_population >= 0),
  qualifications text not null default '[]',
  suspended_at timestamptz,
  source text not null,
  source_date date not null,
  updated_at timestamptz not null
);
create index organization_rna on organization (rna) where rna is not null;

create table establishment (
  siret text primary key check (siret ~ '^[0-9]{14}$'),
  siren text not null references organization (siren) on delete cascade,
  state text not null check (state in ('A', 'F')),
  commune_code text check (commune_code ~ '^[0-9AB]{5}$'),
  naf text,
  head_office boolean not null,
  check (left(siret, 9) = siren)
);
create index establishment_siren on establishment (siren);

-- Days are inclusive, Europe/Paris.
create table approval (
  id text primary key check (id <> ''),
  siren text not null check (siren ~ '^[0-9]{9}$'),
  service_id text not null,
  level text not null check (level in ('member', 'guest')),
  ground text not null check (ground <> ''),
  reason text not null check (reason <> ''),
  starts_on date not null,
  ends_on date not null,
  status text not null check (status in ('active', 'suspended', 'pending', 'refused')),
  decided_by text not null,
  decided_on date not null,
  origin text not null,
  updated_at timestamptz not null,
  check (starts_on <= ends_on)
);
create index approval_siren on approval (siren);
create index approval_service on approval (service_id, ends_on);

create table account (
  id uuid primary key,
  created_at timestamptz not null,
  blocked_at timestamptz
);

-- The key of an account is (issuer, subject): OpenID Connect Core §5.7. The address is not in it.
create table identity (
  idp_id text not null,
  issuer text not null check (issuer <> ''),
  subject text not null check (subject <> ''),
  account_id uuid not null references account (id) on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (issuer, subject)
);
create index identity_account on identity (account_id);

create table declared_membership (
  idp_id text not null,
  subject text not null,
  siret text not null check (siret ~ '^[0-9]{14}$'),
  level text not null check (level in ('declared', 'email_domain', 'moderated', 'official_source')),
  method text not null,
  verified_at timestamptz not null,
  primary key (idp_id, subject, siret)
);

-- A revoked grant stays as a tombstone until it expires: a request that had read it before cannot bring it back.
-- No key to `account`: whether the account still exists is asked at every use of the grant.
create table oidc_grant (
  id text primary key check (id ~ '^[0-9A-Za-z_-]{43}$'),
  account_id text not null,
  client_id text not null,
  payload text not null,
  snapshot text,
  expires_at timestamptz not null,
  revoked_at timestamptz
) with (fillfactor = 80);
create index oidc_grant_account on oidc_grant (account_id);
create index oidc_grant_expiry on oidc_grant (expires_at);

create table oidc_refresh_token (
  id text primary key check (id ~ '^[0-9A-Za-z_-]{43}$'),
  grant_id text not null references oidc_grant (id) on delete cascade,
  client_id text not null,
  payload text not null,
  consumed_at timestamptz,
  expires_at timestamptz not null
) with (fillfactor = 80);
create index oidc_refresh_token_grant on oidc_refresh_token (grant_id);
create index oidc_refresh_token_expiry on oidc_refresh_token (expires_at);

create table signing_key (
  kid text primary key check (kid <> ''),
  alg text not null,
  state text not null check (state in ('current', 'retired', 'next')),
  sealed_jwk text not null,
  created_at timestamptz not null default now()
);
create unique index signing_key_current on signing_key (alg) where state = 'current';
