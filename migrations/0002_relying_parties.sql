-- What relying parties may ask of the provider: key rotation, resource servers, clients that register themselves, two
-- secrets at once, logout told to the tools. Expands only: a process of the version before runs beside this one.

alter table declared_object drop constraint declared_object_kind_check;
alter table declared_object add constraint declared_object_kind_check
  check (kind in ('service', 'client', 'identity_provider', 'policy', 'resource_server'));

-- A key signs from `activates_at` until the next one of its algorithm does; what it is at an instant follows from that.
-- `state` is what the version before reads: it is written once and goes with a later migration.
alter table signing_key add column activates_at timestamptz not null default now();
update signing_key set activates_at = created_at;

-- Clients that registered themselves (RFC 7591). The document has the shape of a declared client.
create table registered_client (
  client_id text primary key check (client_id <> ''),
  document text not null,
  -- SHA-256, base64url, of the registration access token (RFC 7592 §3).
  token_sha256 text not null check (token_sha256 ~ '^[0-9A-Za-z_-]{43}$'),
  -- What it may ask for at most, now and at each update: the scope of the token that it registered with.
  scope text not null check (scope <> ''),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- What allows to register (RFC 7591 §3): for one service, with some scopes, a number of times, until a date.
create table initial_access_token (
  token_sha256 text primary key check (token_sha256 ~ '^[0-9A-Za-z_-]{43}$'),
  service_id text not null check (service_id <> ''),
  scope text not null check (scope <> ''),
  uses_left integer not null check (uses_left >= 0),
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- When a client last showed each of its secrets: the former one can go once it is no longer used.
create table client_secret_use (
  client_id text not null,
  secret_sha256 text not null check (secret_sha256 ~ '^[0-9a-f]{64}$'),
  last_used_at timestamptz not null,
  primary key (client_id, secret_sha256)
);

-- Back-channel logout: one row for each tool to tell, kept as the record of its delivery.
create table logout_delivery (
  id uuid primary key,
  client_id text not null,
  uri text not null,
  account_id text not null,
  sid text,
  reason text not null check (reason in ('signed_out', 'session_ended', 'access_lost')),
  created_at timestamptz not null,
  attempts integer not null default 0 check (attempts >= 0),
  -- Null once delivered or given up.
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  given_up_at timestamptz,
  -- HTTP status of the last answer, or null when there was none; then `last_problem` says why.
  last_status integer,
  last_problem text
);
create index logout_delivery_due on logout_delivery (next_attempt_at) where next_attempt_at is not null;
create index logout_delivery_created on logout_delivery (created_at);
