-- Who was contacted since: what a count of those without contact leaves out.
create index client_contact_recent on client_contact (profile_id, last_contact_at);

-- Members of a campaign by status, whichever it is. It takes the places of two: the one of those pending alone, and the one by campaign and
-- id, for a member's id begins as its campaign's does (MemberId), so the primary key holds a campaign's members together and in order.
-- A change of status, which no index with the status lets be a HOT update, so writes three index entries as before, and a launch one less.
create index campaign_audience_status on campaign_audience (profile_id, campaign_id, status, id);
drop index campaign_audience_pending;
drop index campaign_audience_page;

-- Few enough to cost nothing until somebody replies.
create index campaign_audience_replied on campaign_audience (profile_id, campaign_id, id) where replied_at is not null;

-- What clients answered: personal data, erased with the client.
create table campaign_reply (
    profile_id  uuid not null,
    id          uuid not null,
    campaign_id uuid not null,
    member_id   uuid not null,
    client_id   uuid not null,
    text        text not null,
    at          timestamptz not null,
    primary key (profile_id, campaign_id, id)
);
create index campaign_reply_client on campaign_reply (profile_id, client_id);
