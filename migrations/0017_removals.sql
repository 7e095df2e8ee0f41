-- A removal of an operator is of a `sub` of an issuer, whatever their identity provider is called in the files of later.
-- Expands only: a process of the version before runs beside this one, and knows a removal by the name as of then.

-- Null: no identity provider of this name was declared when somebody was removed, nor had they ever signed in through one.
alter table operator_removal add column issuer text check (issuer <> '');

create function issuer_named(name text, sub text) returns text language sql stable as $$
  select coalesce(
    (select document::json ->> 'issuer' from declared_object where kind = 'identity_provider' and id = name),
    (select issuer from identity where idp_id = name and subject = sub order by last_seen_at desc limit 1))
$$;
update operator_removal set issuer = issuer_named(idp_id, subject);

-- Whichever version removes somebody.
create function name_issuer() returns trigger language plpgsql as $$
begin
  new.issuer := coalesce(new.issuer, issuer_named(new.idp_id, new.subject));
  return new;
end
$$;
create trigger operator_removal_issuer before insert on operator_removal
  for each row execute function name_issuer();

create or replace function keep_removed() returns trigger language plpgsql as $$
declare
  name text := new.document::json ->> 'idp';
  sub text := new.document::json ->> 'subject';
begin
  if exists (
    select 1 from operator_removal
    where subject = sub and (idp_id = name or issuer = (
      select document::json ->> 'issuer' from declared_object where kind = 'identity_provider' and id = name))
  ) then
    return null;
  end if;
  return new;
end
$$;
