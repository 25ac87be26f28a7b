-- How far a campaign's waiting members have been looked through for one who may go now: state beside the log, written under the lane's
-- lock by the tick that looks. No row: from the beginning.
create table campaign_scan (
    profile_id   uuid not null,
    campaign_id  uuid not null,
    after        uuid not null,               -- everybody up to here is held
    step         int not null,                -- how many are looked at next
    wakes_at     timestamptz,                 -- the earliest of those holds to end …
    wakes_by     text,                        -- … and its rule
    rescan_at    timestamptz,                 -- somebody could go: begins anew then, for who waits again or came since
    asleep_until timestamptz,                 -- nobody can go
    held_by      text,                        -- what the campaign's row shows meanwhile
    held_until   timestamptz,
    primary key (profile_id, campaign_id)
);

-- Members whose client wrote within a day: they pass the cold limits, and go first. Erased with the client.
create table reply_lane (
    profile_id  uuid not null,
    member_id   uuid not null,
    campaign_id uuid not null,
    client_id   uuid not null,
    until       timestamptz not null,
    primary key (profile_id, member_id)
);
create index reply_lane_client on reply_lane (profile_id, client_id);
create index reply_lane_next on reply_lane (profile_id, until);

-- How many messages of each text a lane granted on a day of the profile's zone; kept for lanes that guard against texts too alike.
create table lane_text (
    profile_id  uuid not null,
    day         date not null,
    fingerprint bytea not null,
    granted     int not null,
    primary key (profile_id, day, fingerprint)
);
