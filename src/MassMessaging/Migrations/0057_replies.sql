-- WhatsApp's privacy ids of clients, seen where their phones stood beside them: later messages may show the id alone.
create table whatsapp_alias (
    profile_id uuid not null,
    alias      text not null,
    client_id  uuid not null,
    seen_at    timestamptz not null,
    primary key (profile_id, alias)
);
create index whatsapp_alias_client on whatsapp_alias (profile_id, client_id);

-- The gateway's id tells a message that comes again, whenever and as an answer to whatever.
alter table campaign_reply add column gateway_id text;
create unique index campaign_reply_once on campaign_reply (profile_id, gateway_id);
