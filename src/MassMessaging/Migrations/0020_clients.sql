-- Clients are plain rows beside the log: all of it is personal data, and deleting a client deletes it.
create table client (
    profile_id uuid not null,
    id uuid not null,
    health_survey_id uuid null,
    name varchar(255) not null,
    -- The name without accents and in lower case, written with the name: search needs no extension of the server.
    search_name text not null,
    phone varchar(16) not null,
    email varchar(254) null,
    label text not null default 'consumidor' check (label in ('consumidor', 'prospecto', 'afiliado')),
    opted_out_at timestamptz null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (profile_id, id),
    -- Only the primary key starts with the profile. A plan made while the table was small, as those that foreign keys keep per connection,
    -- else took one of these for (profile_id, id) and read all clients of the profile: 100,000 rows were imported in six minutes.
    constraint client_phone unique (phone, profile_id)
);

create index client_label on client (label, profile_id, id);

create table client_note (
    profile_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    note varchar(4000) not null,
    created_at timestamptz not null,
    primary key (profile_id, client_id, id),
    foreign key (profile_id, client_id) references client (profile_id, id) on delete cascade
);

-- History, never changed: who agreed or declined, how it is known, and since when.
create table client_consent (
    profile_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    kind text not null check (kind in ('consent', 'opt_out', 'opt_in')),
    source text not null,
    reason text null,
    at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (profile_id, client_id, id),
    foreign key (profile_id, client_id) references client (profile_id, id) on delete cascade
);

-- Numbers that opted out and were erased: a keyed hash, so that the number cannot be read back but a re-import knows it.
create table suppressed_number (
    profile_id uuid not null,
    phone_hash bytea not null,
    opted_out_at timestamptz not null,
    primary key (profile_id, phone_hash)
);
