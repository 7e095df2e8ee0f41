-- Reports of mails that came back, believed by a number that stands in no header; and accounts whose access was ended by hand. Expands
-- only: the version before sends the number that stands in the Message-ID, whose reports this one leaves alone; it ends no access.

-- What a mail is sent with (RFC 3461 §4.4). Null: written before, given one when it leaves. The default is set by itself, so that no row
-- is written again.
alter table mail add column envelope_id uuid;
alter table mail alter column envelope_id set default gen_random_uuid();
create unique index mail_envelope on mail (envelope_id) where envelope_id is not null;

-- Whatever the account had open then ends in every process (src/blocking/); null: never done.
alter table account add column access_ended_at timestamptz;
create index account_access_ended on account (access_ended_at) where access_ended_at is not null;
