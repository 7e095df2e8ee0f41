-- Mail domains that organizations have proven to be theirs. Expands only: the version before knows none of it.

create table organization_domain (
  id uuid primary key,
  siren text not null check (siren ~ '^[0-9]{9}$'),
  -- Lower case, A-labels.
  domain text not null check (domain ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$' and length(domain) <= 253),
  with_subdomains boolean not null,
  -- What this claim writes in the DNS: of no use to another one.
  token text not null check (token <> ''),
  state text not null check (state in
    ('claimed', 'proven', 'verified', 'unverified', 'given_up', 'handed_over', 'refused')),
  method text check (method in ('dns_txt', 'official_code')),
  claimed_at timestamptz not null,
  -- Since when it is verified; when the proof was last seen; when it was last looked for.
  verified_at timestamptz,
  proven_at timestamptz,
  checked_at timestamptz,
  next_check_at timestamptz,
  failures integer not null default 0 check (failures >= 0),
  failing_since timestamptz,
  ended_at timestamptz,
  -- How many acts: what a page says that it has seen.
  version integer not null default 0 check (version >= 0),
  check ((state in ('given_up', 'handed_over', 'refused')) = (ended_at is not null)),
  check (state in ('claimed', 'given_up') or method is not null),
  check (state not in ('verified', 'unverified') or verified_at is not null)
);
-- One holder, also while it cannot show its proof any more: another organization gets it from its hands, or from two operators.
create unique index organization_domain_held on organization_domain (domain) where state in ('verified', 'unverified');
-- One claim of an organization at a time.
create unique index organization_domain_open on organization_domain (siren, domain) where ended_at is null;
create index organization_domain_siren on organization_domain (siren, claimed_at);
create index organization_domain_check on organization_domain (next_check_at) where state = 'verified';

-- From one organization to another: proven by the new one, objected to or not by the former one, decided by two operators.
create table domain_handover (
  id uuid primary key,
  domain text not null,
  from_id uuid not null references organization_domain (id) on delete cascade,
  to_id uuid not null references organization_domain (id) on delete cascade,
  state text not null check (state in ('open', 'done', 'declined', 'void')),
  -- The representatives of the former holder were told, and may object until.
  told_at timestamptz not null,
  objections_until timestamptz not null,
  objection text,
  objected_at timestamptz,
  -- JSON texts: name, capacity, organization as of then.
  first_id text check (first_id <> ''),
  first text,
  reason text,
  first_at timestamptz,
  second_id text check (second_id <> first_id),
  second text,
  -- Why it was declined, or what the second person says.
  answer text,
  ended_at timestamptz,
  check ((state = 'open') = (ended_at is null)),
  check (state <> 'done' or (first_id is not null and second_id is not null)),
  check ((objection is null) = (objected_at is null))
);
create unique index domain_handover_open on domain_handover (domain) where state = 'open';
create index domain_handover_from on domain_handover (from_id);
create index domain_handover_to on domain_handover (to_id);
