-- Durable messages. due_at is schedule, lease and back-off in one column; scheduled_for keeps when the message was wanted.
create table message (
    id             bigint generated always as identity primary key,
    queue          text not null,
    type           text not null,
    key            text,
    is_ordered     boolean not null default false,
    body           jsonb not null,
    due_at         timestamptz not null,     -- never before scheduled_for
    scheduled_for  timestamptz not null,
    attempt        int not null default 0,   -- claims so far, never lowered: every completion is fenced by it
    given_back     int not null default 0,   -- claims that do not count as attempts (shutdown, database away, replay)
    generation     int not null default 0,   -- raised when a keyed message is sent again while leased: the completion is fenced by it
    rearm_for      timestamptz,              -- when that second message is wanted
    is_leased      boolean not null default false,
    sent_at        timestamptz not null,
    actor          text not null,
    correlation_id text,
    causation_id   text,
    error          text,                     -- of the last attempt; never personal data
    dead_at        timestamptz
) with (fillfactor = 70);
-- No index holds due_at, attempt or is_leased: claims, heartbeats and back-offs stay heap-only updates.
create index message_scheduled on message (queue, scheduled_for, id) where dead_at is null;
create unique index message_key on message (queue, type, key) where key is not null and not is_ordered and dead_at is null;
create index message_order on message (queue, key, id) where is_ordered;
create index message_dead on message (id) where dead_at is not null;

create table node (
    id         uuid primary key,
    name       text not null,
    started_at timestamptz not null,
    seen_at    timestamptz not null
);
