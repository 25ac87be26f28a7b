-- View campaign-audience: the client's label as the launch found it.
alter table campaign_audience add column label text;

-- View campaign-figures (async): what became of a campaign's messages, by the quarter of an hour in UTC of their slot, so that any time
-- zone's hours and days are sums of rows. Empty: none, or an event from before it carried one. Only sums change, so room is left for HOT updates.
create table campaign_figures (
    profile_id            uuid not null,
    id                    uuid not null,
    starts_at             timestamptz not null,
    label                 text not null,
    variant               text not null,
    reason                text not null,
    total                 bigint not null default 0,
    in_flight             bigint not null default 0,
    sent                  bigint not null default 0,
    delivered             bigint not null default 0,
    read                  bigint not null default 0,
    replied               bigint not null default 0,
    failed                bigint not null default 0,
    skipped               bigint not null default 0,
    in_doubt              bigint not null default 0,
    requeued              bigint not null default 0,
    sends                 bigint not null default 0,
    send_milliseconds     bigint not null default 0,
    deliveries            bigint not null default 0,
    delivery_milliseconds bigint not null default 0,
    primary key (profile_id, id, starts_at, label, variant, reason)
) with (fillfactor = 70);
create index campaign_figures_time on campaign_figures (profile_id, starts_at);

-- View campaign-durations (async): how many took how long, on a scale of 5 % (DurationScale).
create table campaign_durations (
    profile_id uuid not null,
    id         uuid not null,
    starts_at  timestamptz not null,
    kind       text not null,
    at_least   int not null,                  -- milliseconds
    samples    bigint not null default 0,
    primary key (profile_id, id, starts_at, kind, at_least)
) with (fillfactor = 70);
create index campaign_durations_time on campaign_durations (profile_id, starts_at);

-- Campaigns of a period.
create index campaign_started on campaign (profile_id, started_at) where started_at is not null;
