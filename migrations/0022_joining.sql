-- How somebody comes to act for an organization: asked here, proven, and ended here. Expands only: the version before knows
-- nothing of it, and takes nobody for a member whom only these tables name.

create table joined_membership (
  id uuid primary key,
  account_id uuid not null references account (id),
  siren text not null check (siren ~ '^[0-9]{9}$'),
  -- The establishment that claims name.
  siret text not null check (siret ~ '^[0-9]{14}$' and left(siret, 9) = siren),
  state text not null
    check (state in ('requested', 'awaiting_code', 'awaiting_representative', 'awaiting_operator', 'active', 'ended')),
  ended text check (ended in ('revoked', 'expired', 'left', 'refused', 'withdrawn')),
  -- What organization_link says; of a request, nothing.
  level text check (level in ('declared', 'email_domain', 'moderated', 'official_source')),
  method text check (method <> ''),
  -- First active, and last proven.
  since timestamptz,
  verified_at timestamptz,
  -- Last day, inclusive, Europe/Paris; null: until somebody ends it.
  until date,
  is_external boolean not null default false,
  -- Who answers for somebody from outside.
  sponsor_account_id uuid references account (id),
  -- Number of the file in which an operator examined the mandate.
  file text,
  -- Rule of the last answer, with its version.
  rule text not null check (rule <> ''),
  -- As the person was called then, and the mailbox that counted; null once forgotten.
  given_name text,
  usual_name text,
  address text,
  -- Official mailbox to which a code was sent.
  contact text,
  -- What the person wrote to whoever answers, and what was answered.
  message text,
  answer text,
  asked_at timestamptz not null,
  changed_at timestamptz not null,
  reminded_for date,
  version integer not null default 0,
  check ((state = 'ended') = (ended is not null)),
  check (state <> 'active' or (level is not null and method is not null and since is not null and verified_at is not null)),
  check (not is_external or state <> 'active' or (until is not null and sponsor_account_id is not null))
);
-- One at a time for a person and a legal unit.
create unique index joined_membership_open on joined_membership (account_id, siren) where state <> 'ended';
create index joined_membership_account on joined_membership (account_id);
create index joined_membership_siren on joined_membership (siren, state);
create index joined_membership_waiting on joined_membership (asked_at)
  where state in ('requested', 'awaiting_code', 'awaiting_representative', 'awaiting_operator');
create index joined_membership_until on joined_membership (until) where state = 'active' and until is not null;
create index joined_membership_method on joined_membership (method, siren) where state = 'active';
create index joined_membership_changed on joined_membership (changed_at) where state = 'ended';

-- Evidence: rows are only ever added.
create table joining_event (
  membership_id uuid not null references joined_membership (id) on delete cascade,
  seq integer not null,
  at timestamptz not null,
  act text not null check (act <> ''),
  -- Without a name: account:…, operator:anne, broker.
  actor text not null check (actor <> ''),
  method text,
  rule text,
  -- JSON text: reasons, level, last day.
  detail text not null,
  primary key (membership_id, seq)
);

create table joining_invitation (
  id uuid primary key,
  siren text not null check (siren ~ '^[0-9]{9}$'),
  siret text not null check (siret ~ '^[0-9]{14}$' and left(siret, 9) = siren),
  -- Canonical; only this mailbox may take it.
  address text not null check (address <> ''),
  -- SHA-256, base64url, of the link's token.
  token_sha256 text not null unique,
  sponsor_account_id uuid not null references account (id),
  is_external boolean not null,
  until date,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended text check (ended in ('accepted', 'withdrawn', 'replaced')),
  accepted_by uuid references account (id),
  check ((ended is null) = (ended_at is null)),
  check (not is_external or until is not null)
);
create unique index joining_invitation_open on joining_invitation (siren, address) where ended is null;
create index joining_invitation_address on joining_invitation (address);
create index joining_invitation_sponsor on joining_invitation (sponsor_account_id);

-- Domains by which nobody comes to act for an organization: an operator said so.
create table joining_domain_refusal (
  siren text not null check (siren ~ '^[0-9]{9}$'),
  domain text not null check (domain <> ''),
  refused_by text not null check (refused_by <> ''),
  at timestamptz not null,
  primary key (siren, domain)
);

-- Who else uses a domain that a public list names.
create index register_record_mail_domain on register_record (split_part(key, '/', 1)) where shelf = 'email_domain';
