-- What operators have seen of the moves of the register, and who posted a letter. Expands only: a process of the version
-- before runs beside this one. Its queue still lists what was seen here; a file in which somebody has said so holds an act
-- that it does not know: it refuses to open that file, and leaves it to this version.

-- What was seen is what the finding said then. Whichever version checks, a finding that says something else is to be looked
-- at again. Doubts are listed one after the other: with fewer of them than were seen, nothing is new.
alter table register_review add column seen_detail text;
alter table register_review add column unseen boolean not null generated always as (
  settled_at is null and (seen_detail is null or case
    when reason = 'sources_disagree' then not (string_to_array(detail, ', ') <@ string_to_array(seen_detail, ', '))
    else detail <> seen_detail end)
) stored;

-- Without a name: 'operator:anne'. Null: posted by the version before; the record says who.
alter table letter add column posted_by text;
