-- Domains whose mailboxes others may read, and bounces that mail servers tell later. Expands only: the version before holds
-- nobody, notes bounces under a digest without a key, which this one does not find, and reads no later ones.

-- Held until somebody gives it back; what was done is in the record.
create table held_domain (
  -- Canonical: A-labels, lower case. Those below it are held with it.
  domain text primary key check (domain ~ '^[^\s@]+\.[^\s@]+$' and domain = lower(domain)),
  since timestamptz not null,
  held_by text not null,
  reason text not null check (reason <> '')
);

-- From now on a keyed digest (HMAC-SHA-256, base64url): whoever has the table alone tries no addresses. What was noted without a
-- key is let go, and what the version before notes meanwhile goes after 90 days.
delete from mail_bounce;
alter table mail_bounce alter column address_sha256 drop not null;
alter table mail_bounce add column address_hmac text check (address_hmac ~ '^[A-Za-z0-9_-]{43}$');
create index mail_bounce_hmac on mail_bounce (address_hmac, at);

-- A delivery status notification may give its status alone (RFC 3463): '5.1.1'.
alter table mail_bounce drop constraint mail_bounce_code_check;
alter table mail_bounce add constraint mail_bounce_code_check
  check (code ~ '^5([0-9]{2}( 5\.[0-9]{1,3}\.[0-9]{1,3})?|\.[0-9]{1,3}\.[0-9]{1,3})$');
