-- An export reads page after page, oldest contacts first.
create index contact_by_age on contacts.contact (account, age);
