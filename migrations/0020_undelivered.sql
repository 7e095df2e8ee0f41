-- Appeals that stand beside a right, and letters whose mail was given up. Expands only: a process of the version before takes an
-- appeal beside a right for one that stands in its place, and leaves the right open as this version does; it does not list
-- letters whose mail was given up.

-- An appeal waits for its answer, whatever the state.
alter table registration_request add column contested boolean not null default false;
update registration_request set contested = true where state = 'appealed';

-- The mail that carried it, kept for 30 days; when nobody could deliver it.
alter table letter add column mail_id uuid, add column undelivered_at timestamptz;
create index letter_mail on letter (mail_id) where mail_id is not null;
create index letter_undelivered on letter (registration_id)
  where undelivered_at is not null and read_at is null and posted_at is null;

-- Those of before are found by what they say: both were written at once.
update letter set mail_id = mail.id, undelivered_at = mail.given_up_at
from mail
where mail.about = 'registration:' || letter.registration_id and mail.created_at = letter.created_at
  and mail.subject = left((letter.document::json ->> 'title') || ' (dossier ' || letter.registration_id || ')', 200)
  and not letter.to_post;

-- The mail room knows no letters. Whichever version gives a mail up; one that nobody sent is dropped after 30 days.
create function letter_is_undelivered() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    update letter set undelivered_at = now() where mail_id = old.id and undelivered_at is null;
    return old;
  end if;
  update letter set undelivered_at = new.given_up_at where mail_id = new.id;
  return new;
end
$$;
create trigger mail_given_up after update of given_up_at on mail
  for each row when (new.given_up_at is distinct from old.given_up_at) execute function letter_is_undelivered();
create trigger mail_dropped after delete on mail
  for each row when (old.next_attempt_at is not null) execute function letter_is_undelivered();
