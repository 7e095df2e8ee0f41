-- Files that the administration opens on its own initiative, and letters that go by post. Expands only: a process of the
-- version before runs beside this one. It reads an account in every file: nobody's is the nil UUID
-- (src/registrations/nobody.ts), which its lists show and nobody signs in with. What such a file says is an act that it does
-- not know: it refuses to open the file, logs that it could not be brought up to date, and leaves it to this version; the
-- rights are in `approval`, which it reads as ever.

-- The lot whose decision opened the file: the same organization of the same lot has one file.
alter table registration add column lot text check (lot ~ '^L-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{8}$');
create unique index registration_lot on registration (lot, organization) where lot is not null;
-- What somebody who signs in for an organization finds (src/registrations/file-lists.ts).
create index registration_lot_siren on registration (siren) where lot is not null;

-- No address is known: somebody posts it, and says so.
alter table letter add column to_post boolean not null default false;
alter table letter add column posted_at timestamptz;
create index letter_to_post on letter (registration_id) where to_post and posted_at is null;
