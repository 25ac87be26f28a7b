-- Message texts are the advisor's own words: plain rows beside the log, so that they can be erased.
create table campaign_template (
    profile_id    uuid not null,
    id            uuid not null,
    name          text not null,
    content       text not null,
    objective     text,
    meta_template jsonb,
    usage_count   int not null default 0,
    last_used_at  timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (profile_id, id)
);
-- The list's order; a template that was never used stands where it was created.
create index campaign_template_recent on campaign_template (profile_id, coalesce(last_used_at, created_at) desc, id desc);
