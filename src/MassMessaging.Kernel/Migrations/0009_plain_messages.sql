-- Messages without keys, which no other message can be merged with or wait for, are written without the look for such.
create or replace function send_messages(
    queues text[], types text[], keys text[], ordered boolean[], bodies text[], dues timestamptz[],
    at timestamptz, actor text, correlation text, causation text)
returns void
language plpgsql security definer
set search_path from current as $$
begin
    if current_setting('role') = current_schema() || '_app' and exists (
        select from unnest(bodies) as sent (body)
        where not coalesce((
            select bool_and(named.value #>> '{}' = current_setting('app.tenant_id', true))
            from (select jsonb_path_query(sent.body::jsonb, '$.**.profileId') as value
                  union all select jsonb_path_query(sent.body::jsonb, '$.**.profile')) named), false))
    then
        raise insufficient_privilege using message = 'A request sends messages of its own profile only.';
    end if;

    if keys is null then
        insert into message (queue, type, body, due_at, scheduled_for, sent_at, actor, correlation_id, causation_id)
        select i.queue, i.type, i.body::jsonb, i.due_at, i.due_at, send_messages.at, send_messages.actor, correlation, causation
        from unnest(queues, types, bodies, dues) as i (queue, type, body, due_at);
        return;
    end if;

    -- The advisory locks make messages of one key visible in the order of their ids: without them a later id could commit, and be
    -- handled, first. 256 of them, so that a large batch cannot fill the lock table. `least` skips nulls.
    with input as materialized (
        select * from unnest(queues, types, keys, ordered, bodies, dues) with ordinality
            as input (queue, type, key, is_ordered, body, due_at, place)
    ), locked as materialized (
        select pg_advisory_xact_lock(hashtext(bucket.queue), bucket.number)
        from (select distinct i.queue, hashtext(i.key) & 255 as number from input i where i.is_ordered order by 1, 2) bucket
    )
    insert into message as waiting
        (queue, type, key, is_ordered, body, due_at, scheduled_for, sent_at, actor, correlation_id, causation_id)
    select i.queue, i.type, i.key, i.is_ordered, i.body::jsonb, i.due_at, i.due_at, send_messages.at, send_messages.actor, correlation, causation
    from input i
    where (select count(*) from locked) >= 0
    order by i.place
    on conflict (queue, type, key) where key is not null and not is_ordered and dead_at is null do update set
        body = excluded.body,
        sent_at = excluded.sent_at, actor = excluded.actor,
        correlation_id = excluded.correlation_id, causation_id = excluded.causation_id,
        generation = waiting.generation + waiting.is_leased::int,
        rearm_for = case when waiting.is_leased then least(waiting.rearm_for, excluded.due_at) end,
        due_at = case when waiting.is_leased then waiting.due_at else least(waiting.due_at, excluded.due_at) end,
        scheduled_for = case when waiting.is_leased then waiting.scheduled_for else least(waiting.scheduled_for, excluded.due_at) end;
end
$$;
