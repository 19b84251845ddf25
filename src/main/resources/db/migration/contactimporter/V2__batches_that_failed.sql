-- A batch that could not even be read: nobody knows how many rows it had.
alter table contacts.batch_outcome add column unreadable boolean not null default false;
