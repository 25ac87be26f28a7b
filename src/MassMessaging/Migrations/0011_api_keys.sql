-- Of a key only the SHA-256 of its secret is kept: 256 random bits need no slow hash. A revoked one stays, so that the actor of an event
-- (key:<id>) still has a name.
create table api_key (
    profile_id   uuid not null,
    id           uuid not null,
    user_id      uuid not null,            -- its owner: the key never may what its owner may not
    name         text not null,
    digest       bytea not null,
    scopes       text[] not null check (cardinality(scopes) > 0),
    expires_at   timestamptz,
    last_used_at timestamptz,              -- to the minute
    revoked_at   timestamptz,
    created_at   timestamptz not null,
    primary key (profile_id, id)
);
create unique index api_key_id on api_key (id); -- a request names the key, not its profile

-- Lets a browser open an event stream, whose address alone it can choose: for a minute, once. Deleted by its use.
create table stream_ticket (
    digest     bytea primary key,          -- SHA-256
    profile_id uuid not null,
    user_id    uuid not null,
    key_id     uuid,                       -- it was taken with this key, and ends with it
    expires_at timestamptz not null
);
create index stream_ticket_expires_at on stream_ticket (expires_at);
