-- The advisor's identification as frozen at launch; null: switched off then.
alter table campaign_frozen add column identification_text text;

-- Who was told by whom they are written to: the first message ever sent to a client carries the identification, over all campaigns and
-- nodes. Claimed with the mark of the attempt, given back if that surely was not sent; state beside the log, never rebuilt.
create table client_identified (
    profile_id uuid not null,
    client_id  uuid not null,
    member_id  uuid,                          -- null: written to before there was this table
    message_id uuid,                          -- the attempt that carries it
    claimed_at timestamptz not null,
    primary key (profile_id, client_id)
);

insert into client_identified (profile_id, client_id, claimed_at)
select profile_id, client_id, min(at)
from (select profile_id, id as client_id, last_contact_at as at from client_contact
      union all
      select profile_id, client_id, attempted_at from campaign_audience
      where attempted_at is not null and (sent_at is not null or status in ('sending', 'in_doubt'))) as written_to
group by profile_id, client_id;

-- The frequency cap counts a client's messages of the last days.
drop index campaign_audience_client;
create index campaign_audience_client on campaign_audience (profile_id, client_id, attempted_at);
