-- What a campaign says and to whom: personal text beside the log. A version is written once; events name it by id.
create table campaign_content (
    profile_id      uuid not null,
    id              uuid not null,
    campaign_id     uuid not null,
    name            text not null,
    objective       text not null,
    message_content text not null,
    audience        jsonb not null,
    meta_template   jsonb,
    created_at      timestamptz not null,
    primary key (profile_id, id)
);
create index campaign_content_campaign on campaign_content (profile_id, campaign_id);

-- View campaigns (inline).
create table campaign (
    profile_id    uuid not null,
    id            uuid not null,
    content_id    uuid not null,
    template_id   uuid,
    status        text not null,
    status_reason text,
    is_planned    boolean not null,
    included      bigint,                     -- members planned: a final status waits until the counters have seen them all
    scheduled_at  timestamptz,
    started_at    timestamptz,
    sent_at       timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    version       bigint not null,
    primary key (profile_id, id)
);
create index campaign_sending on campaign (profile_id, id) where status = 'sending';

-- View campaign-audience (inline): one row per member, the mission's campaign_audience without its personal data.
create table campaign_audience (
    profile_id          uuid not null,
    id                  uuid not null,
    campaign_id         uuid not null,
    client_id           uuid not null,
    whatsapp_message_id uuid,
    status              text not null,
    reason              text,
    attempts            int not null,
    queued_at           timestamptz not null,
    attempted_at        timestamptz,
    sent_at             timestamptz,
    delivered_at        timestamptz,
    read_at             timestamptz,
    failed_at           timestamptz,
    version             bigint not null,
    primary key (profile_id, id)
);
create index campaign_audience_page on campaign_audience (profile_id, campaign_id, id);
create index campaign_audience_pending on campaign_audience (profile_id, campaign_id, id) where status = 'pending';
create index campaign_audience_sending on campaign_audience (attempted_at) where status = 'sending';
create index campaign_audience_client on campaign_audience (profile_id, client_id);

-- View campaign-counters (async).
create table campaign_counters (
    profile_id uuid not null,
    id         uuid not null,
    total      bigint not null default 0,
    pending    bigint not null default 0,
    in_flight  bigint not null default 0,
    sent       bigint not null default 0,
    delivered  bigint not null default 0,
    read       bigint not null default 0,
    replied    bigint not null default 0,
    failed     bigint not null default 0,
    skipped    bigint not null default 0,
    in_doubt   bigint not null default 0,
    primary key (profile_id, id)
);

-- View client-contacts (async): when a client was last really written to.
create table client_contact (
    profile_id      uuid not null,
    id              uuid not null,
    last_contact_at timestamptz not null,
    primary key (profile_id, id)
);

-- Frozen at launch: what is the same for every recipient …
create table campaign_frozen (
    profile_id      uuid not null,
    campaign_id     uuid not null,
    message_content text not null,
    advisor_name    text not null,
    advisor_phone   text not null,
    business_name   text not null,
    time_zone       text not null,
    primary key (profile_id, campaign_id)
);

-- … and what is each one's. Erased with the client.
create table campaign_recipient (
    profile_id    uuid not null,
    member_id     uuid not null,
    name          text not null,
    phone         text not null,
    error_message text,
    primary key (profile_id, member_id)
);

create table campaign_excluded (
    profile_id  uuid not null,
    campaign_id uuid not null,
    client_id   uuid not null,
    reason      text not null,
    primary key (profile_id, campaign_id, client_id)
);

-- Outcome and receipt meet here: both upsert the same row, so whichever commits second sees the other.
-- A receipt without a member is parked; a sweep drops it after 7 days.
create table gateway_message (
    instance     text not null,
    gateway_id   text not null,
    profile_id   uuid,
    member_id    uuid,
    message_id   uuid,                        -- the attempt: receipts of an earlier one change nothing
    delivered_at timestamptz,
    read_at      timestamptz,
    failed_at    timestamptz,
    failed_code  text,
    created_at   timestamptz not null,
    primary key (instance, gateway_id)
);
create index gateway_message_member on gateway_message (profile_id, member_id) where member_id is not null;
create index gateway_message_parked on gateway_message (created_at) where member_id is null;

-- One lane per profile's instance: state beside the log, never rebuilt.
create table lane (
    profile_id uuid primary key,
    owner      uuid,                          -- the node that works it
    epoch      bigint not null default 0,     -- bumped by pause and cancel: a tick sees them or waits for them
    ring       bytea not null default '',     -- the last slots granted, oldest first: see SlotRing
    next_at    timestamptz not null,          -- earliest next slot
    turn       uuid,                          -- campaign served last: the round robin goes on behind it
    held_by    text,
    held_until timestamptz,
    holds      int not null default 0         -- in a row: the next one is longer
);
create index lane_next on lane (next_at);
