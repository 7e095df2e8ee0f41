-- Who blocked an account by hand, and why. Expands only: the version before reads `blocked_at` alone, as this one does to refuse.
-- An erasure sets `blocked_at` too, and never these: nobody lifts what an erasure left behind.
alter table account add column blocked_by text, add column blocked_reason text;
create index if not exists account_blocked on account (blocked_at) where blocked_at is not null;
