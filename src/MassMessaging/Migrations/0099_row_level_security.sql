-- The kernel gives every table with a profile_id its policies. These are the others that a request needs.
do $$
begin
    execute format('grant select, update on profile to %I', current_schema() || '_app');
    execute format(
        'create policy own_profile on profile to %I using (id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
        current_schema() || '_app');
    execute format('create policy every_profile on profile to %I using (true) with check (true)', current_schema() || '_worker');
    -- Encrypted: who reads the row has no secret yet.
    execute format('grant select, insert on suppression_key to %I', current_schema() || '_app');
end
$$;
alter table profile enable row level security;

-- As before, but a request without a profile finds nothing.
create or replace function client_search(
    profile uuid, keys tsquery, words text[], mail text, phones text[], only_label text, contacted_before timestamptz, behind uuid, most int)
returns table (client_id uuid, total bigint)
language plpgsql stable security definer rows 50
set search_path from current set enable_seqscan = off as $$
begin
    if current_setting('role') = current_schema() || '_app'
        and coalesce(current_setting('app.tenant_id', true), '') <> profile::text
    then
        return;
    end if;

    return query
    with found as materialized (
        select client.id
        from client
        where client_search_keys(client.profile_id, client.search_name, client.phone, client.email) @@ keys
          and client.profile_id is not distinct from profile
          and (client.search_name like all (words) or lower(client.email) like mail or client.phone like any (phones))
          and (only_label is null or client.label = only_label)
          and (contacted_before is null or not exists (
                select from client_contact contact
                where contact.profile_id = client.profile_id and contact.id = client.id and contact.last_contact_at >= contacted_before)))
    select found.id, (select count(*) from found)
    from found
    where behind is null or found.id < behind
    order by found.id desc
    limit most;
end
$$;
