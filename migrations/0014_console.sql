-- Outside a transaction.
-- The e-mail domains that the public list gives an organization, for its page in the console: a few rows of a table that
-- holds every commune and is read at sign-ins.
create index concurrently if not exists register_record_email_domain
  on register_record ((left(split_part(key, '/', 2), 9))) where shelf = 'email_domain';
