-- Who was contacted since: what a count of those without contact leaves out.
create index client_contact_recent on client_contact (profile_id, last_contact_at);
