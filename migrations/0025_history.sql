-- Where people signed in, and which claims went there: a line a day for each tool, organization and browser, kept for a year.
-- Expands only: the version before writes nothing here.
create table sign_in_use (
  id bigint generated always as identity primary key,
  account_id uuid not null references account (id) on delete cascade,
  client_id text not null,
  siret text not null,
  -- Civil day, Europe/Paris.
  day date not null,
  -- In closed words; empty when the browser said nothing that is known.
  browser text not null,
  system text not null,
  -- JSON array: names of claims, never their values.
  claims text not null,
  last_at timestamptz not null,
  times integer not null,
  unique (account_id, client_id, siret, day, browser, system)
);
create index sign_in_use_last on sign_in_use (last_at);
