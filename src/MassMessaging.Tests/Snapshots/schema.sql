CREATE INDEX assistant_cache_client ON assistant_cache USING btree (profile_id, client_id) WHERE (client_id IS NOT NULL)

CREATE INDEX assistant_cache_expires ON assistant_cache USING btree (expires_at)

CREATE INDEX assistant_choice_target ON assistant_choice USING btree (profile_id, target_id)

CREATE INDEX assistant_log_at ON assistant_log USING btree (profile_id, at)

CREATE INDEX assistant_log_client ON assistant_log USING btree (profile_id, client_id) WHERE (client_id IS NOT NULL)

CREATE INDEX assistant_log_page ON assistant_log USING btree (profile_id, id DESC)

CREATE INDEX assistant_log_texts ON assistant_log USING btree (at) WHERE ((prompt IS NOT NULL) OR (answer IS NOT NULL) OR (objective IS NOT NULL))

CREATE INDEX assistant_reservation_expires ON assistant_reservation USING btree (expires_at)

CREATE INDEX assistant_variation_client ON assistant_variation USING btree (profile_id, client_id) WHERE (client_id IS NOT NULL)

CREATE INDEX assistant_variation_request ON assistant_variation USING btree (profile_id, request_id)

CREATE INDEX assistant_variation_texts ON assistant_variation USING btree (created_at) WHERE ((text IS NOT NULL) OR (objective IS NOT NULL))

CREATE INDEX campaign_audience_client ON campaign_audience USING btree (profile_id, client_id, attempted_at)

CREATE INDEX campaign_audience_in_doubt ON campaign_audience USING btree (attempted_at) WHERE (status = 'in_doubt'::text)

CREATE INDEX campaign_audience_replied ON campaign_audience USING btree (profile_id, campaign_id, id) WHERE (replied_at IS NOT NULL)

CREATE INDEX campaign_audience_sending ON campaign_audience USING btree (attempted_at) WHERE (status = 'sending'::text)

CREATE INDEX campaign_audience_status ON campaign_audience USING btree (profile_id, campaign_id, status, id)

CREATE INDEX campaign_content_campaign ON campaign_content USING btree (profile_id, campaign_id)

CREATE INDEX campaign_durations_time ON campaign_durations USING btree (profile_id, starts_at)

CREATE INDEX campaign_figures_time ON campaign_figures USING btree (profile_id, starts_at)

CREATE INDEX campaign_reply_client ON campaign_reply USING btree (profile_id, client_id)

CREATE INDEX campaign_sending ON campaign USING btree (profile_id, id) WHERE (status = 'sending'::text)

CREATE INDEX campaign_started ON campaign USING btree (profile_id, started_at) WHERE (started_at IS NOT NULL)

CREATE INDEX campaign_template_recent ON campaign_template USING btree (profile_id, COALESCE(last_used_at, created_at) DESC, id DESC)

CREATE INDEX campaign_under_way ON campaign USING btree (profile_id, id) WHERE (status = ANY (ARRAY['sending'::text, 'paused'::text]))

CREATE INDEX campaign_updated ON campaign USING btree (updated_at)

CREATE INDEX client_contact_recent ON client_contact USING btree (profile_id, last_contact_at)

CREATE INDEX client_count_profile ON client_count USING btree (profile_id, label)

CREATE INDEX client_label ON client USING btree (label, profile_id, id)

CREATE INDEX client_search ON client USING gin (client_search_keys(profile_id, search_name, (phone)::text, (email)::text)) WITH (fastupdate='on', gin_pending_list_limit='512')

CREATE INDEX client_wrote_at ON client_wrote USING btree (at)

CREATE INDEX consent_word_client ON consent_word USING btree (profile_id, client_id)

CREATE INDEX gateway_message_member ON gateway_message USING btree (profile_id, member_id) WHERE (member_id IS NOT NULL)

CREATE INDEX gateway_message_parked ON gateway_message USING btree (created_at) WHERE (member_id IS NULL)

CREATE INDEX health_survey_client ON health_survey USING btree (client_id, profile_id) WHERE (client_id IS NOT NULL)

CREATE INDEX health_survey_phone ON health_survey USING btree (phone, profile_id) WHERE (phone IS NOT NULL)

CREATE INDEX idempotent_request_claimed_at ON idempotent_request USING btree (claimed_at)

CREATE INDEX lane_next ON lane USING btree (next_at)

CREATE INDEX member_doubt_due ON member_doubt USING btree (due_at)

CREATE INDEX message_dead ON message USING btree (id) WHERE (dead_at IS NOT NULL)

CREATE INDEX message_order ON message USING btree (queue, key, id) WHERE is_ordered

CREATE INDEX message_scheduled ON message USING btree (queue, scheduled_for, id) WHERE (dead_at IS NULL)

CREATE INDEX notification_old ON notification USING btree (at)

CREATE INDEX notification_page ON notification USING btree (profile_id, at DESC, id DESC)

CREATE INDEX notification_seq ON notification USING btree (profile_id, seq)

CREATE INDEX notification_unread ON notification USING btree (profile_id, at DESC, id DESC) WHERE (read_at IS NULL)

CREATE INDEX receipt_pull_due ON receipt_pull USING btree (due_at)

CREATE INDEX reply_lane_client ON reply_lane USING btree (profile_id, client_id)

CREATE INDEX reply_lane_next ON reply_lane USING btree (profile_id, until)

CREATE INDEX sign_in_failure_touched_at ON sign_in_failure USING btree (touched_at)

CREATE INDEX stream_ticket_expires_at ON stream_ticket USING btree (expires_at)

CREATE INDEX view_rebuild_running ON view_rebuild USING btree (started_at) WHERE (state = 'running'::text)

CREATE INDEX whatsapp_alias_client ON whatsapp_alias USING btree (profile_id, client_id)

CREATE INDEX whatsapp_cloud_verify ON whatsapp_cloud USING btree (verify_digest)

CREATE INDEX whatsapp_cloud_waba ON whatsapp_cloud USING btree (waba_id)

CREATE INDEX whatsapp_instance_profile ON whatsapp_instance USING btree (profile_id)

CREATE INDEX whatsapp_pair_touched ON whatsapp_pair USING btree (touched_at)

CREATE OR REPLACE FUNCTION client_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'mass_messaging', 'public', 'pg_temp'
AS $function$
begin
    perform client_count_add(n.profile_id, n.label, n.clients)
    from (select profile_id, label, count(*) as clients from added group by profile_id, label order by profile_id, label) n;
    return null;
end
$function$

CREATE OR REPLACE FUNCTION client_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'mass_messaging', 'public', 'pg_temp'
AS $function$
begin
    perform client_count_add(n.profile_id, n.label, n.difference)
    from (select c.profile_id, c.label, sum(c.difference)::bigint as difference
          from (select profile_id, label, 1 as difference from added union all select profile_id, label, -1 from gone) c
          group by c.profile_id, c.label having sum(c.difference) <> 0
          order by c.profile_id, c.label) n;
    return null;
end
$function$

CREATE OR REPLACE FUNCTION client_count_add(profile uuid, of_label text, difference bigint)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'mass_messaging', 'public'
AS $function$
    with taken_in as (
        delete from client_count
        where ctid = any (array(
            select c.ctid from client_count c where c.profile_id = profile and c.label = of_label for update skip locked))
        returning clients)
    insert into client_count (profile_id, label, clients)
    select profile, of_label, difference + coalesce(sum(clients), 0) from taken_in
$function$

CREATE OR REPLACE FUNCTION client_gone()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'mass_messaging', 'public', 'pg_temp'
AS $function$
begin
    perform client_count_add(n.profile_id, n.label, -n.clients)
    from (select profile_id, label, count(*) as clients from gone group by profile_id, label order by profile_id, label) n;
    insert into client_erased (profile_id, id) select profile_id, id from gone;
    return null;
end
$function$

CREATE OR REPLACE FUNCTION client_search(profile uuid, keys tsquery, words text[], mail text, phones text[], only_label text, contacted_before timestamp with time zone, behind uuid, most integer)
 RETURNS TABLE(client_id uuid, total bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'mass_messaging', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
$function$

CREATE OR REPLACE FUNCTION client_search_keys(profile uuid, name text, phone text, email text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
    select array_to_tsvector(
        array_remove(array_remove(string_to_array(
            replace(' ' || translate(name, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', '                                '), ' ', ' ' || right(profile::text, 12) || 'n'),
            ' '), ''), right(profile::text, 12) || 'n')
        -- The signs of a name, one by one: "100%" is found by %.
        || array_remove(string_to_array(
            regexp_replace(translate(name, translate(name, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', ''), ''), '(.)', right(profile::text, 12) || 'n\1 ', 'g'),
            ' '), '')
        || array_remove(array_remove(string_to_array(
            replace(' ' || translate(lower(coalesce(email, '')), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', '                                '), ' ', ' ' || right(profile::text, 12) || 'e'),
            ' '), ''), right(profile::text, 12) || 'e')
        -- E.164 has at most 15 digits. Past the end are keys of less than three digits, which nobody asks for.
        || array[
            right(profile::text, 12) || 'p' || substr(phone, 2, 3), right(profile::text, 12) || 'p' || substr(phone, 3, 3),
            right(profile::text, 12) || 'p' || substr(phone, 4, 3), right(profile::text, 12) || 'p' || substr(phone, 5, 3),
            right(profile::text, 12) || 'p' || substr(phone, 6, 3), right(profile::text, 12) || 'p' || substr(phone, 7, 3),
            right(profile::text, 12) || 'p' || substr(phone, 8, 3), right(profile::text, 12) || 'p' || substr(phone, 9, 3),
            right(profile::text, 12) || 'p' || substr(phone, 10, 3), right(profile::text, 12) || 'p' || substr(phone, 11, 3),
            right(profile::text, 12) || 'p' || substr(phone, 12, 3), right(profile::text, 12) || 'p' || substr(phone, 13, 3),
            right(profile::text, 12) || 'p' || substr(phone, 14, 3)])
$function$

CREATE OR REPLACE FUNCTION database_identity()
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'mass_messaging', 'public', 'pg_temp'
AS $function$
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
$function$

CREATE OR REPLACE FUNCTION send_messages(queues text[], types text[], keys text[], ordered boolean[], bodies text[], dues timestamp with time zone[], at timestamp with time zone, actor text, correlation text, causation text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'mass_messaging', 'public', 'pg_temp'
AS $function$
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
$function$

CREATE TRIGGER client_added AFTER INSERT ON client REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION client_added()

CREATE TRIGGER client_changed AFTER UPDATE ON client REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION client_changed()

CREATE TRIGGER client_gone AFTER DELETE ON client REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION client_gone()

CREATE UNIQUE INDEX account_normalized_email_key ON account USING btree (normalized_email)

CREATE UNIQUE INDEX account_pkey ON account USING btree (id)

CREATE UNIQUE INDEX api_key_id ON api_key USING btree (id)

CREATE UNIQUE INDEX api_key_pkey ON api_key USING btree (profile_id, id)

CREATE UNIQUE INDEX assistant_budget_pkey ON assistant_budget USING btree (profile_id, day)

CREATE UNIQUE INDEX assistant_cache_pkey ON assistant_cache USING btree (profile_id, key)

CREATE UNIQUE INDEX assistant_choice_pkey ON assistant_choice USING btree (profile_id, variation_id, target_id)

CREATE UNIQUE INDEX assistant_log_pkey ON assistant_log USING btree (profile_id, id)

CREATE UNIQUE INDEX assistant_reservation_pkey ON assistant_reservation USING btree (profile_id, id)

CREATE UNIQUE INDEX assistant_variation_pkey ON assistant_variation USING btree (profile_id, id)

CREATE UNIQUE INDEX audit_chain_pkey ON audit_chain USING btree (profile_id, id, seq)

CREATE UNIQUE INDEX campaign_archive_pkey ON campaign_archive USING btree (profile_id, campaign_id)

CREATE UNIQUE INDEX campaign_audience_pkey ON campaign_audience USING btree (profile_id, id)

CREATE UNIQUE INDEX campaign_canary_pkey ON campaign_canary USING btree (profile_id, campaign_id)

CREATE UNIQUE INDEX campaign_content_pkey ON campaign_content USING btree (profile_id, id)

CREATE UNIQUE INDEX campaign_counters_pkey ON campaign_counters USING btree (profile_id, id)

CREATE UNIQUE INDEX campaign_durations_pkey ON campaign_durations USING btree (profile_id, id, starts_at, kind, at_least)

CREATE UNIQUE INDEX campaign_excluded_pkey ON campaign_excluded USING btree (profile_id, campaign_id, client_id)

CREATE UNIQUE INDEX campaign_figures_pkey ON campaign_figures USING btree (profile_id, id, starts_at, label, variant, reason)

CREATE UNIQUE INDEX campaign_frozen_pkey ON campaign_frozen USING btree (profile_id, campaign_id)

CREATE UNIQUE INDEX campaign_pkey ON campaign USING btree (profile_id, id)

CREATE UNIQUE INDEX campaign_recipient_pkey ON campaign_recipient USING btree (profile_id, member_id)

CREATE UNIQUE INDEX campaign_reply_once ON campaign_reply USING btree (profile_id, gateway_id)

CREATE UNIQUE INDEX campaign_reply_pkey ON campaign_reply USING btree (profile_id, campaign_id, id)

CREATE UNIQUE INDEX campaign_restore_pkey ON campaign_restore USING btree (profile_id, campaign_id)

CREATE UNIQUE INDEX campaign_scan_pkey ON campaign_scan USING btree (profile_id, campaign_id)

CREATE UNIQUE INDEX campaign_template_pkey ON campaign_template USING btree (profile_id, id)

CREATE UNIQUE INDEX campaign_variant_counters_pkey ON campaign_variant_counters USING btree (profile_id, id, variant)

CREATE UNIQUE INDEX client_consent_pkey ON client_consent USING btree (profile_id, client_id, id)

CREATE UNIQUE INDEX client_contact_pkey ON client_contact USING btree (profile_id, id)

CREATE UNIQUE INDEX client_erased_pkey ON client_erased USING btree (profile_id, id)

CREATE UNIQUE INDEX client_identified_pkey ON client_identified USING btree (profile_id, client_id)

CREATE UNIQUE INDEX client_note_pkey ON client_note USING btree (profile_id, client_id, id)

CREATE UNIQUE INDEX client_phone ON client USING btree (phone, profile_id)

CREATE UNIQUE INDEX client_pkey ON client USING btree (profile_id, id)

CREATE UNIQUE INDEX client_wrote_pkey ON client_wrote USING btree (profile_id, client_id)

CREATE UNIQUE INDEX consent_word_pkey ON consent_word USING btree (profile_id, instance, gateway_id)

CREATE UNIQUE INDEX data_protection_key_pkey ON data_protection_key USING btree (id)

CREATE UNIQUE INDEX gateway_message_pkey ON gateway_message USING btree (instance, gateway_id)

CREATE UNIQUE INDEX health_survey_pkey ON health_survey USING btree (profile_id, id)

CREATE UNIQUE INDEX idempotent_erasure_pkey ON idempotent_erasure USING btree (profile_id)

CREATE UNIQUE INDEX idempotent_request_pkey ON idempotent_request USING btree (profile_id, key)

CREATE UNIQUE INDEX lane_pkey ON lane USING btree (profile_id)

CREATE UNIQUE INDEX lane_text_pkey ON lane_text USING btree (profile_id, day, fingerprint)

CREATE UNIQUE INDEX launch_half_pkey ON launch_half USING btree (profile_id, campaign_id)

CREATE UNIQUE INDEX member_doubt_pkey ON member_doubt USING btree (profile_id, member_id)

CREATE UNIQUE INDEX member_resolution_pkey ON member_resolution USING btree (profile_id, member_id, message_id)

CREATE UNIQUE INDEX message_key ON message USING btree (queue, type, key) WHERE ((key IS NOT NULL) AND (NOT is_ordered) AND (dead_at IS NULL))

CREATE UNIQUE INDEX message_pkey ON message USING btree (id)

CREATE UNIQUE INDEX migration_pkey ON migration USING btree (name)

CREATE UNIQUE INDEX node_clock_pkey ON node_clock USING btree (boot)

CREATE UNIQUE INDEX node_pkey ON node USING btree (id)

CREATE UNIQUE INDEX notification_counter_pkey ON notification_counter USING btree (profile_id)

CREATE UNIQUE INDEX notification_once ON notification USING btree (profile_id, once) WHERE (once IS NOT NULL)

CREATE UNIQUE INDEX notification_pkey ON notification USING btree (profile_id, id)

CREATE UNIQUE INDEX notification_webhook_pkey ON notification_webhook USING btree (profile_id)

CREATE UNIQUE INDEX pk_mt_event_progression ON mt_event_progression USING btree (name)

CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (tenant_id, stream_id, version)

CREATE UNIQUE INDEX pkey_mt_events_seq_id ON mt_events USING btree (seq_id)

CREATE UNIQUE INDEX pkey_mt_streams_tenant_id_id ON mt_streams USING btree (tenant_id, id)

CREATE UNIQUE INDEX profile_pkey ON profile USING btree (id)

CREATE UNIQUE INDEX profile_slug_key ON profile USING btree (slug)

CREATE UNIQUE INDEX profile_user_id_key ON profile USING btree (user_id)

CREATE UNIQUE INDEX receipt_pull_pkey ON receipt_pull USING btree (profile_id, campaign_id, step)

CREATE UNIQUE INDEX reply_lane_pkey ON reply_lane USING btree (profile_id, member_id)

CREATE UNIQUE INDEX sign_in_failure_pkey ON sign_in_failure USING btree (digest)

CREATE UNIQUE INDEX stream_ticket_pkey ON stream_ticket USING btree (digest)

CREATE UNIQUE INDEX suppressed_number_pkey ON suppressed_number USING btree (profile_id, phone_hash)

CREATE UNIQUE INDEX suppression_key_pkey ON suppression_key USING btree (is_only)

CREATE UNIQUE INDEX view_rebuild_pkey ON view_rebuild USING btree (profile_id, name)

CREATE UNIQUE INDEX view_skip_pkey ON view_skip USING btree (name, seq_id)

CREATE UNIQUE INDEX view_stop_pkey ON view_stop USING btree (name)

CREATE UNIQUE INDEX view_version_pkey ON view_version USING btree (name)

CREATE UNIQUE INDEX whatsapp_alias_pkey ON whatsapp_alias USING btree (profile_id, alias)

CREATE UNIQUE INDEX whatsapp_cloud_number ON whatsapp_cloud USING btree (phone_number_id)

CREATE UNIQUE INDEX whatsapp_cloud_pkey ON whatsapp_cloud USING btree (profile_id, phone_number_id)

CREATE UNIQUE INDEX whatsapp_config_instance ON whatsapp_config USING btree (instance)

CREATE UNIQUE INDEX whatsapp_config_pkey ON whatsapp_config USING btree (profile_id)

CREATE UNIQUE INDEX whatsapp_instance_pkey ON whatsapp_instance USING btree (instance)

CREATE UNIQUE INDEX whatsapp_pacing_pkey ON whatsapp_pacing USING btree (profile_id)

CREATE UNIQUE INDEX whatsapp_pair_pkey ON whatsapp_pair USING btree (profile_id, instance, phone)

constraint account_normalized_email_key on account UNIQUE (normalized_email)

constraint account_pkey on account PRIMARY KEY (id)

constraint api_key_pkey on api_key PRIMARY KEY (profile_id, id)

constraint api_key_scopes_check on api_key CHECK ((cardinality(scopes) > 0))

constraint assistant_budget_pkey on assistant_budget PRIMARY KEY (profile_id, day)

constraint assistant_cache_pkey on assistant_cache PRIMARY KEY (profile_id, key)

constraint assistant_choice_pkey on assistant_choice PRIMARY KEY (profile_id, variation_id, target_id)

constraint assistant_log_pkey on assistant_log PRIMARY KEY (profile_id, id)

constraint assistant_reservation_pkey on assistant_reservation PRIMARY KEY (profile_id, id)

constraint assistant_variation_pkey on assistant_variation PRIMARY KEY (profile_id, id)

constraint audit_chain_pkey on audit_chain PRIMARY KEY (profile_id, id, seq)

constraint campaign_archive_pkey on campaign_archive PRIMARY KEY (profile_id, campaign_id)

constraint campaign_audience_pkey on campaign_audience PRIMARY KEY (profile_id, id)

constraint campaign_canary_pkey on campaign_canary PRIMARY KEY (profile_id, campaign_id)

constraint campaign_content_pkey on campaign_content PRIMARY KEY (profile_id, id)

constraint campaign_counters_pkey on campaign_counters PRIMARY KEY (profile_id, id)

constraint campaign_durations_pkey on campaign_durations PRIMARY KEY (profile_id, id, starts_at, kind, at_least)

constraint campaign_excluded_pkey on campaign_excluded PRIMARY KEY (profile_id, campaign_id, client_id)

constraint campaign_figures_pkey on campaign_figures PRIMARY KEY (profile_id, id, starts_at, label, variant, reason)

constraint campaign_frozen_pkey on campaign_frozen PRIMARY KEY (profile_id, campaign_id)

constraint campaign_pkey on campaign PRIMARY KEY (profile_id, id)

constraint campaign_recipient_pkey on campaign_recipient PRIMARY KEY (profile_id, member_id)

constraint campaign_reply_pkey on campaign_reply PRIMARY KEY (profile_id, campaign_id, id)

constraint campaign_restore_pkey on campaign_restore PRIMARY KEY (profile_id, campaign_id)

constraint campaign_scan_pkey on campaign_scan PRIMARY KEY (profile_id, campaign_id)

constraint campaign_template_pkey on campaign_template PRIMARY KEY (profile_id, id)

constraint campaign_variant_counters_pkey on campaign_variant_counters PRIMARY KEY (profile_id, id, variant)

constraint client_consent_kind_check on client_consent CHECK ((kind = ANY (ARRAY['consent'::text, 'opt_out'::text, 'opt_in'::text])))

constraint client_consent_pkey on client_consent PRIMARY KEY (profile_id, client_id, id)

constraint client_consent_profile_id_client_id_fkey on client_consent FOREIGN KEY (profile_id, client_id) REFERENCES client(profile_id, id) ON DELETE CASCADE

constraint client_contact_pkey on client_contact PRIMARY KEY (profile_id, id)

constraint client_erased_pkey on client_erased PRIMARY KEY (profile_id, id)

constraint client_identified_pkey on client_identified PRIMARY KEY (profile_id, client_id)

constraint client_label_check on client CHECK ((label = ANY (ARRAY['consumidor'::text, 'prospecto'::text, 'afiliado'::text])))

constraint client_note_pkey on client_note PRIMARY KEY (profile_id, client_id, id)

constraint client_note_profile_id_client_id_fkey on client_note FOREIGN KEY (profile_id, client_id) REFERENCES client(profile_id, id) ON DELETE CASCADE

constraint client_phone on client UNIQUE (phone, profile_id)

constraint client_pkey on client PRIMARY KEY (profile_id, id)

constraint client_wrote_pkey on client_wrote PRIMARY KEY (profile_id, client_id)

constraint consent_word_pkey on consent_word PRIMARY KEY (profile_id, instance, gateway_id)

constraint data_protection_key_pkey on data_protection_key PRIMARY KEY (id)

constraint fkey_mt_events_stream_id_tenant_id on mt_events FOREIGN KEY (tenant_id, stream_id) REFERENCES mt_streams(tenant_id, id)

constraint gateway_message_pkey on gateway_message PRIMARY KEY (instance, gateway_id)

constraint health_survey_pkey on health_survey PRIMARY KEY (profile_id, id)

constraint idempotent_erasure_pkey on idempotent_erasure PRIMARY KEY (profile_id)

constraint idempotent_request_pkey on idempotent_request PRIMARY KEY (profile_id, key)

constraint lane_pkey on lane PRIMARY KEY (profile_id)

constraint lane_text_pkey on lane_text PRIMARY KEY (profile_id, day, fingerprint)

constraint launch_half_pkey on launch_half PRIMARY KEY (profile_id, campaign_id)

constraint member_doubt_pkey on member_doubt PRIMARY KEY (profile_id, member_id)

constraint member_resolution_pkey on member_resolution PRIMARY KEY (profile_id, member_id, message_id)

constraint message_pkey on message PRIMARY KEY (id)

constraint migration_pkey on migration PRIMARY KEY (name)

constraint node_clock_pkey on node_clock PRIMARY KEY (boot)

constraint node_pkey on node PRIMARY KEY (id)

constraint notification_counter_pkey on notification_counter PRIMARY KEY (profile_id)

constraint notification_pkey on notification PRIMARY KEY (profile_id, id)

constraint notification_webhook_pkey on notification_webhook PRIMARY KEY (profile_id)

constraint pk_mt_event_progression on mt_event_progression PRIMARY KEY (name)

constraint pkey_mt_events_seq_id on mt_events PRIMARY KEY (seq_id)

constraint pkey_mt_streams_tenant_id_id on mt_streams PRIMARY KEY (tenant_id, id)

constraint profile_pkey on profile PRIMARY KEY (id)

constraint profile_slug_key on profile UNIQUE (slug)

constraint profile_user_id_key on profile UNIQUE (user_id)

constraint receipt_pull_pkey on receipt_pull PRIMARY KEY (profile_id, campaign_id, step)

constraint reply_lane_pkey on reply_lane PRIMARY KEY (profile_id, member_id)

constraint sign_in_failure_pkey on sign_in_failure PRIMARY KEY (digest)

constraint stream_ticket_pkey on stream_ticket PRIMARY KEY (digest)

constraint suppressed_number_pkey on suppressed_number PRIMARY KEY (profile_id, phone_hash)

constraint suppression_key_is_only_check on suppression_key CHECK (is_only)

constraint suppression_key_pkey on suppression_key PRIMARY KEY (is_only)

constraint view_rebuild_pkey on view_rebuild PRIMARY KEY (profile_id, name)

constraint view_skip_pkey on view_skip PRIMARY KEY (name, seq_id)

constraint view_stop_pkey on view_stop PRIMARY KEY (name)

constraint view_version_pkey on view_version PRIMARY KEY (name)

constraint whatsapp_alias_pkey on whatsapp_alias PRIMARY KEY (profile_id, alias)

constraint whatsapp_cloud_number on whatsapp_cloud UNIQUE (phone_number_id)

constraint whatsapp_cloud_pkey on whatsapp_cloud PRIMARY KEY (profile_id, phone_number_id)

constraint whatsapp_config_instance on whatsapp_config UNIQUE (instance)

constraint whatsapp_config_pkey on whatsapp_config PRIMARY KEY (profile_id)

constraint whatsapp_instance_pkey on whatsapp_instance PRIMARY KEY (instance)

constraint whatsapp_pacing_pkey on whatsapp_pacing PRIMARY KEY (profile_id)

constraint whatsapp_pair_pkey on whatsapp_pair PRIMARY KEY (profile_id, instance, phone)

policy every_profile on api_key PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on assistant_budget PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on assistant_cache PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on assistant_choice PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on assistant_log PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on assistant_reservation PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on assistant_variation PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on audit_chain PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_archive PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_audience PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_canary PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_content PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_counters PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_durations PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_excluded PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_figures PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_frozen PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_recipient PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_reply PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_restore PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_scan PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_template PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on campaign_variant_counters PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_consent PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_contact PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_count PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_erased PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_identified PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_note PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on client_wrote PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on consent_word PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on gateway_message PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on health_survey PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on idempotent_erasure PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on idempotent_request PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on lane PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on lane_text PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on launch_half PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on member_doubt PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on member_resolution PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on mt_events PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on mt_streams PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on notification PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on notification_counter PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on notification_webhook PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on profile PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on receipt_pull PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on reply_lane PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on stream_ticket PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on suppressed_number PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on view_rebuild PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on whatsapp_alias PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on whatsapp_cloud PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on whatsapp_config PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on whatsapp_instance PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on whatsapp_pacing PERMISSIVE ALL {mass_messaging_worker} true true

policy every_profile on whatsapp_pair PERMISSIVE ALL {mass_messaging_worker} true true

policy own_profile on api_key PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on assistant_budget PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on assistant_cache PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on assistant_choice PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on assistant_log PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on assistant_reservation PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on assistant_variation PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on audit_chain PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_archive PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_audience PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_canary PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_content PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_counters PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_durations PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_excluded PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_figures PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_frozen PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_recipient PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_reply PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_restore PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_scan PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_template PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on campaign_variant_counters PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_consent PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_contact PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_count PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_erased PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_identified PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_note PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on client_wrote PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on consent_word PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on gateway_message PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on health_survey PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on idempotent_erasure PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on idempotent_request PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on lane PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on lane_text PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on launch_half PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on member_doubt PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on member_resolution PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on mt_events PERMISSIVE ALL {mass_messaging_app} ((tenant_id)::text = current_setting('app.tenant_id'::text, true)) ((tenant_id)::text = current_setting('app.tenant_id'::text, true))

policy own_profile on mt_streams PERMISSIVE ALL {mass_messaging_app} ((tenant_id)::text = current_setting('app.tenant_id'::text, true)) ((tenant_id)::text = current_setting('app.tenant_id'::text, true))

policy own_profile on notification PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on notification_counter PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on notification_webhook PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on profile PERMISSIVE ALL {mass_messaging_app} (id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on receipt_pull PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on reply_lane PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on stream_ticket PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on suppressed_number PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on view_rebuild PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on whatsapp_alias PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on whatsapp_cloud PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on whatsapp_config PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on whatsapp_instance PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on whatsapp_pacing PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

policy own_profile on whatsapp_pair PERMISSIVE ALL {mass_messaging_app} (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) (profile_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

sequence data_protection_key_id_seq

sequence message_id_seq

sequence mt_events_sequence

table account
    access_failed_count integer not null
    authenticator_key text
    concurrency_stamp text not null
    created_at timestamp with time zone not null
    email text not null
    email_confirmed boolean not null
    id uuid not null
    lockout_enabled boolean not null
    lockout_end timestamp with time zone
    normalized_email text not null
    password_hash text
    recovery_codes text
    security_stamp text not null
    two_factor_enabled boolean not null

table api_key row level security
    created_at timestamp with time zone not null
    digest bytea not null
    expires_at timestamp with time zone
    id uuid not null
    last_used_at timestamp with time zone
    name text not null
    profile_id uuid not null
    revoked_at timestamp with time zone
    scopes text[] not null
    user_id uuid not null

table assistant_budget row level security
    cost numeric(20,10) not null
    day date not null
    profile_id uuid not null
    tokens bigint not null

table assistant_cache row level security
    answer jsonb not null
    client_id uuid
    created_at timestamp with time zone not null
    expires_at timestamp with time zone not null
    key bytea not null
    profile_id uuid not null

table assistant_choice row level security
    chosen_at timestamp with time zone not null
    edit_distance integer not null
    length integer not null
    profile_id uuid not null
    target text not null
    target_id uuid not null
    variation_id uuid not null

table assistant_log row level security
    answer text
    at timestamp with time zone not null
    attempt integer not null
    client_id uuid
    completion_tokens integer not null
    cost numeric(20,10) not null
    erased_at timestamp with time zone
    id uuid not null
    is_last boolean not null
    kind text not null
    label text
    language text not null
    latency_ms integer not null
    model text not null
    objective text
    problems jsonb not null
    profile_id uuid not null
    prompt text
    prompt_tokens integer not null
    prompt_version text not null
    request_id uuid not null
    request_ms integer not null
    tone text
    user_id uuid not null
    verdict text not null

table assistant_reservation row level security
    cost numeric(20,10) not null
    day date not null
    expires_at timestamp with time zone not null
    id uuid not null
    profile_id uuid not null
    tokens bigint not null

table assistant_variation row level security
    client_id uuid
    created_at timestamp with time zone not null
    id uuid not null
    kind text not null
    language text not null
    objective text
    profile_id uuid not null
    request_id uuid not null
    text text

table audit_chain row level security
    hash bytea not null
    id uuid not null
    place bigint not null
    previous_seq bigint
    profile_id uuid not null
    seq bigint not null

table campaign row level security
    content_id uuid not null
    created_at timestamp with time zone not null
    id uuid not null
    included bigint
    is_planned boolean not null
    profile_id uuid not null
    requeued bigint not null default 0
    scheduled_at timestamp with time zone
    sent_at timestamp with time zone
    started_at timestamp with time zone
    status text not null
    status_reason text
    template_id uuid
    updated_at timestamp with time zone not null
    version bigint not null

table campaign_archive row level security
    actor text not null
    archived_at timestamp with time zone not null
    bytes bigint not null
    campaign_id uuid not null
    events bigint not null
    file text not null
    hash bytea not null
    profile_id uuid not null
    seq bigint not null

table campaign_audience row level security
    attempted_at timestamp with time zone
    attempts integer not null
    campaign_id uuid not null
    client_id uuid not null
    delivered_at timestamp with time zone
    failed_at timestamp with time zone
    id uuid not null
    label text
    profile_id uuid not null
    queued_at timestamp with time zone not null
    read_at timestamp with time zone
    reason text
    replied_at timestamp with time zone
    sent_at timestamp with time zone
    status text not null
    variant text
    version bigint not null
    whatsapp_message_id uuid

table campaign_canary row level security
    campaign_id uuid not null
    first integer not null
    granted integer not null default 0
    max_failed_ratio double precision not null
    passed_at timestamp with time zone
    profile_id uuid not null
    until timestamp with time zone
    wait_seconds integer not null

table campaign_content row level security
    audience jsonb not null
    campaign_id uuid not null
    created_at timestamp with time zone not null
    id uuid not null
    message_content text not null
    meta_template jsonb
    name text not null
    objective text not null
    profile_id uuid not null
    variants jsonb

table campaign_counters row level security
    delivered bigint not null default 0
    failed bigint not null default 0
    id uuid not null
    in_doubt bigint not null default 0
    in_flight bigint not null default 0
    pending bigint not null default 0
    profile_id uuid not null
    read bigint not null default 0
    replied bigint not null default 0
    requeued bigint not null default 0
    sent bigint not null default 0
    skipped bigint not null default 0
    total bigint not null default 0

table campaign_durations with (fillfactor=70) row level security
    at_least integer not null
    id uuid not null
    kind text not null
    profile_id uuid not null
    samples bigint not null default 0
    starts_at timestamp with time zone not null

table campaign_excluded row level security
    campaign_id uuid not null
    client_id uuid not null
    profile_id uuid not null
    reason text not null

table campaign_figures with (fillfactor=70) row level security
    delivered bigint not null default 0
    deliveries bigint not null default 0
    delivery_milliseconds bigint not null default 0
    failed bigint not null default 0
    id uuid not null
    in_doubt bigint not null default 0
    in_flight bigint not null default 0
    label text not null
    profile_id uuid not null
    read bigint not null default 0
    reason text not null
    replied bigint not null default 0
    requeued bigint not null default 0
    send_milliseconds bigint not null default 0
    sends bigint not null default 0
    sent bigint not null default 0
    skipped bigint not null default 0
    starts_at timestamp with time zone not null
    total bigint not null default 0
    variant text not null

table campaign_frozen row level security
    advisor_name text not null
    advisor_phone text not null
    business_name text not null
    campaign_id uuid not null
    identification_text text
    message_content text not null
    profile_id uuid not null
    time_zone text not null
    variants jsonb

table campaign_recipient row level security
    error_message text
    member_id uuid not null
    name text not null
    phone text not null
    profile_id uuid not null

table campaign_reply row level security
    at timestamp with time zone not null
    campaign_id uuid not null
    client_id uuid not null
    gateway_id text
    id uuid not null
    member_id uuid not null
    profile_id uuid not null
    text text not null

table campaign_restore row level security
    asked_at timestamp with time zone
    campaign_id uuid not null
    checked_at timestamp with time zone
    lost_from timestamp with time zone not null
    lost_until timestamp with time zone not null
    profile_id uuid not null

table campaign_scan row level security
    after uuid not null
    asleep_until timestamp with time zone
    campaign_id uuid not null
    held_by text
    held_until timestamp with time zone
    profile_id uuid not null
    rescan_at timestamp with time zone
    step integer not null
    wakes_at timestamp with time zone
    wakes_by text

table campaign_template row level security
    content text not null
    created_at timestamp with time zone not null
    id uuid not null
    last_used_at timestamp with time zone
    meta_template jsonb
    name text not null
    objective text
    profile_id uuid not null
    updated_at timestamp with time zone not null
    usage_count integer not null default 0

table campaign_variant_counters row level security
    delivered bigint not null default 0
    failed bigint not null default 0
    id uuid not null
    in_doubt bigint not null default 0
    in_flight bigint not null default 0
    pending bigint not null default 0
    profile_id uuid not null
    read bigint not null default 0
    replied bigint not null default 0
    requeued bigint not null default 0
    sent bigint not null default 0
    skipped bigint not null default 0
    total bigint not null default 0
    variant text not null

table client row level security
    created_at timestamp with time zone not null
    email character varying(254)
    health_survey_id uuid
    id uuid not null
    label text not null default 'consumidor'::text
    name character varying(255) not null
    opted_out_at timestamp with time zone
    phone character varying(16) not null
    profile_id uuid not null
    search_name text not null
    updated_at timestamp with time zone not null

table client_consent row level security
    at timestamp with time zone not null
    client_id uuid not null
    id uuid not null
    kind text not null
    profile_id uuid not null
    reason text
    recorded_at timestamp with time zone not null
    recorded_by text not null
    source text not null

table client_contact row level security
    id uuid not null
    last_contact_at timestamp with time zone not null
    profile_id uuid not null

table client_count row level security
    clients bigint not null
    label text not null
    profile_id uuid not null

table client_erased row level security
    id uuid not null
    profile_id uuid not null

table client_identified row level security
    claimed_at timestamp with time zone not null
    client_id uuid not null
    member_id uuid
    message_id uuid
    profile_id uuid not null

table client_note row level security
    client_id uuid not null
    created_at timestamp with time zone not null
    id uuid not null
    note character varying(4000) not null
    profile_id uuid not null

table client_wrote row level security
    at timestamp with time zone not null
    client_id uuid not null
    profile_id uuid not null

table consent_word row level security
    at timestamp with time zone not null
    client_id uuid not null
    confirmation text
    gateway_id text not null
    instance text not null
    language text not null
    profile_id uuid not null

table data_protection_key
    created_at timestamp with time zone not null
    id bigint not null identity
    name text not null
    xml text not null

table gateway_message with (fillfactor=70) row level security
    created_at timestamp with time zone not null
    delivered_at timestamp with time zone
    failed_at timestamp with time zone
    failed_code text
    gateway_id text not null
    instance text not null
    member_id uuid
    message_id uuid
    profile_id uuid
    read_at timestamp with time zone

table health_survey row level security
    answers jsonb not null
    client_id uuid
    created_at timestamp with time zone not null
    id uuid not null
    phone character varying(16)
    profile_id uuid not null
    visitor_email character varying(254)
    visitor_name character varying(255) not null
    visitor_phone character varying(40)

table idempotent_erasure row level security
    erasures bigint not null
    profile_id uuid not null

table idempotent_request row level security
    answer bytea
    attempt uuid not null
    claimed_at timestamp with time zone not null
    claimed_until timestamp with time zone not null
    erasures bigint not null
    is_done boolean not null default false
    key bytea not null
    mentions uuid[]
    profile_id uuid not null
    request bytea not null

table known_database
    alive_at timestamp with time zone
    identity text not null
    is_stopped boolean not null
    lost_from timestamp with time zone

table lane row level security
    breaker_bad integer not null default 0
    breaker_good integer not null default 0
    breaker_probe_at timestamp with time zone
    breaker_until timestamp with time zone
    day date
    epoch bigint not null default 0
    granted_today integer not null default 0
    held_by text
    held_until timestamp with time zone
    hold_told_at timestamp with time zone
    holds integer not null default 0
    next_at timestamp with time zone not null
    owner uuid
    profile_id uuid not null
    ring bytea not null default '\x'::bytea
    turn uuid

table lane_text row level security
    day date not null
    fingerprint bytea not null
    granted integer not null
    profile_id uuid not null

table launch_half row level security
    campaign_id uuid not null
    ended integer not null
    excluded bigint not null
    included bigint not null
    profile_id uuid not null

table member_doubt row level security
    asked integer not null default 0
    due_at timestamp with time zone not null
    member_id uuid not null
    message_id uuid not null
    profile_id uuid not null

table member_resolution row level security
    actor text not null
    at timestamp with time zone not null
    member_id uuid not null
    message_id uuid not null
    note character varying(4000) not null
    outcome text not null
    profile_id uuid not null

table message with (fillfactor=70)
    actor text not null
    attempt integer not null default 0
    body jsonb not null
    causation_id text
    correlation_id text
    dead_at timestamp with time zone
    due_at timestamp with time zone not null
    error text
    generation integer not null default 0
    given_back integer not null default 0
    holder uuid
    id bigint not null identity
    is_leased boolean not null default false
    is_ordered boolean not null default false
    key text
    queue text not null
    rearm_for timestamp with time zone
    scheduled_for timestamp with time zone not null
    sent_at timestamp with time zone not null
    type text not null

table migration
    applied_at timestamp with time zone not null
    name text not null

table mt_event_progression
    last_seq_id bigint
    last_updated timestamp with time zone default transaction_timestamp()
    name character varying not null

table mt_events row level security
    bdata bytea
    causation_id character varying
    correlation_id character varying
    data jsonb not null
    headers jsonb
    id uuid not null
    is_archived boolean default false
    mt_dotnet_type character varying
    seq_id bigint not null
    stream_id uuid
    tenant_id character varying default '*DEFAULT*'::character varying
    timestamp timestamp with time zone not null default now()
    type character varying(500) not null
    user_name character varying
    version bigint not null

table mt_streams with (fillfactor=70) row level security
    created timestamp with time zone not null default now()
    id uuid not null
    is_archived boolean default false
    tenant_id character varying not null default '*DEFAULT*'::character varying
    timestamp timestamp with time zone not null default now()
    type character varying
    version bigint

table node
    id uuid not null
    name text not null
    seen_at timestamp with time zone not null
    started_at timestamp with time zone not null

table node_clock
    boot text not null
    monotonic bigint not null
    time timestamp with time zone not null

table notification row level security
    at timestamp with time zone not null
    campaign_id uuid
    code text not null
    id uuid not null
    once text
    profile_id uuid not null
    read_at timestamp with time zone
    seq bigint
    text text not null

table notification_counter row level security
    last bigint not null
    profile_id uuid not null

table notification_webhook row level security
    created_at timestamp with time zone not null
    events text[] not null
    last_delivered_at timestamp with time zone
    last_failed_at timestamp with time zone
    last_failure text
    profile_id uuid not null
    secret text not null
    updated_at timestamp with time zone not null
    url text not null

table profile row level security
    assistant_banned_terms text[] not null
    assistant_persona text
    assistant_specialties text[] not null
    assistant_tone text
    business_name text
    country text not null
    created_at timestamp with time zone not null
    display_name text not null
    id uuid not null
    identification_enabled boolean not null
    identification_text text not null
    language text not null
    phone text
    slug text not null
    time_zone text not null
    updated_at timestamp with time zone not null
    user_id uuid not null
    version bigint not null

table receipt_pull row level security
    after_id uuid not null default '00000000-0000-0000-0000-000000000000'::uuid
    asked_to timestamp with time zone not null
    asking_to timestamp with time zone
    campaign_id uuid not null
    due_at timestamp with time zone not null
    profile_id uuid not null
    step integer not null

table reply_lane row level security
    campaign_id uuid not null
    client_id uuid not null
    member_id uuid not null
    profile_id uuid not null
    until timestamp with time zone not null

table sign_in_failure
    digest bytea not null
    failures integer not null
    locked_until timestamp with time zone
    touched_at timestamp with time zone not null

table stream_ticket row level security
    digest bytea not null
    expires_at timestamp with time zone not null
    key_id uuid
    profile_id uuid not null
    user_id uuid not null

table suppressed_number row level security
    opted_out_at timestamp with time zone not null
    phone_hash bytea not null
    profile_id uuid not null

table suppression_key
    created_at timestamp with time zone not null
    is_only boolean not null default true
    secret text not null

table view_rebuild row level security
    actor text not null
    error text
    failed_seq bigint
    fingerprint text not null
    finished_at timestamp with time zone
    name text not null
    position bigint not null default 0
    processed bigint not null default 0
    profile_id uuid not null
    resumed integer not null default 0
    started_at timestamp with time zone not null
    state text not null
    total bigint not null default 0

table view_skip
    actor text not null
    at timestamp with time zone not null
    name text not null
    note text not null
    seq_id bigint not null

table view_stop
    at timestamp with time zone not null
    error text not null
    name text not null
    seq_id bigint not null

table view_version
    at timestamp with time zone not null
    fingerprint text not null
    name text not null

table whatsapp_alias row level security
    alias text not null
    client_id uuid not null
    profile_id uuid not null
    seen_at timestamp with time zone not null

table whatsapp_cloud row level security
    access_token text not null
    app_secret text not null
    created_at timestamp with time zone not null
    disconnected_at timestamp with time zone
    phone_number_id text not null
    profile_id uuid not null
    proven_at timestamp with time zone
    updated_at timestamp with time zone not null
    verify_digest bytea not null
    verify_token text not null
    waba_id text not null

table whatsapp_config row level security
    closed_at timestamp with time zone
    created_at timestamp with time zone not null
    gateway text not null
    instance text not null
    phone text
    profile_id uuid not null
    state text not null default 'close'::text
    state_checked_at timestamp with time zone
    state_reason text
    state_since timestamp with time zone not null
    updated_at timestamp with time zone not null
    was_open boolean not null default false
    webhook_secret text

table whatsapp_instance row level security
    claimed_at timestamp with time zone not null
    instance text not null
    profile_id uuid not null

table whatsapp_pacing row level security
    burst integer
    jitter double precision not null
    max_in_flight integer
    messages integer not null
    per_seconds integer not null
    policies jsonb not null
    profile_id uuid not null
    spread boolean not null
    updated_at timestamp with time zone not null

table whatsapp_pair row level security
    held_until timestamp with time zone
    holds integer not null default 0
    instance text not null
    opened_at timestamp with time zone
    phone text not null
    profile_id uuid not null
    touched_at timestamp with time zone not null

