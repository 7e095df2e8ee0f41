-- Accounts of people without an identity provider. Expands only: the version before has no such people, and keeps what is here.

create table partner (
  id uuid primary key,
  given_name text not null,
  usual_name text not null,
  created_at timestamptz not null
);

create table partner_address (
  id uuid primary key,
  partner_id uuid not null references partner (id) on delete cascade,
  -- As typed, canonical.
  address text not null,
  -- In lower case: whoever has proven this mailbox signs in.
  spelling text not null unique,
  -- The same, without what is known to name one mailbox twice (dots and tags of some mail services): one partner a mailbox.
  comparable text not null unique,
  proven_at timestamptz not null,
  is_primary boolean not null default false
);
create index partner_address_partner on partner_address (partner_id);
create unique index partner_address_primary on partner_address (partner_id) where is_primary;

create table partner_authenticator (
  id uuid primary key,
  partner_id uuid not null references partner (id) on delete cascade,
  kind text not null check (kind in ('passkey', 'totp')),
  name text not null check (name <> ''),
  created_at timestamptz not null,
  last_used_at timestamptz,
  -- Of a passkey (WebAuthn §4, credential record); id and COSE public key in base64url.
  credential_id text unique,
  public_key text,
  sign_count bigint,
  device_type text check (device_type in ('singleDevice', 'multiDevice')),
  backed_up boolean,
  user_verification boolean,
  aaguid text,
  -- JSON text.
  transports text,
  -- When its owner was last told that the counter went back.
  suspect_at timestamptz,
  -- Of an application: the secret, sealed, and the last 30 s step whose code was accepted (RFC 6238 §5.2).
  secret text,
  last_step bigint,
  check (kind <> 'passkey' or (credential_id is not null and public_key is not null and sign_count is not null
    and device_type is not null and backed_up is not null and user_verification is not null)),
  check (kind <> 'totp' or (secret is not null and last_step is not null))
);
create index partner_authenticator_partner on partner_authenticator (partner_id);

create table partner_recovery_code (
  partner_id uuid not null references partner (id) on delete cascade,
  -- scrypt, base64url; one salt for the codes that were made together.
  hash text not null,
  salt text not null,
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (partner_id, hash)
);

-- Every second factor is lost: who asked waits until then.
create table partner_lost_factors (
  partner_id uuid primary key references partner (id) on delete cascade,
  asked_at timestamptz not null,
  ready_at timestamptz not null
);
