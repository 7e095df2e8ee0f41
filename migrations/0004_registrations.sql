-- Registrations: the file of an organization, its evidence, its letters, the operators' decisions and the record of every
-- act. Expands only: a process of the version before runs beside this one.

alter table declared_object drop constraint declared_object_kind_check;
alter table declared_object add constraint declared_object_kind_check
  check (kind in ('service', 'client', 'identity_provider', 'policy', 'resource_server', 'operator'));

-- The record: append only, each row holds the digest of the row before it (see src/audit/audit.ts).
create table audit_entry (
  -- 1, 2, 3… without a gap.
  seq bigint primary key check (seq > 0),
  -- Milliseconds: what a Date holds, so that the digest covers all of it.
  at timestamptz(3) not null,
  -- What was done: 'registration.approve', 'evidence.read', 'operator.sign_in'…
  act text not null check (act <> ''),
  -- What it was done to: 'registration:D-26-7K3QXWPB', 'organization:000000109', 'account:…'.
  subject text not null check (subject <> ''),
  -- Who did it, without a name: 'operator:anne', 'account:…', 'command_line:root', 'clock', 'register'.
  actor text not null check (actor <> ''),
  -- JSON text: who answers for the act by name (operators). Never erased (CRPA art. L212-1).
  author text,
  -- JSON text: reason, before and after, and the name of an applicant. Null once erased, with the salt, without which
  -- the digest that stays in the chain says nothing any more.
  detail text,
  salt text check (salt ~ '^[0-9A-Za-z_-]{22}$'),
  -- SHA-256 of salt and detail; the digest of the row before; SHA-256 of this row with both. base64url.
  detail_sha256 text not null check (detail_sha256 ~ '^[0-9A-Za-z_-]{43}$'),
  previous text not null check (previous ~ '^[0-9A-Za-z_-]{43}$'),
  hash text not null check (hash ~ '^[0-9A-Za-z_-]{43}$'),
  check ((detail is null) = (salt is null))
);
create index audit_entry_subject on audit_entry (subject, seq);
create index audit_entry_actor on audit_entry (actor, seq);
create index audit_entry_act on audit_entry (act text_pattern_ops, seq);
create function audit_entry_is_kept() returns trigger language plpgsql as $$
begin
  -- A detail may be erased, once and for all; what says that it was may not.
  if tg_op = 'UPDATE' then
    if new.detail is null and new.salt is null and old.act <> 'audit.erase'
      and (new.seq, new.at, new.act, new.subject, new.actor, new.author, new.detail_sha256, new.previous, new.hash)
        is not distinct from
          (old.seq, old.at, old.act, old.subject, old.actor, old.author, old.detail_sha256, old.previous, old.hash) then
      return new;
    end if;
  end if;
  raise exception 'the record is append only';
end $$;
create trigger audit_entry_is_kept before update or delete on audit_entry
  for each row execute function audit_entry_is_kept();
create trigger audit_entry_is_not_emptied before truncate on audit_entry
  for each statement execute function audit_entry_is_kept();

-- Mails to send: written in the transaction of what they tell, sent beside the requests (see src/mail/mail.ts).
create table mail (
  id uuid primary key,
  recipient text not null check (recipient <> ''),
  subject text not null check (subject <> ''),
  text text not null,
  html text not null,
  -- What it is about: 'registration:D-26-7K3QXW'.
  about text not null,
  created_at timestamptz not null,
  attempts integer not null default 0,
  -- Null once sent or given up.
  next_attempt_at timestamptz,
  sent_at timestamptz,
  given_up_at timestamptz,
  last_problem text
);
create index mail_due on mail (next_attempt_at) where next_attempt_at is not null;
create index mail_about on mail (about, created_at);

-- A file is the sum of its events; the columns beside are what lists and searches read, written with each event.
create table registration (
  id text primary key check (id ~ '^D-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{8}$'),
  account_id uuid not null,
  -- Identifier in the register: SIREN, else RNA, else the register of a court; null while the draft names none.
  organization text,
  siren text check (siren ~ '^[0-9]{9}$'),
  organization_name text,
  organization_type text,
  department text,
  -- JSON text: DraftContent (src/registrations/content.ts); frozen by the event that submits it.
  draft text not null,
  -- How many events: what a page says that it has seen.
  version integer not null default 0 check (version >= 0),
  stage text not null check (stage in ('draft', 'examination', 'decided', 'ended')),
  submitted_at timestamptz,
  -- Last day before silence becomes a decision; null when no clock runs.
  due_on date,
  taken_by text,
  taken_at timestamptz,
  -- The former file that this one renews.
  renews text references registration (id) on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index registration_account on registration (account_id, created_at);
create index registration_organization on registration (organization);
create index registration_queue on registration (stage, due_on);

create table registration_event (
  registration_id text not null references registration (id) on delete cascade,
  seq integer not null check (seq > 0),
  at timestamptz not null,
  -- JSON text: { actor, act } (src/registrations/act.ts).
  event text not null,
  primary key (registration_id, seq)
);

-- One service asked for in one file: where it stands. Written with each event.
create table registration_request (
  registration_id text not null references registration (id) on delete cascade,
  service_id text not null,
  state text not null,
  -- A second person has to confirm what is proposed.
  proposed boolean not null default false,
  -- Day at which the clock acts next on this request; and the two days of the approval.
  due_on date,
  starts_on date,
  ends_on date,
  primary key (registration_id, service_id)
);
create index registration_request_state on registration_request (state, due_on);

create table evidence (
  id uuid primary key,
  registration_id text not null references registration (id) on delete cascade,
  kind text not null,
  name text not null,
  media_type text not null,
  size integer not null check (size > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Null once destroyed: the row stays, as the trace of what was there.
  content bytea,
  uploaded_at timestamptz not null,
  destroyed_at timestamptz
);
create index evidence_registration on evidence (registration_id, uploaded_at);

-- Letters as they were sent: the document, and the template that made it.
create table letter (
  id uuid primary key,
  registration_id text not null references registration (id) on delete cascade,
  -- The event that it tells.
  seq integer not null,
  kind text not null,
  template text not null,
  -- JSON text: LetterDocument (src/registrations/letters/document.ts), and its SHA-256 as it was previewed.
  document text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  -- When the addressee first opened it: proof of notification.
  read_at timestamptz
);
create index letter_registration on letter (registration_id, created_at);

create table saved_view (
  operator_id text not null,
  name text not null check (name <> ''),
  query text not null,
  created_at timestamptz not null,
  primary key (operator_id, name)
);

-- What rights were before a change, by whomever: whoever watches them in another process sees that they ended, even of a row
-- that is gone. Kept for longer than a process that starts looks back (see src/registrations/rights-watch.ts).
create table right_changed (
  id bigint generated always as identity primary key,
  siren text not null,
  service_id text not null,
  level text not null,
  at timestamptz not null default clock_timestamp(),
  -- Which transaction: they do not end in the order of ids.
  xid xid8 not null default pg_current_xact_id()
);
create index right_changed_at on right_changed (at);
create index right_changed_xid on right_changed (xid);
create function note_right_changed() returns trigger language plpgsql as $$
begin
  insert into right_changed (siren, service_id, level) values (old.siren, old.service_id, old.level);
  return null;
end $$;
create trigger approval_changed after update on approval for each row
  when (old.status = 'active' and (old.siren, old.service_id, old.level, old.starts_on, old.ends_on, old.status)
    is distinct from (new.siren, new.service_id, new.level, new.starts_on, new.ends_on, new.status))
  execute function note_right_changed();
create trigger approval_gone after delete on approval for each row
  when (old.status = 'active') execute function note_right_changed();
create function note_ceased() returns trigger language plpgsql as $$
begin
  insert into right_changed (siren, service_id, level)
    select distinct siren, service_id, level from approval where siren = new.siren and status = 'active';
  return null;
end $$;
create trigger organization_ceased after update on organization for each row
  when (new.unit_state is distinct from old.unit_state and new.unit_state = 'C')
  execute function note_ceased();

-- A member of the snapshot of a grant, as text. A snapshot may hold what JSON allows and text does not (U+0000, half a
-- surrogate pair, in what an identity provider adds of its own): that is left out, and never a failure, since every
-- sign-in writes the indexes that call this.
create function snapshot_text(snapshot text, path text[]) returns text language plpgsql immutable strict as $$
begin
  return snapshot::json #>> path;
exception when others then
  begin
    return regexp_replace(snapshot, '(\\[^u])|\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\1', 'g')::json #>> path;
  exception when others then
    return null;
  end;
end $$;
