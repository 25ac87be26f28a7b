-- When a client last wrote, also one who was never sent to: the reply lane of a launch to come. Dropped after a day.
create table client_wrote (
    profile_id uuid not null,
    client_id  uuid not null,
    at         timestamptz not null,
    primary key (profile_id, client_id)
);
create index client_wrote_at on client_wrote (at);

insert into client_wrote (profile_id, client_id, at)
select profile_id, client_id, max(at) from campaign_reply group by profile_id, client_id;
