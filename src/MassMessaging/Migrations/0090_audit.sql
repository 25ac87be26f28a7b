-- The hash chain over each campaign's events, and with it the way from a campaign to its and its members' events in the order of the log.
create table audit_chain (
    profile_id   uuid not null,
    id           uuid not null,     -- the campaign
    seq          bigint not null,   -- the event's
    previous_seq bigint,            -- of the campaign's event before
    place        bigint not null,   -- from 1: the campaign's how-manieth event
    hash         bytea not null,    -- SHA-256: docs/audit.md
    primary key (profile_id, id, seq)
);
