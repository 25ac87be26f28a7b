-- What suppressed numbers are hashed with: made once, encrypted, the same for all nodes. Without it nobody can try numbers on the hashes.
create table suppression_key (
    is_only boolean primary key default true check (is_only),
    secret text not null,
    created_at timestamptz not null
);
