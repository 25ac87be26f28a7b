-- How far the gateway was asked for receipts that it never told: per campaign, and per age at which its messages are asked about. State
-- beside the log.
create table receipt_pull (
    profile_id  uuid not null,
    campaign_id uuid not null,
    step        int not null,                -- which of the ages
    asked_to    timestamptz not null,        -- messages sent until then have been asked about at this age
    asking_to   timestamptz,                 -- the round under way; null: none
    after_id    uuid not null default '00000000-0000-0000-0000-000000000000', -- of the round: the last member asked about
    due_at      timestamptz not null,        -- when to go on; a claim pushes it ahead
    primary key (profile_id, campaign_id, step)
);
create index receipt_pull_due on receipt_pull (due_at);
create index campaign_updated on campaign (updated_at);

-- Words by which clients opted out or in again, by the message that held them: a repeat of it does nothing. An opt-out is confirmed once.
create table consent_word (
    profile_id   uuid not null,
    instance     text not null,
    gateway_id   text not null,
    client_id    uuid not null,
    language     text not null,
    at           timestamptz not null,
    confirmation text,                       -- waiting, attempted, sent, failed, given_up; null: nothing to confirm
    primary key (profile_id, instance, gateway_id)
);
create index consent_word_client on consent_word (profile_id, client_id);
