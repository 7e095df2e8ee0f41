-- Operators whom administrators appoint, change and remove in the console. Expands only: a process of the version before runs
-- beside this one, and its `maillon apply` can neither overwrite somebody appointed nor bring back somebody removed.

-- What the console published stays for ever; whom it appointed does not.
drop trigger declared_object_published on declared_object;
create trigger declared_object_published before update or delete on declared_object
  for each row when (old.origin = 'console' and old.kind = 'policy') execute function keep_published();

-- Only who says so changes somebody appointed (src/declarations/appointed-operators.ts). For anybody else nothing happens.
create function keep_appointed() returns trigger language plpgsql as $$
begin
  if current_setting('maillon.appointing', true) is distinct from 'yes' then
    return null;
  elsif tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end
$$;
create trigger declared_object_appointed before update or delete on declared_object
  for each row when (old.origin = 'console' and old.kind = 'operator') execute function keep_appointed();

-- Who was removed at once, whoever declared them. It holds until two administrators take it back.
create table operator_removal (
  -- The identity, not the id: the same person under another name is the same person.
  idp_id text not null check (idp_id <> ''),
  subject text not null check (subject <> ''),
  operator_id text not null check (operator_id <> ''),
  -- As declared then, and where.
  document text not null,
  origin text not null check (origin in ('configuration', 'console')),
  reason text not null check (reason <> ''),
  -- Operator's id, and JSON text: name, capacity, organization as of then.
  removed_by_id text not null check (removed_by_id <> operator_id),
  removed_by text not null,
  removed_at timestamptz not null,
  primary key (idp_id, subject)
);

create function keep_removed() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from operator_removal
    where idp_id = new.document::json ->> 'idp' and subject = new.document::json ->> 'subject'
  ) then
    return null;
  end if;
  return new;
end
$$;
create trigger declared_object_removed before insert or update on declared_object
  for each row when (new.kind = 'operator') execute function keep_removed();

create table operator_proposal (
  id text primary key check (id <> ''),
  kind text not null check (kind in ('appoint', 'change', 'readmit')),
  -- Whom it is about. The id is that of the operator, or the one that they will have.
  operator_id text not null check (operator_id <> ''),
  idp_id text not null check (idp_id <> ''),
  subject text not null check (subject <> ''),
  -- JSON texts: the operator as proposed, and as of then when there was one.
  document text not null,
  before text,
  -- Digest of `before`: whoever changed meanwhile is looked at again.
  base text,
  reason text not null check (reason <> ''),
  state text not null check (state in ('proposed', 'confirmed', 'declined', 'withdrawn')),
  -- Operators' ids, and JSON texts: name, capacity, organization as of then.
  author_id text not null check (author_id <> operator_id),
  author text not null,
  second_id text check (second_id <> author_id and second_id <> operator_id),
  second text,
  -- Why it was declined or withdrawn.
  answer text,
  created_at timestamptz not null,
  answered_at timestamptz,
  check ((state = 'proposed') = (answered_at is null)),
  check (state not in ('confirmed', 'declined') or second_id is not null),
  check ((kind = 'change') = (base is not null))
);
create index operator_proposal_operator on operator_proposal (operator_id, created_at);
-- One at a time about somebody.
create unique index operator_proposal_open on operator_proposal (idp_id, subject) where state = 'proposed';
