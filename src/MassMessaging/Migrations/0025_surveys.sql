-- What visitors of an advisor's public page answered: personal data beside the log.
create table health_survey (
    profile_id uuid not null,
    id uuid not null,
    visitor_name varchar(255) not null,
    -- As written; phone is the same as E.164, where it is a number: it finds the surveys of a client who is to be erased.
    visitor_phone varchar(40) null,
    phone varchar(16) null,
    visitor_email varchar(254) null,
    answers jsonb not null,
    -- The client that was made from it.
    client_id uuid null,
    created_at timestamptz not null,
    primary key (profile_id, id)
);

create index health_survey_client on health_survey (client_id, profile_id) where client_id is not null;
create index health_survey_phone on health_survey (phone, profile_id) where phone is not null;
