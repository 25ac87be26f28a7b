-- Rebuilds outlive the process that works on them: what is done stands here and in the shadow table, and any node goes on with it.
create table view_rebuild (
    profile_id  uuid not null,             -- whose part; zeros for the whole view
    name        text not null,
    state       text not null,             -- running, done, failed, cancelled
    fingerprint text not null,             -- of the view as it was asked for: a node that knows another version leaves it alone
    position    bigint not null default 0, -- place in the log up to which the shadow's rows are committed
    processed   bigint not null default 0, -- place in the log that its worker has told
    total       bigint not null default 0,
    resumed     int not null default 0,    -- how often it went on where another process had left it
    actor       text not null,
    started_at  timestamptz not null,
    finished_at timestamptz,
    failed_seq  bigint,                    -- the event that it failed on
    error       text,
    primary key (profile_id, name)
);
create index view_rebuild_running on view_rebuild (started_at) where state = 'running';

-- By which version of its fold a view's rows were made.
create table view_version (
    name        text primary key,
    fingerprint text not null,
    at          timestamptz not null
);
