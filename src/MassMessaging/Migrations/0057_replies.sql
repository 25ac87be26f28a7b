-- WhatsApp's privacy ids of people who wrote, with the phone that stood beside them: later messages may show the id alone.
create table whatsapp_alias (
    profile_id uuid not null,
    alias      text not null,
    phone      text not null,
    seen_at    timestamptz not null,
    primary key (profile_id, alias)
);
