-- What an undo needs: the first batch of the import that had to do with the contact, the contact before the
-- import's first change (nothing if the import made it), and its version after the import's last one. Edited says
-- that somebody else changed it in between.
alter table contacts.imported_contact add column batch integer not null default 0;
alter table contacts.imported_contact add column before_values jsonb;
alter table contacts.imported_contact add column before_version bigint;
alter table contacts.imported_contact add column after_version bigint;
alter table contacts.imported_contact add column edited boolean not null default false;
create index imported_contact_by_batch on contacts.imported_contact (import_id, batch);

-- An undo that is asked for again gets the answer that stands here.
create table contacts.batch_undo (
    import_id text not null,
    batch integer not null,
    removed bigint not null,
    restored bigint not null,
    kept bigint not null,
    undone_at timestamptz not null,
    primary key (import_id, batch)
);
