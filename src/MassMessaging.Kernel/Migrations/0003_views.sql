-- What mt_event_progression has no room for: a view that an event has stopped, and what a person let it pass over.
create table view_stop (
    name   text primary key,
    seq_id bigint not null,
    error  text not null,
    at     timestamptz not null
);

create table view_skip (
    name   text not null,
    seq_id bigint not null,
    note   text not null,
    actor  text not null,
    at     timestamptz not null,
    primary key (name, seq_id)
);
