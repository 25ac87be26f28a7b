-- POSTs that carried an Idempotency-Key: claimed while they run, done with their first commit, answered for 24 hours.
create table idempotent_request (
    profile_id    uuid not null,
    key           bytea not null,            -- SHA-256: a key may say more than it should
    request       bytea not null,            -- SHA-256 of method, address and body
    attempt       uuid not null,             -- fences a run whose claim has ended
    claimed_at    timestamptz not null,
    claimed_until timestamptz not null,
    is_done       boolean not null default false,
    erasures      bigint not null,           -- of the profile, when it was claimed
    answer        bytea,                     -- encrypted; null until it is known, and when it is not kept
    mentions      uuid[],                    -- ids in request and answer; null: too many to tell
    primary key (profile_id, key)
);
create index idempotent_request_claimed_at on idempotent_request (claimed_at);

-- How often a profile has erased clients: an answer made before an erasure must not be kept after it.
create table idempotent_erasure (
    profile_id uuid primary key,
    erasures   bigint not null
);
