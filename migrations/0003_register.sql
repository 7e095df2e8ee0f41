-- The register: what each source said of each organization, the truth made of it, and where it came from.
-- pg_trgm is a trusted extension: the owner of the database may create it (PostgreSQL 13 and newer).
create extension if not exists pg_trgm;

-- An association may live by its RNA number, or by its entry in the register of a court of Alsace-Moselle, without a
-- SIREN. The identifier follows from what is known: it becomes the SIREN on the day that there is one.
alter table establishment drop constraint establishment_siren_fkey;
alter table organization drop constraint organization_pkey;
alter table organization alter column siren drop not null;
alter table organization add constraint organization_siren_key unique (siren);
alter table establishment add constraint establishment_siren_fkey
  foreign key (siren) references organization (siren) on delete cascade;
alter table organization
  add column local_register text check (local_register ~ '^AM-[A-Z][A-Z-]*-[0-9A-Z]+-[0-9A-Z]+$'),
  add column id text generated always as (coalesce(siren, rna, local_register)) stored,
  -- JSON by source: see Statements in src/organizations/statement.ts. The columns beside it are made from it.
  add column statements text not null default '{}',
  add column acronym text,
  add column naf text,
  add column naf25 text,
  add column size_band text,
  add column diffusion text not null default 'O' check (diffusion in ('O', 'P')),
  -- Of the head office, or of the seat that the RNA gives.
  add column commune_code text check (commune_code ~ '^[0-9AB]{5}$'),
  -- JSON array of DataQualityFlag: disagreements between sources.
  add column flags text not null default '[]',
  add column search_name text not null default '',
  add column words tsvector not null default '',
  -- The import that brought the row; a change of a row that existed is in register_change.
  add column created_import integer;
alter table organization add constraint organization_pkey primary key (id);
-- The words, and beside them where the organization is and what it is: one look in one index answers for all of them.
-- New entries wait in a list that every search reads: a short one.
-- The same of one organization in ten, for words that are everywhere: all of « association » is two thirds of the rows.
create index organization_words on organization using gin (words, (array[
  commune_code,
  case when commune_code ~ '^9[78]' then left(commune_code, 3) else left(commune_code, 2) end,
  case when legal_category is null and rna is not null then 'rna' else legal_category end
])) with (gin_pending_list_limit = 512);
create index organization_words_tenth on organization using gin (words, (array[
  commune_code,
  case when commune_code ~ '^9[78]' then left(commune_code, 3) else left(commune_code, 2) end,
  case when legal_category is null and rna is not null then 'rna' else legal_category end
])) with (gin_pending_list_limit = 256) where right(id, 1) = '7';
create index organization_search_name on organization (search_name text_pattern_ops);
create index organization_local_register on organization (local_register) where local_register is not null;
-- Those that a statement puts under a federation: few, among millions.
create index organization_parent on organization (name, id) where statements like '%"parent":%';
-- By the legal unit that the RNA itself gives: which associations that live by their number point at one SIREN.
create index organization_hint on organization ((left(coalesce(
  statements::json #>> '{rna,facts,headOffice}', statements::json #>> '{rna_import,facts,headOffice}'), 9)))
  where siren is null and statements like '%"headOffice":%';
create index organization_created_import on organization (created_import) where created_import is not null;
-- During a deployment version N-1 writes the columns that it knows and none of the statements, of which the columns are
-- made: the next import would write the old values back. What it writes is what a configuration declares, and becomes
-- that statement; what other sources said stays. Who writes statements says so (src/register/one-writer.ts).
create function organization_declared_by_columns() returns trigger language plpgsql as $$
begin
  new.statements := (
    select json_object_agg(source, statement)::text from (
      select key as source, value as statement from json_each(old.statements::json) where key <> 'configuration'
      union all
      select 'configuration', json_build_object(
        'facts', json_strip_nulls(json_build_object('name', new.name, 'legalCategory', new.legal_category,
          'unitState', new.unit_state, 'rna', new.rna, 'createdOn', new.created_on)),
        'asOf', new.source_date, 'label', coalesce(nullif(new.source, ''), 'configuration'))
    ) as said);
  return new;
end $$;
create trigger organization_declared_by_columns
  before update of name, legal_category, unit_state, rna, created_on on organization for each row
  when (current_setting('maillon.merging', true) is distinct from 'yes'
    and new.statements = old.statements and old.statements <> '{}'
    and (new.name, new.legal_category, new.unit_state, new.rna, new.created_on)
      is distinct from (old.name, old.legal_category, old.unit_state, old.rna, old.created_on))
  execute function organization_declared_by_columns();

alter table establishment
  add column naf25 text,
  add column size_band text,
  add column usual_name text,
  add column postal_code text,
  add column created_on date,
  add column diffusion text not null default 'O' check (diffusion in ('O', 'P')),
  add column source text not null default 'configuration',
  add column source_date date,
  -- Only for what a connector fetched: how old the copy is.
  add column fetched_at timestamptz,
  add column import_id integer,
  -- What `source_date` and `import_id` were before an import said the same again: undoing it goes back to them.
  add column former_source_date date,
  add column former_import_id integer,
  add column created_import integer;
-- What was declared is as old as what was declared of its legal unit.
update establishment set source_date = organization.source_date
  from organization where organization.siren = establishment.siren;
create index establishment_created_import on establishment (created_import) where created_import is not null;

-- Every distinct word of the names: a word mistyped is compared with these, never with millions of names.
create table organization_word (word text primary key check (word <> ''));
create index organization_word_trigrams on organization_word using gin (word gin_trgm_ops);

-- What the registers say that is neither an organization nor an establishment: communes, populations, groupings and
-- their members, e-mail domains. One JSON document by shelf, key and source.
create table register_record (
  shelf text not null,
  key text not null check (key <> ''),
  source text not null,
  record text not null,
  source_date date not null,
  import_id integer,
  former_source_date date,
  former_import_id integer,
  created_import integer,
  primary key (shelf, key, source)
);

create table register_import (
  id integer generated always as identity primary key,
  source text not null,
  file_name text not null,
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  source_date date not null,
  state text not null check (state in ('running', 'finished', 'undone')),
  -- Data records of the file that are committed: where a resumed import goes on.
  position bigint not null default 0,
  new_count integer not null default 0,
  changed_count integer not null default 0,
  same_count integer not null default 0,
  wrong_count integer not null default 0,
  left_out_count integer not null default 0,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  undone_at timestamptz
);

-- Every change of what a source says, by an import, a connector, a configuration or an operator. `before` and `after`
-- are whole statements of that source (JSON), null where there was, or is, none.
create table register_change (
  id bigint generated always as identity primary key,
  shelf text not null,
  -- Identifier of the organization, SIRET, or key of a record.
  subject text not null,
  source text not null,
  import_id integer,
  -- JSON, for what a person decided: { given_name, usual_name, capacity, organization }, and why.
  author text,
  reason text,
  changed_at timestamptz not null,
  before text,
  after text
);
create index register_change_subject on register_change (subject, id);
create index register_change_import on register_change (import_id) where import_id is not null;

-- What an operator should look at because the register moved under an approval. Open until nothing is left to see.
create table register_review (
  id bigint generated always as identity primary key,
  approval_id text not null,
  organization text not null,
  reason text not null,
  detail text not null,
  found_at timestamptz not null,
  seen_again_at timestamptz not null,
  settled_at timestamptz
);
create unique index register_review_open on register_review (approval_id, reason) where settled_at is null;
