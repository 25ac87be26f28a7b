-- What the advisor must know. Written in the transaction of its cause; numbered after it (see NumberNotifications), so that a stream that
-- has read to a number has missed none.
create table notification (
    profile_id  uuid not null,
    id          uuid not null,
    seq         bigint,                       -- per profile, in the order of commits; null until numbered
    code        text not null,
    campaign_id uuid,
    text        text not null,
    at          timestamptz not null,
    read_at     timestamptz,
    once        text,                         -- the same thing is told once per profile
    primary key (profile_id, id)
);
create unique index notification_once on notification (profile_id, once) where once is not null;
create index notification_page on notification (profile_id, at desc, id desc);
create index notification_unread on notification (profile_id, at desc, id desc) where read_at is null;
create index notification_seq on notification (profile_id, seq);
create index notification_old on notification (at);

create table notification_counter (
    profile_id uuid primary key,
    last       bigint not null
);

-- Where a profile wants its notifications sent. No row: nowhere.
create table notification_webhook (
    profile_id        uuid primary key,
    url               text not null,
    secret            text not null,          -- encrypted
    events            text[] not null,        -- empty: all
    last_delivered_at timestamptz,
    last_failed_at    timestamptz,
    last_failure      text,                   -- a stable code, never what the other side said
    created_at        timestamptz not null,
    updated_at        timestamptz not null
);

-- When the advisor was told that the lane stands still; null again once it goes on.
alter table lane add column hold_told_at timestamptz;
