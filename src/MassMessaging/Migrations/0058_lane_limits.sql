-- What a lane may grant besides its rate: state beside the log, changed under the lane's own lock.
alter table lane
    add column day              date,              -- of the profile's zone: what granted_today counts
    add column granted_today    int not null default 0,
    add column breaker_good     int not null default 0,
    add column breaker_bad      int not null default 0,
    add column breaker_until    timestamptz,       -- open until then; past: half open
    add column breaker_probe_at timestamptz;       -- half open, and its one message is on its way

-- A known close of an instance that was open before: only that holds a lane.
alter table whatsapp_config
    add column was_open         boolean not null default false,
    add column closed_at        timestamptz,
    add column state_checked_at timestamptz;
update whatsapp_config set was_open = true where state = 'open';

-- A campaign that tries its first few before the others; its numbers are the pacing's when it began.
create table campaign_canary (
    profile_id       uuid not null,
    campaign_id      uuid not null,
    first            int not null,
    wait_seconds     int not null,
    max_failed_ratio double precision not null,
    granted          int not null default 0,
    until            timestamptz,                  -- the first ones went, and their signals are waited for
    passed_at        timestamptz,                  -- the others go too, or a person decides
    primary key (profile_id, campaign_id)
);
