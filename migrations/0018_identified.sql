-- Files of associations that lived by the number of their own register, and have a SIREN since. Expands only: a process of the
-- version before leaves them as they were; one in which the register has said so holds an act that it does not know: it
-- refuses to open that file, and leaves it to this version.

-- By which the organization asked; null while nothing has changed. What the register separates again goes back to it.
alter table registration add column register_number text;
create index registration_register_number on registration (register_number) where register_number is not null;
-- Those that wait for a SIREN: looked at every minute.
create index registration_without_siren on registration (organization) where siren is null and stage <> 'draft';
