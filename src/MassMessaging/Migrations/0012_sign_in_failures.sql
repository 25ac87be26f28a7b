-- Failed sign-ins with addresses that have no account: they are locked as accounts are, or the lock would tell which have one.
create table sign_in_failure (
    digest       bytea primary key,        -- SHA-256 of the normalized address
    failures     int not null,
    locked_until timestamptz,
    touched_at   timestamptz not null
);
create index sign_in_failure_touched_at on sign_in_failure (touched_at);
