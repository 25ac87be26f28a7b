-- Members in doubt that the gateway is still asked about: state beside the log.
create table member_doubt (
    profile_id uuid not null,
    member_id  uuid not null,
    message_id uuid not null,                -- the attempt: a later one is another doubt
    asked      int not null default 0,
    due_at     timestamptz not null,         -- when to ask; a claim pushes it ahead
    primary key (profile_id, member_id)
);
create index member_doubt_due on member_doubt (due_at);
-- A person's word about one attempt, and how it is known. Erased with the client.
create table member_resolution (
    profile_id uuid not null,
    member_id  uuid not null,
    message_id uuid not null,
    outcome    text not null,
    note       varchar(4000) not null,
    at         timestamptz not null,
    actor      text not null,
    primary key (profile_id, member_id, message_id)
);
create index campaign_audience_in_doubt on campaign_audience (attempted_at) where status = 'in_doubt';
