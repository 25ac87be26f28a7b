-- Verified exports of finished campaigns, outside of the database: docs/decisions/0019. Nothing in the log depends on them.
create table campaign_archive (
    profile_id  uuid not null,
    campaign_id uuid not null,
    file        text not null,        -- below ARCHIVE_FOLDER
    events      bigint not null,
    seq         bigint not null,      -- of the last event in it
    hash        bytea not null,       -- of that event: what the file must lead to
    bytes       bigint not null,
    archived_at timestamptz not null,
    actor       text not null,
    primary key (profile_id, campaign_id)
);
