-- Policies that operators write in the console: drafts, and who published which version. Expands only: a process of the
-- version before runs beside this one.

-- Who a declared object belongs to. What the console published is not for `maillon apply` to change or to remove.
alter table declared_object add column origin text not null default 'configuration'
  check (origin in ('configuration', 'console'));

-- A published version is what decisions were taken under: it never changes and never goes. The trigger holds for the version
-- before as well, whose `maillon apply` knows nothing of origins: there, nothing happens.
create function keep_published() returns trigger language plpgsql as $$
begin
  return null;
end
$$;
create trigger declared_object_published before update or delete on declared_object
  for each row when (old.origin = 'console') execute function keep_published();

create table policy_draft (
  id text primary key check (id <> ''),
  service_id text not null check (service_id <> ''),
  -- As its author writes it, YAML or JSON, right or wrong.
  document text not null,
  -- The highest version when it was begun: publishing needs that there be no other since. 0: there was none.
  base integer not null check (base >= 0),
  -- Why, for whoever is asked to confirm and for the record.
  reason text not null default '',
  state text not null check (state in ('draft', 'proposed', 'published', 'discarded')),
  -- Operators' ids, and JSON texts: name, capacity, organization as of then.
  author_id text not null check (author_id <> ''),
  author text not null,
  second_id text check (second_id <> author_id),
  second text,
  -- 1, 2, 3…: a form that was written on an older one is refused.
  seen integer not null default 1 check (seen > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  proposed_at timestamptz,
  published_at timestamptz,
  -- Of the version that it became.
  published_version integer check (published_version > base),
  check ((state = 'published') = (published_at is not null)),
  check ((state = 'published') = (published_version is not null)),
  check (state <> 'published' or second_id is not null)
);
create index policy_draft_service on policy_draft (service_id, created_at);
create unique index policy_draft_version on policy_draft (service_id, published_version);
