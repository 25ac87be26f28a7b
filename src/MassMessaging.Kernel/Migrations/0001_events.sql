-- Marten 9's event tables: Guid streams, conjoined tenancy, all metadata on (compared with Marten 9.29's EventsTable, StreamsTable and
-- EventProgressionTable). No column or trigger of ours is ever added to them.
create table mt_streams (
    tenant_id   varchar not null default '*DEFAULT*',
    id          uuid not null,
    type        varchar,
    version     bigint,
    timestamp   timestamptz not null default (now()),
    created     timestamptz not null default (now()),
    is_archived bool default false,
    constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
);

create sequence mt_events_sequence;

create table mt_events (
    seq_id         bigint not null,
    id             uuid not null,
    stream_id      uuid,
    version        bigint not null,
    data           jsonb not null,
    bdata          bytea,
    type           varchar(500) not null,
    timestamp      timestamptz not null default (now()),
    tenant_id      varchar default '*DEFAULT*',
    mt_dotnet_type varchar,
    correlation_id varchar,
    causation_id   varchar,
    headers        jsonb,
    user_name      varchar,
    is_archived    bool default false,
    constraint pkey_mt_events_seq_id primary key (seq_id)
);
create unique index pk_mt_events_stream_and_version on mt_events (tenant_id, stream_id, version);
alter table mt_events add constraint fkey_mt_events_stream_id_tenant_id foreign key (tenant_id, stream_id) references mt_streams (tenant_id, id);
alter sequence mt_events_sequence owned by mt_events.seq_id;

create table mt_event_progression (
    name         varchar not null,
    last_seq_id  bigint,
    last_updated timestamptz default (transaction_timestamp()),
    constraint pk_mt_event_progression primary key (name)
);
