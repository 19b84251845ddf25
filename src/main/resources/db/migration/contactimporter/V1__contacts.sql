-- The contacts of all accounts. Whoever writes an account's contacts holds its advisory lock until the commit.
create table contacts.contact (
    contact_id text primary key,
    account text not null,
    -- grows with every contact: the smallest is the oldest
    age bigint generated always as identity,
    version bigint not null,
    full_name text,
    given_name text,
    family_name text,
    company text,
    job_title text,
    birthday text,
    notes text,
    emails jsonb not null,
    phones jsonb not null,
    labels jsonb not null,
    addresses jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index contact_by_account on contacts.contact (account, contact_id);

-- Where contacts are found. Two contacts may have an address in common: then the oldest is meant.
create table contacts.contact_email (
    account text not null,
    -- in lower case
    email text not null,
    contact_id text not null references contacts.contact on delete cascade,
    primary key (account, email, contact_id)
);
create index contact_email_by_contact on contacts.contact_email (contact_id);

create table contacts.contact_phone (
    account text not null,
    -- E.164
    phone text not null,
    contact_id text not null references contacts.contact on delete cascade,
    primary key (account, phone, contact_id)
);
create index contact_phone_by_contact on contacts.contact_phone (contact_id);

-- What an import has done to a contact: by field the number of the last row that set it, since the later row's
-- values win in whatever order the batches come.
create table contacts.imported_contact (
    import_id text not null,
    contact_id text not null references contacts.contact on delete cascade,
    created boolean not null,
    field_rows jsonb not null,
    primary key (import_id, contact_id)
);
create index imported_contact_by_contact on contacts.imported_contact (contact_id);

-- The files that batches came from.
create table contacts.imported_file (
    import_id text primary key,
    account text not null,
    columns jsonb not null
);

-- The ledger: a batch that is delivered again gets the answer that stands here.
create table contacts.batch_outcome (
    import_id text not null,
    batch integer not null,
    created bigint not null,
    updated bigint not null,
    unchanged bigint not null,
    skipped bigint not null,
    rejected bigint not null,
    stored_at timestamptz not null,
    primary key (import_id, batch)
);

create table contacts.rejected_row (
    import_id text not null,
    row_number bigint not null,
    cells jsonb not null,
    error text not null,
    primary key (import_id, row_number)
);
