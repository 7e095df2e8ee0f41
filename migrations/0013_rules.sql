-- After the end of an approval, a policy may let the right go on for a while. Expands only: a process of the version before
-- runs beside this one, and writes rows without knowing of it.

-- Nothing but its last day ends it, or has ended it: no suspension, no renewal, no decision. What had ended before today does
-- not open again.
alter table approval add column lapses boolean not null default false;
update approval set lapses = true
  where status = 'active' and ends_on >= (now() at time zone 'Europe/Paris')::date
    and (origin = 'configuration' or exists (
      select from registration_request
      where approval.id = lower(registration_id) || '-' || registration_request.service_id
        and state in ('approved', 'implicitly_accepted', 'renewal_due')));

-- Of the version before as well: what is taken away does not lapse, nor what ends earlier than was said, as when another right
-- follows it. What ran no more and is decided anew, even for a shorter time, is another matter.
create function not_lapsing() returns trigger language plpgsql as $$
begin
  new.lapses := false;
  return new;
end $$;
create trigger approval_taken_away before update on approval for each row
  when (new.lapses and (new.status <> 'active' or (old.status = 'active' and new.ends_on < old.ends_on)))
  execute function not_lapsing();

drop trigger approval_changed on approval;
create trigger approval_changed after update on approval for each row
  when (old.status = 'active' and (old.siren, old.service_id, old.level, old.starts_on, old.ends_on, old.status, old.lapses)
    is distinct from (new.siren, new.service_id, new.level, new.starts_on, new.ends_on, new.status, new.lapses))
  execute function note_right_changed();
