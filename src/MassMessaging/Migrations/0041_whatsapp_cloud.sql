-- Meta's Cloud API: a profile's numbers there, the present one and former ones, whose receipts still come.
create table whatsapp_cloud (
    profile_id      uuid not null,
    phone_number_id text not null,
    waba_id         text not null,
    access_token    text not null,                    -- encrypted, as the next two
    app_secret      text not null,
    verify_token    text not null,
    verify_digest   bytea not null,                   -- SHA-256 of the verify token: the handshake names nobody
    proven_at       timestamptz,                      -- Meta took the token for the number; until then another profile may claim it
    disconnected_at timestamptz,                      -- by the advisor: nothing is sent
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (profile_id, phone_number_id),
    constraint whatsapp_cloud_number unique (phone_number_id)
);
create index whatsapp_cloud_verify on whatsapp_cloud (verify_digest);
create index whatsapp_cloud_waba on whatsapp_cloud (waba_id);

-- An advisor's number and a person, as far as Meta's rules need it. Dropped when neither window nor hold is left.
create table whatsapp_pair (
    profile_id uuid not null,
    instance   text not null,
    phone      text not null,                         -- E.164, canonical
    opened_at  timestamptz,                           -- the person's last message: the window is open for 24 h from it
    held_until timestamptz,                           -- the pair limit
    holds      int not null default 0,                -- in a row: the next one is longer
    touched_at timestamptz not null,
    primary key (profile_id, instance, phone)
);
create index whatsapp_pair_touched on whatsapp_pair (touched_at);
