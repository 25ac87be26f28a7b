-- Accounts are local sign-ins only; a profile may also belong to a user whom an external issuer knows, hence no foreign key.
create table account (
    id                  uuid primary key,
    email               text not null,
    normalized_email    text not null unique,
    email_confirmed     boolean not null,
    password_hash       text,
    security_stamp      text not null,
    concurrency_stamp   text not null,
    lockout_enabled     boolean not null,
    lockout_end         timestamptz,
    access_failed_count int not null,
    two_factor_enabled  boolean not null,
    authenticator_key   text,              -- encrypted
    recovery_codes      text,              -- encrypted
    created_at          timestamptz not null
);

create table profile (
    id                     uuid primary key,
    user_id                uuid not null unique,
    display_name           text not null,
    business_name          text,
    slug                   text not null unique,
    phone                  text,
    country                text not null,
    time_zone              text not null,
    language               text not null,
    identification_enabled boolean not null,
    identification_text    text not null,
    assistant_persona      text,
    assistant_tone         text,
    assistant_specialties  text[] not null,
    assistant_banned_terms text[] not null,
    version                bigint not null,
    created_at             timestamptz not null,
    updated_at             timestamptz not null
);

-- The key ring that bearer tokens and stored secrets are protected with: shared by all nodes, kept over restarts.
create table data_protection_key (
    id         bigint generated always as identity primary key,
    name       text not null,
    xml        text not null,
    created_at timestamptz not null
);
