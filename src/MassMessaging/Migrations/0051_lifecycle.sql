-- Variants of a campaign's message: [{name, share, messageContent}]; their place is their key, A to E. Frozen at launch like the message.
alter table campaign_content add column variants jsonb;
alter table campaign_frozen add column variants jsonb;

-- View campaign-audience: which variant (its key), and the first reply.
alter table campaign_audience add column variant text;
alter table campaign_audience add column replied_at timestamptz;

-- View campaigns and view campaign-counters: members tried again by a person. A final status waits until the counters have seen them all.
alter table campaign add column requeued bigint not null default 0;
alter table campaign_counters add column requeued bigint not null default 0;

-- View campaign-variant-counters (async): the same sums of each variant.
create table campaign_variant_counters (
    profile_id uuid not null,
    id         uuid not null,
    variant    text not null,
    total      bigint not null default 0,
    pending    bigint not null default 0,
    in_flight  bigint not null default 0,
    sent       bigint not null default 0,
    delivered  bigint not null default 0,
    read       bigint not null default 0,
    replied    bigint not null default 0,
    failed     bigint not null default 0,
    skipped    bigint not null default 0,
    in_doubt   bigint not null default 0,
    requeued   bigint not null default 0,
    primary key (profile_id, id, variant)
);
