-- Exceptions: what an operator says of an organization, against the registers, and that rights follow from. Two people make
-- one. Expands only: the version before corrects at once, as it did, and knows nothing of what waits here.

create table correction_proposal (
  id text primary key check (id <> ''),
  -- As the register called it then: SIREN, RNA number or entry in a local register.
  organization text not null check (organization <> ''),
  kind text not null check (kind in ('correct', 'end')),
  fact text not null check (fact <> ''),
  -- JSON texts: what the fact is to be; what it was then, with its source.
  value text check ((kind = 'correct') = (value is not null)),
  before text not null,
  reason text not null check (reason <> ''),
  state text not null check (state in ('proposed', 'confirmed', 'declined', 'withdrawn')),
  -- Operator's id; null for who is only named on the command line. JSON texts: name, capacity, organization as of then.
  author_id text check (author_id <> ''),
  author text not null,
  second_id text check (second_id <> author_id),
  second text,
  -- Why it was declined.
  answer text,
  created_at timestamptz not null,
  answered_at timestamptz,
  check ((state = 'proposed') = (answered_at is null)),
  check (state not in ('confirmed', 'declined') or second_id is not null)
);
-- One at a time about a fact of an organization.
create unique index correction_proposal_open on correction_proposal (organization, fact) where state = 'proposed';
create index correction_proposal_organization on correction_proposal (organization, created_at);
