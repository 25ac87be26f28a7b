-- Which database this is, whatever its rows say: a restored dump is another one, a failover or recovery to a point in time another timeline.
create function database_identity() returns text language plpgsql stable security definer set search_path from current as $$
declare
    server text := '';
begin
    begin
        select system_identifier::text into server from pg_control_system();
    exception when insufficient_privilege then null; -- some hosted servers: the rest tells dumps and failovers
    end;
    return format(
        '%s/%s/%s/%s', server, left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (select oid from pg_database where datname = current_database()), 'mt_events'::regclass::oid);
end
$$;

-- The database that the service last worked with, and until when. In a restored one the row tells of the database that was dumped.
create table known_database (
    identity   text not null,
    alive_at   timestamptz,                   -- a node that sends was there
    is_stopped boolean not null,              -- the last of them left in good order
    lost_from  timestamptz                    -- a person's word on what time the copy is of
);
insert into known_database (identity, is_stopped) values (database_identity(), true);

-- Campaigns that may have sent in a time of which this database knows nothing: state beside the log. None of their waiting members goes
-- before the gateway was asked what it sent in that time.
create table campaign_restore (
    profile_id  uuid not null,
    campaign_id uuid not null,
    lost_from   timestamptz not null,
    lost_until  timestamptz not null,
    asked_at    timestamptz,                  -- a claim: others leave it alone for a minute
    checked_at  timestamptz,
    primary key (profile_id, campaign_id)
);
create index campaign_under_way on campaign (profile_id, id) where status in ('sending', 'paused');
