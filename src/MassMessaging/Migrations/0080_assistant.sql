-- What a profile's day has cost so far: used and reserved together, so that one row, locked by one statement, decides.
create table assistant_budget (
    profile_id uuid not null,
    day        date not null,                -- of the profile's time zone
    tokens     bigint not null,
    cost       numeric(20,10) not null,      -- US dollars
    primary key (profile_id, day)
);

-- What calls under way may cost at most. One that outlives its node expires, and is given back.
create table assistant_reservation (
    profile_id uuid not null,
    id         uuid not null,
    day        date not null,
    tokens     bigint not null,
    cost       numeric(20,10) not null,
    expires_at timestamptz not null,
    primary key (profile_id, id)
);
create index assistant_reservation_expires on assistant_reservation (expires_at);

-- One row a call to the model; what was answered without one (from the cache, from a template) has a row of attempt 0.
create table assistant_log (
    profile_id        uuid not null,
    id                uuid not null,
    request_id        uuid not null,
    user_id           uuid not null,
    kind              text not null,
    attempt           int not null,
    at                timestamptz not null,
    prompt_version    text not null,
    model             text not null,
    objective         text,
    tone              text,
    language          text not null,
    label             text,
    client_id         uuid,
    prompt            text,                  -- what the model was told; null once erased
    answer            text,                  -- as it came; null once erased
    verdict           text not null,
    problems          jsonb not null,        -- [{code, reason}]
    prompt_tokens     int not null,
    completion_tokens int not null,
    cost              numeric(20,10) not null,
    latency_ms        int not null,
    is_last           boolean not null,      -- its verdict is the request's
    request_ms        int not null,          -- since the request began
    erased_at         timestamptz,
    primary key (profile_id, id)
);
create index assistant_log_page on assistant_log (profile_id, id desc);
create index assistant_log_at on assistant_log (profile_id, at);
create index assistant_log_client on assistant_log (profile_id, client_id) where client_id is not null;
create index assistant_log_texts on assistant_log (at) where prompt is not null or answer is not null;

-- What the assistant proposed. The text is null once erased.
create table assistant_variation (
    profile_id uuid not null,
    id         uuid not null,
    request_id uuid not null,
    client_id  uuid,
    kind       text not null,
    objective  text,
    language   text not null,
    text       text,
    created_at timestamptz not null,
    primary key (profile_id, id)
);
create index assistant_variation_request on assistant_variation (profile_id, request_id);
create index assistant_variation_client on assistant_variation (profile_id, client_id) where client_id is not null;
create index assistant_variation_texts on assistant_variation (created_at) where text is not null;

-- What became of it: the campaign or template that says it came from there, and how much of it was changed.
create table assistant_choice (
    profile_id    uuid not null,
    variation_id  uuid not null,
    target        text not null,             -- campaign or template
    target_id     uuid not null,
    chosen_at     timestamptz not null,
    edit_distance int not null,              -- characters put in, taken out or replaced
    length        int not null,              -- of the longer of the two texts
    primary key (profile_id, variation_id, target_id)
);

-- Answers by what they were made of. They cost nothing when they are asked for again.
create table assistant_cache (
    profile_id uuid not null,
    key        bytea not null,               -- SHA-256 of prompt version, model and inputs
    client_id  uuid,
    answer     jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (profile_id, key)
);
create index assistant_cache_client on assistant_cache (profile_id, client_id) where client_id is not null;
create index assistant_cache_expires on assistant_cache (expires_at);
