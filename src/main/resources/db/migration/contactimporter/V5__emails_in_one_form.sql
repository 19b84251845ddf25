-- E-mail addresses are compared and stored in NFC. Only rows with another form are touched, and the first condition,
-- which is cheap, leaves those out that are ASCII alone. An address that a contact has in both forms stays once.
delete from contacts.contact_email as other
    where octet_length(other.email) <> char_length(other.email) and other.email is not nfc normalized
    and exists (select from contacts.contact_email as same where same.account = other.account
        and same.contact_id = other.contact_id and same.email = normalize(other.email));
delete from contacts.contact_email as other
    where octet_length(other.email) <> char_length(other.email) and other.email is not nfc normalized
    and exists (select from contacts.contact_email as same where same.account = other.account
        and same.contact_id = other.contact_id and same.email < other.email
        and normalize(same.email) = normalize(other.email));
update contacts.contact_email set email = normalize(email)
    where octet_length(email) <> char_length(email) and email is not nfc normalized;

update contacts.contact set emails = (
        select jsonb_agg(once.email order by once.place) from (
            select normalize(listed.email) as email, min(listed.place) as place
            from jsonb_array_elements_text(emails) with ordinality as listed(email, place)
            group by normalize(listed.email)) as once)
    where octet_length(emails::text) <> char_length(emails::text) and emails::text is not nfc normalized;
