-- A large launch is planned in two halves, by client id, each a chain of messages of its own. What the first of them that ends came to waits
-- here for the other one, which completes the plan.
create table launch_half (
    profile_id  uuid not null,
    campaign_id uuid not null,
    ended       int not null,
    included    bigint not null,
    excluded    bigint not null,
    primary key (profile_id, campaign_id)
);
