-- What becomes of somebody's data when they ask for its erasure (GDPR art. 17). Expands only: a process of the version
-- before runs beside this one.

-- Accounts whose data was erased, and what could not go yet. The row in `account` stays, so that its number never comes
-- back: blocked, and without an identity that leads to it, unless somebody's right to act was taken away under it.
create table erasure (
  account_id uuid primary key references account (id) on delete cascade,
  erased_at timestamptz not null,
  -- JSON text: subjects of the record (files, invitations) that had to be kept, and whose details go with them.
  kept text not null,
  -- First civil day (Paris) on which something more may go; null once nothing is left.
  again_on date
);
create index erasure_again on erasure (again_on) where again_on is not null;
create index erasure_recent on erasure (erased_at);

-- An erasure that one administrator prepared, for a person who asked in writing, and that another one confirms.
create table erasure_request (
  id uuid primary key,
  account_id uuid not null unique references account (id) on delete cascade,
  -- By which they were found, when it is proven to be theirs: invitations and mails are kept under it.
  address text,
  -- Who asks, as which letter says; emptied with the record of the account.
  reason text not null check (reason <> ''),
  asked_by text not null check (asked_by <> ''),
  -- JSON text: identity and address of that operator as of then. The same person under another name does not confirm.
  author text not null,
  asked_at timestamptz not null
);

-- Who is named where, by address: for a person who asks, found without reading every file. Addresses as they were typed
-- may be long; an index row may not.
create index registration_event_sender on registration_event (left(lower(snapshot_text(event, '{actor,email}')), 320))
  where seq = 1;
create index registration_data_contact on registration (left(lower(snapshot_text(draft, '{dataProtection,email}')), 320));
create index registration_security_contact on registration (left(lower(snapshot_text(draft, '{security,email}')), 320));
create index registration_event_contact on registration_event (left(lower(snapshot_text(event, '{act,contact}')), 320))
  where seq = 1;
create index batch_line_contact on batch_line (left(lower(snapshot_text(cells, '{email}')), 320));
