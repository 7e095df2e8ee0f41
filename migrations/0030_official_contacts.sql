-- Outside a transaction.
-- Whose official mailbox is at a domain, whoever names it: few rows, where the table holds every organization of the country.
create index concurrently if not exists organization_contact_domain
  on organization using gin ((array[
    lower(split_part(snapshot_text(statements, '{operator,facts,contactEmail}'), '@', 2)),
    lower(split_part(snapshot_text(statements, '{configuration,facts,contactEmail}'), '@', 2)),
    lower(split_part(snapshot_text(statements, '{dpnt,facts,contactEmail}'), '@', 2)),
    lower(split_part(snapshot_text(statements, '{organizations,facts,contactEmail}'), '@', 2))]))
  where statements like '%"contactEmail":%';
