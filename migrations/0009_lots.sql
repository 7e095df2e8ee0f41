-- Lots: one decision for many organizations, and the list of them. Expands only: a process of the version before runs beside
-- this one and knows nothing of it.

create table batch (
  -- L-26-7K3QXWPB: the year, then eight characters of Crockford's base 32.
  id text primary key check (id ~ '^L-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{8}$'),
  state text not null check (state in
    ('draft', 'proposed', 'carrying_out', 'done', 'undo_proposed', 'announcing', 'announced', 'undoing', 'undone',
    'cancelled')),
  -- JSON text: BatchDecision.
  decision text not null,
  -- Of the list, as it was sent; empty before.
  file_name text not null default '',
  file_sha256 text check (file_sha256 ~ '^[0-9a-f]{64}$'),
  -- Operators' ids, and JSON texts: OperatorActor as of then.
  author_id text not null check (author_id <> ''),
  author text not null,
  decider_id text,
  decider text,
  -- Why the second person sent it back the last time.
  returned text,
  -- Taking back what was carried out: who asks, why, who agreed.
  undo_author_id text,
  undo_author text,
  undo_text text,
  undo_rule text,
  undo_decider text,
  -- Last day on which an organization may answer the notice of it (CRPA art. L121-1).
  undo_answer_by date,
  -- 1, 2, 3…: a form that was written on an older one is refused.
  seen integer not null default 1 check (seen > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  proposed_at timestamptz,
  decided_at timestamptz,
  ended_at timestamptz,
  undone_at timestamptz,
  -- Until then one process alone carries it out; a process that died in the middle only delays.
  claimed_until timestamptz,
  check (state in ('draft', 'proposed', 'cancelled') or decider is not null),
  check (undo_decider is null or undo_author is not null)
);
create index batch_recent on batch (updated_at);
create index batch_due on batch (claimed_until) where state in ('carrying_out', 'announcing', 'undoing');

create table batch_line (
  batch_id text not null references batch (id) on delete cascade,
  -- In the file as it was sent, from 1.
  line integer not null check (line > 0),
  -- JSON text: the cells as they were typed.
  cells text not null,
  -- Null while the lot is a draft.
  outcome text check (outcome in ('asked', 'left_out', 'done', 'failed', 'notified', 'undone', 'kept')),
  -- What is decided about, as the register knew it then.
  organization text,
  department text,
  name text,
  -- JSON text: the services to grant, none that is held already.
  services text,
  -- Why it was left out, failed or was kept: a reason of judge.ts, or the code of an error, and what it is about.
  reason text,
  about text,
  registration text,
  -- How often the machine could not do it: the fifth time is the last.
  attempts integer not null default 0,
  changed_at timestamptz,
  primary key (batch_id, line)
);
-- Lines that still hold an address: what the purge looks for.
create index batch_line_address on batch_line (batch_id) where cells !~ '"email": ?""';
create unique index batch_line_registration on batch_line (registration) where registration is not null;
