-- What follows for memberships from invitations, refusals and files. Expands only: the version before writes none of it.

-- Without a name, account:…: whoever invited the one who did this act, of an invitation that was taken.
alter table joining_event add column vouched_by text check (vouched_by <> '');

-- A refusal outlives the erasure of whoever was refused, without naming them: keyed hashes of their identities and mailboxes.
create table joining_refusal (
  fingerprint text not null check (fingerprint <> ''),
  siren text not null check (siren ~ '^[0-9]{9}$'),
  until timestamptz not null,
  primary key (fingerprint, siren)
);
create index joining_refusal_until on joining_refusal (until);

-- The state of files and accounts for which what follows for whoever represents a legal unit was carried out: a hash.
create table joining_mandate (
  siren text primary key check (siren ~ '^[0-9]{9}$'),
  state text not null check (state <> ''),
  looked_at timestamptz not null
);
create index joining_mandate_looked on joining_mandate (looked_at);
