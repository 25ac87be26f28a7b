create table whatsapp_config (
    profile_id     uuid primary key,
    gateway        text not null,
    instance       text not null,
    webhook_secret text,                              -- encrypted; made at the first connect, then kept: retries still carry it
    state          text not null default 'close',     -- open, connecting, close: as the gateway last said
    state_since    timestamptz not null,
    state_reason   text,
    phone          text,                              -- E.164, of the linked number
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    constraint whatsapp_config_instance unique (instance)
);

-- A name once used stays with its profile: at the gateway, whoever names an instance commands the number linked to it.
create table whatsapp_instance (
    instance   text primary key,
    profile_id uuid not null,
    claimed_at timestamptz not null
);
create index whatsapp_instance_profile on whatsapp_instance (profile_id);

-- A profile without a row has the configured defaults.
create table whatsapp_pacing (
    profile_id    uuid primary key,
    messages      int not null,
    per_seconds   int not null,
    spread        boolean not null,
    jitter        double precision not null,
    burst         int,
    max_in_flight int,
    policies      jsonb not null,
    updated_at    timestamptz not null
);
