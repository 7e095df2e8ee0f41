-- Mails that carry a secret, and addresses that a mail server refused for good. Expands only: the version before sends both, wipes
-- nothing and notes nothing; this one wipes what the other one sent, within the hour.

-- Its text is wiped once it was sent or given up, and an hour after it was written in any case.
alter table mail add column secret boolean not null default false;
create index mail_secret on mail (created_at) where secret;

-- SHA-256, hexadecimal, of the address in lower case: whether one bounces can be told, who bounces cannot.
create table mail_bounce (
  id uuid primary key,
  address_sha256 text not null check (address_sha256 ~ '^[0-9a-f]{64}$'),
  at timestamptz not null,
  -- As the mail server says (RFC 5321 §4.2), with the enhanced code (RFC 3463) if it gives one: '550', '550 5.1.1'.
  code text not null check (code ~ '^5[0-9]{2}( 5\.[0-9]{1,3}\.[0-9]{1,3})?$')
);
create index mail_bounce_address on mail_bounce (address_sha256, at);
create index mail_bounce_at on mail_bounce (at);
