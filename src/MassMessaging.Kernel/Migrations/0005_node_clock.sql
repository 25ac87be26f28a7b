-- The service's own time as its nodes of one machine last told it, on that machine's monotonic clock: a node that starts carries it on,
-- whatever has been done to the database's clock meanwhile. One row a machine and boot.
create table node_clock (
    boot      text primary key,
    time      timestamptz not null,
    monotonic bigint not null            -- microseconds
);
